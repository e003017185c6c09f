import { afterAll, beforeAll, expect, test } from 'vitest'
import { demoPeople } from '../../prisma/demo-people.ts'
import type { Database } from '../../src/sql/database.ts'
import { listTables, openSeeded, readNumber, readRows } from './seeded-database.ts'

let database: Database

// Nothing here writes, so all tests read the same rows.
beforeAll(async () => {
  database = await openSeeded('demo', 1)
}, 60_000)

afterAll(() => database[Symbol.asyncDispose]())

test('a demo holds 300 users, 40 courses, 4,000 enrollments and a few hundred of all else', async () => {
  const counts: Record<string, number> = {}
  for (const table of await listTables(database)) {
    counts[table] = await readNumber(database, `SELECT count(*) FROM "${table}"`)
  }
  const { User, Course, Enrollment, AiProvider, AiModel, ...others } = counts

  expect({ User, Course, Enrollment }).toEqual({ User: 300, Course: 40, Enrollment: 4_000 })
  expect({ AiProvider, AiModel }).toEqual({ AiProvider: 4, AiModel: 14 })
  for (const [table, count] of Object.entries(others)) {
    expect(count, table).toBeGreaterThanOrEqual(100)
    expect(count, table).toBeLessThan(1_000)
  }
})

test('the largest course has 240 enrollments, the median far fewer, and some published ones none', async () => {
  const rows = await readRows(
    database,
    `SELECT (SELECT count(*) FROM "Enrollment" WHERE "courseId" = "Course".id)::int AS size
      FROM "Course" WHERE status <> 'DRAFT' ORDER BY size DESC`,
  )
  const sizes = rows.map(([size]) => Number(size))

  expect(sizes[0]).toBe(240)
  expect(sizes[18]).toBeLessThan(140)
  expect(sizes.at(-1)).toBe(0)
})

test.each([
  ['Enrollment', 'studentId', 2],
  ['Meeting', 'hostId', 8],
  ['Message', 'conversationId', 10],
  ['CreditEntry', 'userId', 5],
  ['UsageRecord', 'userId', 5],
  ['Attendee', 'meetingId', 5],
  ['Course', 'teacherId', 1.5],
])('the first %s."%s" has more than its share of rows', async (table, owner, times) => {
  const [row] = await readRows(
    database,
    `SELECT max(n)::float8, avg(n)::float8 FROM (
      SELECT count(*) AS n FROM "${table}" GROUP BY "${owner}") AS sizes`,
  )

  expect(Number(row?.[0])).toBeGreaterThanOrEqual(times * Number(row?.[1]))
})

test.each([
  ['User', '', 'createdAt'],
  ['User', '', 'name'],
  ['Course', '', 'createdAt'],
  ['Course', '', 'title'],
  ['Course', '', 'publishedAt'],
  ['Lesson', 'courseId', 'createdAt'],
  ['Enrollment', 'courseId', 'enrolledAt'],
  ['Enrollment', 'studentId', 'status'],
  ['Payment', 'courseId', 'paidAt'],
  ['Meeting', 'hostId', 'startsAt'],
  ['Attendee', 'meetingId', 'createdAt'],
  ['CalendarEvent', 'userId', 'startsAt'],
  ['CreditEntry', 'userId', 'createdAt'],
  ['UsageRecord', 'userId', 'recordedAt'],
  ['Conversation', 'userId', 'lastMessageAt'],
  ['Message', 'conversationId', 'createdAt'],
  ['AiProvider', '', 'name'],
  ['AiModel', 'providerId', 'name'],
])('the ordering of %s (%s) by %s has ties', async (table, owner, column) => {
  const group = owner ? `"${owner}", "${column}"` : `"${column}"`
  const ties = await readNumber(
    database,
    `SELECT count(*) FROM (SELECT 1 FROM "${table}" WHERE "${column}" IS NOT NULL
      GROUP BY ${group} HAVING count(*) > 1) AS ties`,
  )

  expect(ties).toBeGreaterThan(0)
})

test('numbers of enrollments and credit balances tie', async () => {
  const enrollments = `SELECT count(e.id) AS n FROM "Course" c
    LEFT JOIN "Enrollment" e ON e."courseId" = c.id WHERE c.status = 'ACTIVE' GROUP BY c.id`
  const balances = `SELECT sum(amount) AS n FROM "CreditEntry" GROUP BY "userId"`
  for (const sums of [enrollments, balances]) {
    const ties = `SELECT count(*) FROM (
      SELECT 1 FROM (${sums}) AS sums GROUP BY n HAVING count(*) > 1) AS ties`
    expect(await readNumber(database, ties)).toBeGreaterThan(0)
  }
})

