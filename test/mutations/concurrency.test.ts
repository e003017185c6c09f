import { expect, test } from 'vitest'
import { startTestApp } from '../support/start-test-app.ts'
import { testDatabaseKind } from '../support/test-databases.ts'
import { type Called, call, gid } from './call.ts'

function codes(answers: readonly Called[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { code } of answers) {
    const name = String(code ?? 'ok')
    counts[name] = (counts[name] ?? 0) + 1
  }
  return counts
}

test('twenty enrollments of one student at once make one row', async () => {
  await using app = await startTestApp()
  const [student, course] = [await app.rows.user(), await app.rows.course()]
  const input = { courseId: gid('Course', course) }
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => call(app, student, 'enroll', input)),
  )
  expect(codes(answers)).toEqual({ ok: 1, CONFLICT: 19 })
  expect(await app.prisma.enrollment.count()).toBe(1)
})

test('twenty students enroll at once while the course is archived: who got in, got in before', async () => {
  await using app = await startTestApp()
  const course = await app.rows.course()
  const students = await Promise.all(Array.from({ length: 20 }, () => app.rows.user()))
  const input = { courseId: gid('Course', course) }
  const enrolling = students.map((student) => call(app, student, 'enroll', input))
  const archiving = call(app, { id: course.teacherId }, 'archiveCourse', { id: input.courseId })

  const { ok = 0, ...others } = codes(await Promise.all(enrolling))

  expect((await archiving).code).toBeUndefined()
  expect(Object.keys(others).every((code) => code === 'NOT_FOUND')).toBe(true)
  expect(await app.prisma.enrollment.count()).toBe(ok)
})

test('ten refunds at once give the money back once', async () => {
  await using app = await startTestApp()
  const [admin, payment] = [await app.rows.admin(), await app.rows.payment()]
  const input = { id: gid('Payment', payment) }
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => call(app, admin, 'refundPayment', input)),
  )
  expect(codes(answers)).toEqual({ ok: 1, CONFLICT: 9 })
})

test('lessons added, moved and deleted at once stay numbered without gaps', async () => {
  await using app = await startTestApp()
  const course = await app.rows.course()
  const teacher = { id: course.teacherId }
  const courseId = gid('Course', course)
  const lessons: string[] = []
  for (let position = 1; position <= 8; position++) {
    lessons.push(gid('Lesson', await app.rows.lesson({ courseId: course.id, position })))
  }

  const answers = await Promise.all([
    ...Array.from({ length: 5 }, (_, index) =>
      call(app, teacher, 'addLesson', { courseId, title: 'T', body: '', position: index + 1 }),
    ),
    ...Array.from({ length: 5 }, (_, turn) =>
      call(app, teacher, 'reorderLessons', {
        courseId,
        lessonIds: [...lessons.slice(turn), ...lessons.slice(0, turn)],
      }),
    ),
    ...lessons.slice(0, 3).map((id) => call(app, teacher, 'deleteLesson', { id })),
  ])

  // An order that names no longer all lessons, or some that are gone, is refused.
  expect(Object.keys(codes(answers)).filter((code) => code !== 'BAD_USER_INPUT')).toEqual(['ok'])
  const rows = await app.prisma.lesson.findMany({ orderBy: { position: 'asc' } })
  expect(rows.map(({ position }) => position)).toEqual(rows.map((_, index) => index + 1))
  expect(rows).toHaveLength(8 + 5 - 3)
})

test('five whole orders at once leave one of them', async () => {
  await using app = await startTestApp()
  const course = await app.rows.course()
  const lessons: string[] = []
  for (let position = 1; position <= 6; position++) {
    lessons.push((await app.rows.lesson({ courseId: course.id, position })).id)
  }
  const orders = lessons
    .slice(0, 5)
    .map((_, turn) => lessons.toSpliced(0, turn).concat(lessons.slice(0, turn)))
  const answers = await Promise.all(
    orders.map((order) =>
      call(app, { id: course.teacherId }, 'reorderLessons', {
        courseId: gid('Course', course),
        lessonIds: order.map((id) => gid('Lesson', { id })),
      }),
    ),
  )
  expect(codes(answers)).toEqual({ ok: 5 })
  const rows = await app.prisma.lesson.findMany({ orderBy: { position: 'asc' } })
  expect(orders).toContainEqual(rows.map(({ id }) => id))
})

