import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PrismaClient } from '../../src/generated/prisma/client.ts'
import type { Database } from '../../src/sql/database.ts'
import { openPostgresql } from '../../src/sql/postgresql.ts'
import { createRows, type Rows } from '../support/rows.ts'
import {
  createTestDatabase,
  openTestDatabase,
  testDatabaseKind,
} from '../support/test-databases.ts'
import { copyIn } from './copy-in.ts'
import { createProbe } from './probe.ts'

let database: Database
let prisma: PrismaClient
let rows: Rows
let probe: ReturnType<typeof createProbe>

beforeAll(async () => {
  database = await openTestDatabase()
  prisma = new PrismaClient({ adapter: database.adapter })
  rows = createRows(prisma)
  probe = createProbe(database)
})
afterAll(async () => {
  await prisma.$disconnect()
  await database[Symbol.asyncDispose]()
})

async function makeEnrollment() {
  const { id, courseId, studentId } = await rows.enrollment()
  return { id, courseId, studentId }
}

describe('a statement on one row', () => {
  test('an insert announces the sets that the row enters, and never a row', async () => {
    const courseId = (await rows.course()).id
    const studentId = (await rows.user()).id

    expect(await probe.tagsOf(() => rows.enrollment({ courseId, studentId }))).toEqual(
      [
        'Enrollment.*',
        `Enrollment.courseId=${courseId}`,
        `Enrollment.studentId=${studentId}`,
        'Enrollment~',
      ].sort(),
    )
  })

  test('an update announces the row, and each column that changed over each of its sets', async () => {
    const { id, courseId, studentId } = await makeEnrollment()

    expect(
      await probe.tagsOf(
        `UPDATE "Enrollment" SET progress = 0.5, status = 'ACTIVE' WHERE id = '${id}'`,
      ),
    ).toEqual(
      [
        'Enrollment.*/progress',
        `Enrollment.courseId=${courseId}/progress`,
        `Enrollment.studentId=${studentId}/progress`,
        `Enrollment:${id}`,
        'Enrollment~',
      ].sort(),
    )
  })

  test('a delete announces the row and the sets that it leaves', async () => {
    const { id, courseId, studentId } = await makeEnrollment()

    expect(await probe.tagsOf(`DELETE FROM "Enrollment" WHERE id = '${id}'`)).toEqual(
      [
        'Enrollment.*',
        `Enrollment.courseId=${courseId}`,
        `Enrollment.studentId=${studentId}`,
        `Enrollment:${id}`,
        'Enrollment~',
      ].sort(),
    )
  })

  test('a move announces the set that it leaves and the set that it enters', async () => {
    const { id, courseId, studentId } = await makeEnrollment()
    const other = (await rows.course()).id

    expect(
      await probe.tagsOf(`UPDATE "Enrollment" SET "courseId" = '${other}' WHERE id = '${id}'`),
    ).toEqual(
      [
        'Enrollment.*',
        'Enrollment.*/courseId',
        `Enrollment.courseId=${courseId}`,
        `Enrollment.courseId=${other}`,
        `Enrollment.studentId=${studentId}/courseId`,
        `Enrollment:${id}`,
        'Enrollment~',
      ].sort(),
    )
  })

  test('a changed primary key is a row that goes and one that comes', async () => {
    const { id, courseId, studentId } = await makeEnrollment()

    expect(
      await probe.tagsOf(`UPDATE "Enrollment" SET id = gen_random_uuid() WHERE id = '${id}'`),
    ).toEqual(
      [
        'Enrollment.*',
        `Enrollment.courseId=${courseId}`,
        `Enrollment.studentId=${studentId}`,
        `Enrollment:${id}`,
        'Enrollment~',
      ].sort(),
    )
  })

  test('a key that is NULL belongs to no set', async () => {
    const { id, hostId } = await rows.meeting()
    const courseId = (await rows.course()).id

    const entering = await probe.tagsOf(
      `UPDATE "Meeting" SET "courseId" = '${courseId}' WHERE id = '${id}'`,
    )
    const leaving = await probe.tagsOf(`UPDATE "Meeting" SET "courseId" = NULL WHERE id = '${id}'`)

    expect(entering).toContain(`Meeting.courseId=${courseId}`)
    expect(entering).toContain(`Meeting.hostId=${hostId}/courseId`)
    expect(leaving).toEqual(entering)
    expect(entering.filter((tag) => tag.startsWith('Meeting.courseId='))).toHaveLength(1)
  })

  test('what leaves every row as it was announces nothing', async () => {
    const { id } = await makeEnrollment()

    expect(await probe.statementsOf(`UPDATE "Enrollment" SET progress = progress`)).toEqual([])
    expect(
      await probe.statementsOf(`UPDATE "Enrollment" SET progress = progress WHERE id = '${id}'`),
    ).toEqual([])
    expect(await probe.statementsOf('DELETE FROM "Enrollment" WHERE false')).toEqual([])
  })

  test('a model that nobody reads announces nothing', async () => {
    const userId = (await rows.user()).id

    expect(
      await probe.statementsOf(() =>
        prisma.idempotencyKey.create({
          data: { userId, operation: 'a', key: 'b', inputHash: 'c', resultIds: [] },
        }),
      ),
    ).toEqual([])
  })
})