test('every column that may be NULL is NULL in some rows and holds a value in others', async () => {
  const columns = await readRows(
    database,
    `SELECT table_name::text, column_name::text FROM information_schema.columns
      WHERE table_schema = 'public' AND is_nullable = 'YES'
        AND table_name NOT IN ('_prisma_migrations', 'IdempotencyKey')`,
  )
  expect(columns.length).toBeGreaterThan(8)
  for (const [table, column] of columns) {
    const [row] = await readRows(
      database,
      `SELECT bool_or("${column}" IS NULL), bool_or("${column}" IS NOT NULL) FROM "${table}"`,
    )
    expect(row, `${table}.${column}`).toEqual([true, true])
  }
})

test('most users have a profile, a subscription and bot settings, and some have none', async () => {
  for (const table of ['Profile', 'Subscription', 'BotSettings']) {
    const users = await readNumber(database, `SELECT count(DISTINCT "userId") FROM "${table}"`)
    expect(users, table).toBeGreaterThan(150)
    expect(users, table).toBeLessThan(300)
  }
})

test('every value of every enum occurs', async () => {
  const columns = await readRows(
    database,
    `SELECT c.relname::text, a.attname::text, array_agg(e.enumlabel::text ORDER BY 1)
      FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
      JOIN pg_enum e ON e.enumtypid = a.atttypid WHERE c.relkind = 'r' GROUP BY 1, 2`,
  )
  expect(columns).toHaveLength(12)
  for (const [table, column, labels] of columns) {
    const used = await readRows(database, `SELECT DISTINCT "${column}"::text FROM "${table}"`)
    expect(used.map(([value]) => value).sort(), `${table}.${column}`).toEqual(
      [...(Array.isArray(labels) ? labels : [])].sort(),
    )
  }
})

test('every time has microseconds that a JavaScript Date would lose', async () => {
  const columns = await readRows(
    database,
    `SELECT table_name::text, column_name::text FROM information_schema.columns
      WHERE table_schema = 'public' AND udt_name = 'timestamptz'
        AND table_name <> '_prisma_migrations'`,
  )
  expect(columns.length).toBeGreaterThan(40)
  for (const [table, column] of columns) {
    const lost = `SELECT count(*) FROM "${table}"
      WHERE extract(microseconds FROM "${column}")::bigint % 1000 = 0`
    expect(await readNumber(database, lost), `${table}.${column}`).toBe(0)
  }
})

test('ids are UUIDv7 and rise with the time of creation', async () => {
  for (const table of await listTables(database)) {
    const malformed = `SELECT count(*) FROM "${table}"
      WHERE id::text !~ '^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$'`
    const late = `SELECT count(*) FROM (
      SELECT "createdAt" < lag("createdAt") OVER (ORDER BY id) AS falls FROM "${table}") AS steps
      WHERE falls`
    const other = `SELECT count(*) FROM "${table}" WHERE left(replace(id::text, '-', ''), 12)
      <> lpad(to_hex(floor(extract(epoch FROM "createdAt") * 1000)::bigint), 12, '0')`
    expect(await readNumber(database, malformed), table).toBe(0)
    expect(await readNumber(database, late), table).toBe(0)
    expect(await readNumber(database, other), table).toBe(0)
  }
})

test('texts are as long as real ones, with emoji and letters beyond ASCII', async () => {
  const [row] = await readRows(
    database,
    `SELECT (SELECT max(char_length(title)) FROM "Course"), (SELECT avg(char_length(description)) FROM "Course")::int,
      (SELECT avg(char_length(body)) FROM "Lesson")::int, (SELECT count(*) FROM "Course" WHERE description ~ '[🌀-🫿]')::int,
      (SELECT count(*) FROM "User" WHERE name ~ '[À-ž]')::int`,
  )
  const [title, description, body, emoji, accents] = (row ?? []).map(Number)

  expect(title).toBeLessThanOrEqual(80)
  expect(title).toBeGreaterThan(45)
  expect(description).toBeGreaterThan(400)
  expect(description).toBeLessThan(600)
  expect(body).toBeGreaterThan(900)
  expect(body).toBeLessThan(1_200)
  expect(emoji).toBeGreaterThan(5)
  expect(accents).toBeGreaterThan(50)
})