test('two admins who demote each other at once do not both succeed', async () => {
  await using app = await startTestApp()
  const [one, two] = [await app.rows.admin(), await app.rows.admin()]
  const demote = (by: { id: string }, whom: { id: string }) =>
    call(app, by, 'changeRole', { userId: gid('User', whom), role: 'STUDENT' })
  const answers = await Promise.all([demote(one, two), demote(two, one)])
  expect(codes(answers).ok).toBe(1)
  expect(await app.prisma.user.count({ where: { role: 'ADMIN' } })).toBe(1)
})

test('overlapping imports at once make each account once', async () => {
  await using app = await startTestApp()
  const admin = await app.rows.admin()
  const rows = Array.from({ length: 200 }, (_, index) => ({
    email: `student-${index}@example.org`,
    name: `Student ${index}`,
  }))
  const courseId = gid('Course', await app.rows.course())
  const answers = await Promise.all(
    [rows, rows.toReversed(), rows.slice(100), rows.slice(0, 100)].map((part) =>
      call(app, admin, 'importStudents', { rows: part, courseId }, 'results { status }'),
    ),
  )
  expect(codes(answers)).toEqual({ ok: 4 })
  const created = answers
    .flatMap(({ payload }) => payload.results)
    .filter(({ status }) => status === 'CREATED')
  expect(created).toHaveLength(200)
  expect(await app.prisma.enrollment.count()).toBe(200)
})

test('somebody is not deleted while a payment of theirs is recorded', async () => {
  await using app = await startTestApp()
  const [admin, enrollment] = [await app.rows.admin(), await app.rows.enrollment()]
  const [recorded, deleted] = await Promise.all([
    call(app, admin, 'recordPayment', { enrollmentId: gid('Enrollment', enrollment) }),
    call(app, admin, 'deleteUser', { id: gid('User', { id: enrollment.studentId }) }),
  ])
  expect([
    ['ok', 'CONFLICT'],
    ['NOT_FOUND', 'ok'],
  ]).toContainEqual([recorded.code ?? 'ok', deleted.code ?? 'ok'])
})

test('five courses with one slug at once make one course', async () => {
  await using app = await startTestApp()
  const teacher = await app.rows.teacher()
  const input = { title: 'T', slug: 'the-same', summary: 'S', description: '' }
  const answers = await Promise.all(
    Array.from({ length: 5 }, () => call(app, teacher, 'createCourse', input)),
  )
  expect(codes(answers)).toEqual({ ok: 1, CONFLICT: 4 })
})

// On PGlite nothing waits inside a transaction: the next one begins when it is over.
test.runIf(testDatabaseKind() === 'postgresql')(
  'a teacher whose course is being created does not become a student meanwhile',
  async () => {
    await using app = await startTestApp()
    const [admin, teacher] = [await app.rows.admin(), await app.rows.teacher()]
    const input = { userId: gid('User', teacher), role: 'STUDENT' }
    const texts = { title: 'T', slug: 's', summary: 'S', description: 'D' }

    const changing = await app.prisma.$transaction(async (tx) => {
      await tx.course.create({ data: { ...texts, teacherId: teacher.id } })
      let isOver = false
      const answer = call(app, admin, 'changeRole', input).finally(() => {
        isOver = true
      })
      while (!isOver) {
        const [locks] = await app.prisma.$queryRaw<{ waiting: bigint }[]>`
          SELECT count(*) AS waiting FROM pg_stat_activity
          WHERE datname = current_database() AND wait_event_type = 'Lock'`
        if (locks?.waiting) break
      }
      return { answer }
    })

    expect(await changing.answer).toMatchObject({ code: 'CONFLICT', field: 'input.role' })
  },
)
