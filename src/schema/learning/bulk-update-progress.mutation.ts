import type { ErrorCode } from '../../errors.ts'
import type { EnrollmentStatus, Prisma } from '../../generated/prisma/client.ts'
import type { Writer } from '../authorize.ts'
import { globalId, list, progress, record } from '../input-values.ts'
import { lockRows } from '../lock-row.ts'
import { mutation } from '../mutation.ts'
import { many } from '../payload.ts'
import { inputError, issue } from '../validate.ts'
import { whereVisible } from '../visible-where.ts'
import { Enrollment, enrollmentVisible } from './enrollment.type.ts'

const maxRows = 1_000

mutation('bulkUpdateProgress', {
  description:
    "Notes how far the students of the viewer's courses are. All or nothing: a single row that cannot be changed fails the whole call.",
  allow: ['TEACHER', 'ADMIN'],
  input: {
    rows: list(
      record('ProgressRow', 'How far one student is.', {
        enrollmentId: globalId('Enrollment').describe(
          "An ACTIVE enrollment in one of the viewer's courses; once in a call.",
        ),
        progress: progress().describe('From 0 to 1; 1 completes the enrollment.'),
      }),
      { max: maxRows },
    ).describe('The rows, at most 1,000 of them.'),
  },
  check({ rows }, fault) {
    const seen = new Set<string>()
    for (const [index, { enrollmentId }] of rows.entries()) {
      if (seen.has(enrollmentId)) fault(['rows', index, 'enrollmentId'], 'is there twice')
      seen.add(enrollmentId)
    }
  },
  payload: { enrollments: many(Enrollment, 'The enrollments, in the order of the rows.') },
  async run({ input: { rows }, tx, viewer }) {
    const ids = rows.map(({ enrollmentId }) => enrollmentId)
    await keepActiveAndOwn(tx, viewer, ids)
    const progresses = rows.map(({ progress }) => progress)
    await tx.$executeRaw`
      UPDATE "Enrollment" AS e
      SET "progress" = given.progress, "updatedAt" = now(),
        "status" = CASE WHEN given.progress = 1 THEN 'COMPLETED' ELSE 'ACTIVE' END::"EnrollmentStatus"
      FROM unnest(${ids}::uuid[], ${progresses}::float8[]) AS given(id, progress)
      WHERE e."id" = given.id`
    return { enrollments: ids }
  },
})

/** Locks the enrollments, and throws unless the viewer may change all of them. */
async function keepActiveAndOwn(
  tx: Prisma.TransactionClient,
  viewer: Writer,
  ids: readonly string[],
): Promise<void> {
  await lockRows(tx, 'Enrollment', ids, 'change')
  const found = await tx.enrollment.findMany({
    where: { id: { in: [...ids] }, AND: whereVisible(viewer, 'Enrollment', enrollmentVisible) },
    select: { id: true, status: true, course: { select: { teacherId: true } } },
  })
  const byId = new Map(found.map((enrollment) => [enrollment.id, enrollment]))
  const refuse = (code: ErrorCode, fault: string, isBad: (row: Found | undefined) => boolean) => {
    const issues = ids.flatMap((id, index) =>
      isBad(byId.get(id)) ? [issue(['input', 'rows', index, 'enrollmentId'], fault)] : [],
    )
    if (issues.length > 0) throw inputError(code, issues)
  }
  const isOwn = (row: Found | undefined) =>
    viewer.role === 'ADMIN' || row?.course.teacherId === viewer.id
  refuse('NOT_FOUND', 'there is no such enrollment', (row) => row === undefined)
  refuse('FORBIDDEN', 'is not in a course of the viewer', (row) => !isOwn(row))
  refuse('CONFLICT', 'must be ACTIVE', (row) => row?.status !== 'ACTIVE')
}

interface Found {
  readonly status: EnrollmentStatus
  readonly course: { readonly teacherId: string }
}