test.each([
  [
    'a payment belongs to the student, the course and the price of its enrollment',
    `"Payment" p JOIN "Enrollment" e ON e.id = p."enrollmentId" JOIN "Course" c ON c.id = p."courseId"
      WHERE (p."studentId", p."courseId", p."amountCents", p.currency)
        IS DISTINCT FROM (e."studentId", e."courseId", c."priceCents", c.currency)
        OR c."priceCents" = 0 OR p."paidAt" < e."enrolledAt"`,
  ],
  [
    'a payment has a date unless it is pending',
    `"Payment" WHERE (status = 'PENDING') <> ("paidAt" IS NULL)`,
  ],
  [
    'a completed enrollment, and only that, is at 1',
    `"Enrollment" WHERE (status = 'COMPLETED') <> (progress = 1)`,
  ],
  [
    'a course has a date of publication unless it is a draft',
    `"Course" WHERE (status = 'DRAFT') <> ("publishedAt" IS NULL)`,
  ],
  [
    'courses are taught by teachers',
    `"Course" c JOIN "User" u ON u.id = c."teacherId" WHERE u.role <> 'TEACHER'`,
  ],
  [
    'students enroll, in published courses, after the publication',
    `"Enrollment" e JOIN "User" u ON u.id = e."studentId" JOIN "Course" c ON c.id = e."courseId"
      WHERE u.role <> 'STUDENT' OR c.status = 'DRAFT' OR e."enrolledAt" < c."publishedAt"`,
  ],
  [
    'a meeting of a course is hosted by its teacher',
    `"Meeting" m JOIN "Course" c ON c.id = m."courseId" WHERE m."hostId" <> c."teacherId"`,
  ],
  [
    'a host is not an attendee',
    `"Attendee" a JOIN "Meeting" m ON m.id = a."meetingId" WHERE m."hostId" = a."userId"`,
  ],
  [
    'an event of a meeting is at its time, in the calendar of its host',
    `"CalendarEvent" e JOIN "Meeting" m ON m.id = e."meetingId"
      WHERE (e."userId", e."startsAt", e."endsAt") <> (m."hostId", m."startsAt", m."endsAt")`,
  ],
  [
    'the positions of lessons count up from 1',
    `(SELECT count(*) AS last, max(position) AS highest FROM "Lesson" GROUP BY "courseId") AS ends
      WHERE last <> highest`,
  ],
  [
    'a conversation knows the time of its last message',
    `"Conversation" c JOIN (SELECT "conversationId" AS id, max("createdAt") AS at FROM "Message" GROUP BY 1) AS last
      USING (id) WHERE c."lastMessageAt" <> last.at`,
  ],
])('%s', async (_, exceptions) => {
  expect(await readNumber(database, `SELECT count(*) FROM ${exceptions}`)).toBe(0)
})

test('of ten courses seven are active, two archived and one is a draft', async () => {
  const rows = await readRows(
    database,
    'SELECT status::text, count(*)::int FROM "Course" GROUP BY 1 ORDER BY 1',
  )

  expect(Object.fromEntries(rows)).toEqual({ ACTIVE: 28, ARCHIVED: 8, DRAFT: 4 })
})

test('the demo people are there by id, address and role, each with all that a person can have', async () => {
  for (const { id, email, name, role } of demoPeople) {
    const [row] = await readRows(
      database,
      `SELECT email, name, role::text FROM "User" WHERE id = '${id}'`,
    )
    expect(row).toEqual([email, name, role])
    const owned = {
      Profile: 1,
      Subscription: 1,
      BotSettings: 1,
      Integration: 3,
      CreditEntry: 5,
      UsageRecord: 5,
      CalendarEvent: 5,
      Conversation: 3,
      Attendee: 5,
    }
    for (const [table, atLeast] of Object.entries(owned)) {
      const count = `SELECT count(*) FROM "${table}" WHERE "userId" = '${id}'`
      expect(await readNumber(database, count), `${table} of ${email}`).toBeGreaterThanOrEqual(
        atLeast,
      )
    }
    const hosted = `SELECT count(*) FROM "Meeting" WHERE "hostId" = '${id}'`
    expect(await readNumber(database, hosted), `meetings of ${email}`).toBeGreaterThanOrEqual(5)
  }
})

test('the demo student has completed, cancelled and archived courses among twelve, and the longest conversation', async () => {
  const [student] = demoPeople
  const courses = await readRows(
    database,
    `SELECT e.status::text, c.status::text FROM "Enrollment" e JOIN "Course" c ON c.id = e."courseId"
      WHERE "studentId" = '${student.id}'`,
  )
  const longest = await readRows(
    database,
    `SELECT c."userId", count(*)::int FROM "Message" m JOIN "Conversation" c ON c.id = m."conversationId"
      GROUP BY c.id ORDER BY 2 DESC LIMIT 1`,
  )

  expect(courses).toHaveLength(12)
  expect(new Set(courses.map(([status]) => status))).toEqual(
    new Set(['ACTIVE', 'COMPLETED', 'CANCELLED']),
  )
  expect(new Set(courses.map(([, status]) => status))).toEqual(new Set(['ACTIVE', 'ARCHIVED']))
  expect(longest).toEqual([[student.id, 250]])
})

test('the demo teacher has six courses in every status, one of them the largest', async () => {
  const [, teacher] = demoPeople
  const rows = await readRows(
    database,
    `SELECT c.status::text, count(e.id)::int FROM "Course" c LEFT JOIN "Enrollment" e ON e."courseId" = c.id
      WHERE "teacherId" = '${teacher.id}' GROUP BY c.id ORDER BY 2 DESC`,
  )

  expect(rows).toHaveLength(6)
  expect(rows[0]).toEqual(['ACTIVE', 240])
  expect(new Set(rows.map(([status]) => status))).toEqual(new Set(['ACTIVE', 'ARCHIVED', 'DRAFT']))
})