describe('many rows in one statement', () => {
  const changes = [
    'SET progress = 0.75',
    `SET progress = 0.1, status = 'COMPLETED', "updatedAt" = '2026-01-01'`,
    `SET "courseId" = (SELECT max(id::text)::uuid FROM "Course")`,
    'SET id = gen_random_uuid()',
  ]

  test.for(changes)('announce what they would one by one: %s', async (change) => {
    const courseId = (await rows.course()).id
    const made = [
      await makeEnrollment(),
      await rows.enrollment({ courseId }),
      await rows.enrollment({ courseId }),
    ]
    const ids = made.map(({ id }) => `'${id}'`)
    const restore = async (work: () => Promise<unknown>) => {
      const saved = await prisma.enrollment.findMany()
      await work()
      const announced = await probe.statementsOf(async () => {})
      await prisma.enrollment.deleteMany()
      await prisma.enrollment.createMany({ data: saved })
      return announced
    }

    let together: readonly string[] = []
    let single: readonly string[] = []
    await restore(async () => {
      together = await probe.tagsOf(`UPDATE "Enrollment" ${change} WHERE id IN (${ids.join()})`)
    })
    await restore(async () => {
      single = await probe.tagsOf(async () => {
        for (const id of ids) await probe.run(`UPDATE "Enrollment" ${change} WHERE id = ${id}`)
      })
    })

    expect(together.length).toBeGreaterThan(8)
    expect(together).toEqual(single)
  })

  test('inserts and deletes name each set once', async () => {
    const courseId = (await rows.course()).id
    const users = [await rows.user(), await rows.user(), await rows.user()]
    const data = users.map(({ id: studentId }) => ({ courseId, studentId }))
    const sets = [
      'Enrollment.*',
      `Enrollment.courseId=${courseId}`,
      ...data.map(({ studentId }) => `Enrollment.studentId=${studentId}`),
      'Enrollment~',
    ]

    const inserted = await probe.statementsOf(() => prisma.enrollment.createMany({ data }))
    const found = await prisma.enrollment.findMany({ where: { courseId } })
    const deleted = await probe.statementsOf(() =>
      prisma.enrollment.deleteMany({ where: { courseId } }),
    )

    expect(inserted.map((tags) => [...tags].sort())).toEqual([sets.sort()])
    expect(deleted.map((tags) => [...tags].sort())).toEqual([
      [...sets, ...found.map(({ id }) => `Enrollment:${id}`)].sort(),
    ])
  })

  test('too many to name are announced coarsely, kind by kind', async () => {
    const courseId = (await rows.course()).id
    await probe.run(
      `INSERT INTO "User" (id, email, name) SELECT gen_random_uuid(), 'bulk-' || i, 'n' FROM generate_series(1, 2001) AS i`,
    )
    const bulk = `SELECT id FROM "User" WHERE email LIKE 'bulk-%'`

    const inserted = await probe.tagsOf(
      `INSERT INTO "Enrollment" (id, "courseId", "studentId")
       SELECT gen_random_uuid(), '${courseId}', id FROM (${bulk}) AS bulk`,
    )
    const updated = await probe.tagsOf(
      `UPDATE "Enrollment" SET progress = 0.5 WHERE "courseId" = '${courseId}'`,
    )
    const deleted = await probe.tagsOf(`DELETE FROM "Enrollment" WHERE "courseId" = '${courseId}'`)
    const users = await probe.tagsOf(`DELETE FROM "User" WHERE id IN (${bulk} LIMIT 2000)`)

    const sets = ['Enrollment.*', `Enrollment.courseId=${courseId}`, 'Enrollment.studentId~']
    expect(inserted).toEqual([...sets, 'Enrollment~'].sort())
    expect(deleted).toEqual([...sets, 'Enrollment:~', 'Enrollment~'].sort())
    expect(updated).toEqual(
      [
        'Enrollment.*/progress',
        `Enrollment.courseId=${courseId}/progress`,
        'Enrollment.studentId~',
        'Enrollment:~',
        'Enrollment~',
      ].sort(),
    )
    expect(users.filter((tag) => tag.startsWith('User:'))).toHaveLength(2000)
  })
})

