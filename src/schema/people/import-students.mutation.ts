import type { Prisma } from '../../generated/prisma/client.ts'
import { email, globalId, list, maybe, record, text, timezone } from '../input-values.ts'
import { enrollStudents } from '../learning/enroll-students.ts'
import { getOpenCourse } from '../learning/get-course.ts'
import { mutation } from '../mutation.ts'
import { rows } from '../payload.ts'
import { newRowId } from '../row-id.ts'
import { badInput, issue } from '../validate.ts'
import { type ImportedRow, ImportedStudent } from './imported-student.type.ts'

const maxRows = 1_000

interface ImportRow {
  readonly email: string
  readonly name: string
  readonly timezone?: string | undefined
}

mutation('importStudents', {
  description:
    'Makes accounts for students, and enrolls them in a course when one is named; who has an account already keeps it as it is. All or nothing: a single bad row fails the whole call, and all bad rows are listed.',
  allow: ['ADMIN'],
  input: {
    rows: list(
      record('ImportStudentRow', 'A student to import.', {
        email: email().describe('Their address, by which an account is found; once in a call.'),
        name: text(120).describe('Their name, at most 120 characters; of a new account only.'),
        timezone: maybe(timezone()).describe(
          'Their IANA time zone, of a new account only; `UTC` when left out.',
        ),
      }),
      { max: maxRows },
    ).describe('The students, at most 1,000 of them.'),
    courseId: maybe(globalId('Course')).describe('An ACTIVE course to enroll them all in.'),
  },
  check({ rows }, fault) {
    const seen = new Map<string, number>()
    for (const [index, { email }] of rows.entries()) {
      const first = seen.get(email)
      if (first === undefined) seen.set(email, index)
      else fault(['rows', index, 'email'], `repeats "input.rows.${first}.email"`)
    }
  },
  payload: {
    results: rows<ImportedRow>(
      ImportedStudent,
      'What became of each row, in the order of the rows.',
    ),
  },
  async run({ input, tx, viewer }) {
    const course = input.courseId && (await getOpenCourse(tx, viewer, input.courseId))
    const created = await createMissing(tx, input.rows)
    const idByEmail = await findStudents(tx, input.rows)
    const students = input.rows.flatMap(({ email }) => idByEmail.get(email) ?? [])
    if (course) await enrollStudents(tx, course.id, students)
    return {
      results: students.map((user) => ({
        user,
        status: created.has(user) ? 'CREATED' : 'EXISTING',
      })),
    }
  },
})

/** Ids of the accounts made. In the order of addresses, so that two imports never block each other. */
async function createMissing(
  tx: Prisma.TransactionClient,
  rows: readonly ImportRow[],
): Promise<ReadonlySet<string>> {
  const sorted = [...rows].sort((a, b) => (a.email < b.email ? -1 : 1))
  const inserted = await tx.$queryRaw<{ id: string }[]>`
    INSERT INTO "User" ("id", "email", "name", "timezone")
    SELECT * FROM unnest(
      ${sorted.map(newRowId)}::uuid[],
      ${sorted.map(({ email }) => email)}::text[],
      ${sorted.map(({ name }) => name)}::text[],
      ${sorted.map(({ timezone }) => timezone ?? 'UTC')}::text[]
    )
    ON CONFLICT ("email") DO NOTHING
    RETURNING "id"`
  return new Set(inserted.map(({ id }) => id))
}

/** The accounts of all rows, kept from deletion. Throws when one of them is not a student's. */
async function findStudents(
  tx: Prisma.TransactionClient,
  rows: readonly ImportRow[],
): Promise<ReadonlyMap<string, string>> {
  const users = await tx.$queryRaw<{ id: string; email: string; role: string }[]>`
    SELECT "id", "email", "role"::text FROM "User"
    WHERE "email" = ANY(${rows.map(({ email }) => email)}::text[]) ORDER BY "id" FOR KEY SHARE`
  const others = new Set(users.filter(({ role }) => role !== 'STUDENT').map(({ email }) => email))
  const issues = rows.flatMap(({ email }, index) =>
    others.has(email)
      ? [
          issue(
            ['input', 'rows', index, 'email'],
            'is the address of somebody who is not a student',
          ),
        ]
      : [],
  )
  if (issues.length > 0) throw badInput(issues)
  return new Map(users.map(({ email, id }) => [email, id]))
}
