import { expect, test } from 'vitest'
import { allOf, anyOf, everybody, nobody, parent, role, viewerId } from '../../src/loaders/where.ts'
import type { Rule } from '../../src/schema/builder.ts'
import { whereVisible } from '../../src/schema/visible-where.ts'
import { startTestApp } from '../support/start-test-app.ts'

test('a rule finds through Prisma the rows that it means', async () => {
  await using app = await startTestApp()
  const teacher = await app.rows.teacher()
  const student = await app.rows.user()
  const active = await app.rows.course({ teacherId: teacher.id, title: 'Active', priceCents: 10 })
  const draft = await app.rows.course({ title: 'Draft 100%', status: 'DRAFT', publishedAt: null })
  await app.rows.enrollment({ courseId: draft.id, studentId: student.id })
  const viewer = { id: student.id, role: 'STUDENT' } as const

  const cases: readonly (readonly [Rule<'Course'>, readonly string[]])[] = [
    [everybody, [active.id, draft.id]],
    [nobody, []],
    [role('ADMIN'), []],
    [role('STUDENT', 'ADMIN'), [active.id, draft.id]],
    [{ status: 'ACTIVE' }, [active.id]],
    [{ status: { not: 'ACTIVE' } }, [draft.id]],
    [{ status: { in: ['DRAFT', 'ARCHIVED'] } }, [draft.id]],
    [{ publishedAt: null }, [draft.id]],
    [{ publishedAt: { not: null } }, [active.id]],
    [{ priceCents: { gte: 10, lt: 11 } }, [active.id]],
    [{ priceCents: { gt: 10, lte: 4_900 } }, [draft.id]],
    [{ title: { contains: '100%' } }, [draft.id]],
    [{ title: { contains: 'ACTIVE' } }, [active.id]],
    [{ teacherId: viewerId }, []],
    [{ teacher: { role: 'TEACHER' } }, [active.id, draft.id]],
    [{ enrollments: { some: { studentId: viewerId } } }, [draft.id]],
    [{ enrollments: { some: { student: role('ADMIN') } } }, []],
    [anyOf({ status: 'ACTIVE' }, { enrollments: { some: {} } }), [active.id, draft.id]],
    [allOf({ status: 'ACTIVE' }, { enrollments: { some: {} } }), []],
  ]
  for (const [rule, expected] of cases) {
    const where = whereVisible(viewer, 'Course', rule)
    const found = await app.prisma.course.findMany({ where, select: { id: true } })
    expect(found.map(({ id }) => id).sort()).toEqual([...expected].sort())
  }
  expect(() => whereVisible(viewer, 'Course', { id: parent('courseId') })).toThrow('no parent row')
})