describe('every way to write', () => {
  test('nested writes announce each model that they touch', async () => {
    const teacherId = (await rows.user()).id

    const tags = await probe.tagsOf(() =>
      prisma.course.create({
        data: {
          ...{ teacherId, title: 't', slug: 'nested', summary: '', description: '' },
          lessons: { create: [1, 2].map((position) => ({ position, title: 't', body: 'b' })) },
        },
      }),
    )

    const { id } = await prisma.course.findUniqueOrThrow({ where: { slug: 'nested' } })
    expect(tags).toEqual(
      [
        'Course.*',
        `Course.teacherId=${teacherId}`,
        'Course~',
        'Lesson.*',
        `Lesson.courseId=${id}`,
        'Lesson~',
      ].sort(),
    )
  })

  test('updateMany announces each row', async () => {
    const made = [await rows.user({ name: 'Many' }), await rows.user({ name: 'Many' })]

    const tags = await probe.tagsOf(() =>
      prisma.user.updateMany({ where: { name: 'Many' }, data: { timezone: 'CET' } }),
    )

    expect(tags).toEqual(
      [
        ...made.map(({ id }) => `User:${id}`),
        'User.*/timezone',
        'User.*/updatedAt',
        'User~',
      ].sort(),
    )
  })

  test('a cascade announces what it takes away and what it sets to NULL', async () => {
    const course = await rows.course()
    const { id, hostId } = await rows.meeting({ courseId: course.id })
    const enrollment = await rows.enrollment({ courseId: course.id })

    const tags = await probe.tagsOf(`DELETE FROM "Course" WHERE id = '${course.id}'`)

    expect(tags).toEqual(
      expect.arrayContaining([
        `Course:${course.id}`,
        `Enrollment:${enrollment.id}`,
        `Enrollment.studentId=${enrollment.studentId}`,
        `Meeting:${id}`,
        `Meeting.courseId=${course.id}`,
        `Meeting.hostId=${hostId}/courseId`,
      ]),
    )
  })

  test('ON CONFLICT DO UPDATE announces what was inserted and what was updated', async () => {
    const { id } = await rows.user({ email: 'there@example.org' })

    const statements = await probe.statementsOf(
      `INSERT INTO "User" (id, email, name) VALUES
         (gen_random_uuid(), 'there@example.org', 'New name'), (gen_random_uuid(), 'new@example.org', 'n')
       ON CONFLICT (email) DO UPDATE SET name = EXCLUDED.name`,
    )

    expect(statements.map((tags) => [...tags].sort()).sort()).toEqual([
      ['User.*', 'User~'],
      ['User.*/name', `User:${id}`, 'User~'].sort(),
    ])
  })

  test('MERGE announces each of its parts', async ({ skip }) => {
    const [version] = await probe.run('SELECT current_setting($1)::int', ['server_version_num'])
    if (Number(version?.[0]) < 150_000) skip('MERGE came with PostgreSQL 15')
    const { id } = await rows.user({ email: 'merged@example.org' })

    const tags = await probe.tagsOf(
      `MERGE INTO "User" AS u USING (VALUES ('merged@example.org'), ('unmerged@example.org')) AS v (email)
       ON u.email = v.email
       WHEN MATCHED THEN DELETE
       WHEN NOT MATCHED THEN INSERT (id, email, name) VALUES (gen_random_uuid(), v.email, 'n')`,
    )

    expect(tags).toEqual(['User.*', `User:${id}`, 'User~'].sort())
  })

  test('TRUNCATE announces all of the table, and of those that it takes along', async () => {
    const tags = await probe.tagsOf('TRUNCATE "Meeting" CASCADE')

    expect(tags).toEqual(
      expect.arrayContaining([
        'Meeting~',
        'Meeting.*',
        'Meeting:~',
        'Meeting.hostId~',
        'Meeting.courseId~',
        'Attendee~',
        'Attendee:~',
        'Attendee.meetingId~',
        'CalendarEvent.meetingId~',
      ]),
    )
  })

  test.skipIf(testDatabaseKind() === 'pglite')('COPY announces the sets of its rows', async () => {
    await using created = await createTestDatabase()
    await using other = await openPostgresql({ url: created.url, poolSize: 1 })
    const ids = [1, 2, 3].map((index) => `0190a000-0000-7000-8000-00000000000${index}`)
    const [course] = ids
    const text = 'COPY "Lesson" (id, "courseId", position, title, body) FROM STDIN'
    const probe = createProbe(other)
    await probe.run('ALTER TABLE "Lesson" DROP CONSTRAINT "Lesson_courseId_fkey"')

    const statements = await probe.statementsOf(() =>
      copyIn(
        created.url,
        text,
        ids.map((id, index) => `${id}\t${course}\t${index}\tt\tb`),
      ),
    )

    expect(statements).toEqual([['Lesson~', 'Lesson.*', `Lesson.courseId=${course}`]])
  })

  test('a replicated session announces as well', async () => {
    const { id } = await rows.user()

    const tags = await probe.tagsOf(() =>
      prisma.$transaction(async (tx) => {
        await tx.$executeRawUnsafe('SET LOCAL session_replication_role = replica')
        await tx.$executeRawUnsafe(`UPDATE "User" SET name = 'r' WHERE id = '${id}'`)
      }),
    )

    expect(tags).toContain(`User:${id}`)
  })

  test('a role without any right to the outbox writes, and is announced', async () => {
    const { id } = await rows.user()
    const role = `writer_${crypto.randomUUID().slice(0, 8)}`
    await probe.run(`CREATE ROLE ${role}`)
    try {
      await probe.run(`GRANT SELECT, UPDATE ON "User" TO ${role}`)

      const tags = await probe.tagsOf(() =>
        prisma.$transaction(async (tx) => {
          await tx.$executeRawUnsafe(`SET LOCAL ROLE ${role}`)
          await tx.$executeRawUnsafe(`SET LOCAL search_path = pg_temp`)
          await tx.$executeRawUnsafe(`UPDATE public."User" SET name = 'o' WHERE id = '${id}'`)
        }),
      )

      expect(tags).toContain(`User:${id}`)
      const seesOutbox = prisma.$transaction(async (tx) => {
        await tx.$executeRawUnsafe(`SET LOCAL ROLE ${role}`)
        await tx.$executeRawUnsafe('SELECT FROM loadline.outbox')
      })
      await expect(seesOutbox).rejects.toThrow('permission denied')
    } finally {
      await probe.run(`DROP OWNED BY ${role}`)
      await probe.run(`DROP ROLE ${role}`)
    }
  })
})

describe('what is rolled back', () => {
  test('a transaction that fails leaves nothing', async () => {
    const { id } = await rows.user()
    const failing = () =>
      prisma.$transaction(async (tx) => {
        await tx.user.update({ where: { id }, data: { name: 'never' } })
        throw new Error('changed my mind')
      })

    expect(await probe.statementsOf(() => failing().catch(() => {}))).toEqual([])
  })

  test('of a savepoint only what is kept is announced, under one transaction', async () => {
    const [kept, dropped] = [await rows.user(), await rows.user()]

    const tags = await probe.tagsOf(() =>
      prisma.$transaction(async (tx) => {
        const rename = (id: string) =>
          tx.$executeRawUnsafe(`UPDATE "User" SET name = 's' WHERE id = '${id}'`)
        await tx.$executeRawUnsafe('SAVEPOINT one')
        await rename(kept.id)
        await tx.$executeRawUnsafe('RELEASE SAVEPOINT one')
        await tx.$executeRawUnsafe('SAVEPOINT two')
        await rename(dropped.id)
        await tx.$executeRawUnsafe('ROLLBACK TO SAVEPOINT two')
      }),
    )

    expect(tags).toEqual(['User.*/name', `User:${kept.id}`, 'User~'].sort())
  })
})
