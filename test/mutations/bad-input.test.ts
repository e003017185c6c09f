import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestApp, type TestApp } from '../support/start-test-app.ts'
import { type As, call, checksum, gid } from './call.ts'

let app: TestApp
let world: Awaited<ReturnType<typeof createWorld>>
beforeAll(async () => {
  app = await startTestApp()
  world = await createWorld()
})
afterAll(() => app[Symbol.asyncDispose]())

/** Rows that no test here can change: that is what each of them asserts. */
async function createWorld() {
  const [admin, student, teacher] = [
    await app.rows.admin(),
    await app.rows.user(),
    await app.rows.teacher(),
  ]
  const course = await app.rows.course({ teacherId: teacher.id })
  const enrollment = await app.rows.enrollment({ studentId: student.id, courseId: course.id })
  const lesson = await app.rows.lesson({ courseId: course.id, position: 1 })
  const conversation = await app.rows.conversation({ userId: student.id })
  const ids = {
    student: gid('User', student),
    course: gid('Course', course),
    enrollment: gid('Enrollment', enrollment),
    lesson: gid('Lesson', lesson),
    conversation: gid('Conversation', conversation),
  }
  return { admin, student, teacher, ids }
}

type World = typeof world

interface Case {
  readonly says: string
  readonly as: (world: World) => As
  readonly mutation: string
  readonly input: (ids: World['ids']) => object
  readonly code?: string
  readonly field: string
  readonly message?: string
}

const student = (world: World) => world.student
const teacher = (world: World) => world.teacher
const admin = (world: World) => world.admin

const long = 'x'.repeat(10_000)
const times = { startsAt: '2026-05-01T10:00:00Z', endsAt: '2026-05-01T11:00:00Z' }
const course = { title: 'T', slug: 'a-slug', summary: 'S', description: 'D' }
const people = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ email: `p${index}@example.org`, name: 'P' }))

const cases: readonly Case[] = [
  {
    says: 'an id of another type',
    as: teacher,
    mutation: 'updateCourse',
    input: ({ lesson }) => ({ id: lesson, title: 'T' }),
    field: 'input.id',
    message: '"input.id" must be the id of a Course, got that of a Lesson',
  },
  {
    says: 'an id that is none',
    as: teacher,
    mutation: 'updateCourse',
    input: () => ({ id: '42', title: 'T' }),
    field: 'input.id',
    message: '"input.id" must be the id of a Course, got "42"',
  },
  {
    says: 'an id whose key is no key',
    as: teacher,
    mutation: 'updateCourse',
    input: () => ({ id: gid('Course', { id: "' OR 1=1" }), title: 'T' }),
    field: 'input.id',
  },
  {
    says: 'an id that nothing has',
    as: teacher,
    mutation: 'updateCourse',
    input: () => ({ id: gid('Course', { id: crypto.randomUUID() }), title: 'T' }),
    code: 'NOT_FOUND',
    field: 'input.id',
    message: '"input.id": there is no such course',
  },
  {
    says: 'a text of 10,000 characters',
    as: teacher,
    mutation: 'updateCourse',
    input: (ids) => ({ id: ids.course, title: long }),
    field: 'input.title',
    message: '"input.title" must be at most 200 characters long, got 10,000',
  },
  {
    says: '201 emoji, each of which is one character',
    as: teacher,
    mutation: 'updateCourse',
    input: (ids) => ({ id: ids.course, title: '🦊'.repeat(201) }),
    field: 'input.title',
    message: '"input.title" must be at most 200 characters long, got 201',
  },
  {
    says: 'half an emoji',
    as: student,
    mutation: 'postMessage',
    input: (ids) => ({ conversationId: ids.conversation, content: 'half: \ud83e' }),
    field: 'input.content',
  },
  {
    says: 'nothing but blanks',
    as: student,
    mutation: 'updateProfile',
    input: () => ({ name: ' \n\t ' }),
    field: 'input.name',
    message: '"input.name" must not be empty',
  },
  {
    says: 'null where there is always something',
    as: teacher,
    mutation: 'updateCourse',
    input: (ids) => ({ id: ids.course, title: null }),
    field: 'input.title',
    message: '"input.title" must not be null: leave it out to keep what is there',
  },
  {
    says: 'a negative price',
    as: teacher,
    mutation: 'createCourse',
    input: () => ({ ...course, priceCents: -1 }),
    field: 'input.priceCents',
    message: '"input.priceCents" must be from 0 to 100,000,000, got -1',
  },
  {
    says: 'a negative payment',
    as: admin,
    mutation: 'recordPayment',
    input: (ids) => ({ enrollmentId: ids.enrollment, amountCents: -100 }),
    field: 'input.amountCents',
  },
  {
    says: 'a currency that is none',
    as: teacher,
    mutation: 'createCourse',
    input: () => ({ ...course, currency: 'eur' }),
    field: 'input.currency',
  },
  {
    says: 'a slug with blanks',
    as: teacher,
    mutation: 'createCourse',
    input: () => ({ ...course, slug: 'Not A Slug' }),
    field: 'input.slug',
  },
  {
    says: 'no credits at all',
    as: admin,
    mutation: 'grantCredits',
    input: (ids) => ({ userId: ids.student, amount: 0, reason: 'R' }),
    field: 'input.amount',
    message: '"input.amount" must not be 0',
  },
  ...['javascript:alert(1)', 'ftp://example.org', 'example.org'].map((website) => ({
    says: `the address ${website}`,
    as: student,
    mutation: 'updateProfile',
    input: () => ({ website }),
    field: 'input.website',
  })),
  ...['Mars/Base', '+02:00', 'x'.repeat(65)].map((timezone) => ({
    says: `the time zone ${timezone}`,
    as: student,
    mutation: 'updateProfile',
    input: () => ({ timezone }),
    field: 'input.timezone',
  })),
  {
    says: 'a language that is none',
    as: student,
    mutation: 'updateBotSettings',
    input: () => ({ language: 'deutsch!' }),
    field: 'input.language',
  },
  {
    says: 'an end before the start',
    as: student,
    mutation: 'createMeeting',
    input: () => ({ title: 'M', startsAt: times.endsAt, endsAt: times.startsAt }),
    field: 'input.endsAt',
    message: '"input.endsAt" must be after "input.startsAt"',
  },
  {
    says: 'an end that is the start, in another time zone',
    as: student,
    mutation: 'createMeeting',
    input: () => ({ title: 'M', startsAt: times.startsAt, endsAt: '2026-05-01T12:00:00+02:00' }),
    field: 'input.endsAt',
  },
  {
    says: 'somebody invited twice',
    as: teacher,
    mutation: 'createMeeting',
    input: ({ student }) => ({ ...times, title: 'M', attendeeIds: [student, student] }),
    field: 'input.attendeeIds.1',
  },
  {
    says: 'an answer that is none',
    as: student,
    mutation: 'respondToMeeting',
    input: () => ({ meetingId: gid('Meeting', { id: crypto.randomUUID() }), response: 'INVITED' }),
    field: 'input.response',
  },
  ...[-0.1, 1.1].map((progress) => ({
    says: `the progress ${progress}`,
    as: student,
    mutation: 'updateProgress',
    input: (ids: World['ids']) => ({ enrollmentId: ids.enrollment, progress }),
    field: 'input.progress',
    message: `"input.progress" must be from 0 to 1, got ${progress}`,
  })),
  {
    says: '1,001 rows of an import',
    as: admin,
    mutation: 'importStudents',
    input: () => ({ rows: people(1_001) }),
    field: 'input.rows',
    message: '"input.rows" must have from 1 to 1,000 entries, got 1,001',
  },
  {
    says: 'an import without rows',
    as: admin,
    mutation: 'importStudents',
    input: () => ({ rows: [] }),
    field: 'input.rows',
  },
  {
    says: 'two rows of an import that mean the same person',
    as: admin,
    mutation: 'importStudents',
    input: () => ({ rows: [...people(17), { email: ' P3@Example.org', name: 'Again' }] }),
    field: 'input.rows.17.email',
    message: '"input.rows.17.email" repeats "input.rows.3.email"',
  },
  {
    says: '1,001 rows of progress',
    as: teacher,
    mutation: 'bulkUpdateProgress',
    input: ({ enrollment }) => ({
      rows: Array.from({ length: 1_001 }, () => ({ enrollmentId: enrollment, progress: 1 })),
    }),
    field: 'input.rows',
  },
  {
    says: 'a key of 201 characters',
    as: student,
    mutation: 'updateProfile',
    input: () => ({ name: 'N', idempotencyKey: 'k'.repeat(201) }),
    field: 'input.idempotencyKey',
  },
]

describe('a mutation refuses, and changes nothing for', () => {
  test.each(cases)('$says ($mutation)', async (bad) => {
    const before = await checksum(app)

    const called = await call(app, bad.as(world), bad.mutation, bad.input(world.ids))

    expect(called).toMatchObject({
      payload: null,
      code: bad.code ?? 'BAD_USER_INPUT',
      field: bad.field,
      ...(bad.message === undefined ? {} : { message: bad.message }),
    })
    expect(await checksum(app)).toBe(before)
  })

  const malformed: readonly (readonly [string, string, object])[] = [
    ['a NUL character', 'updateProfile', { name: 'a\0b' }],
    [
      'a time of the year 0',
      'createMeeting',
      { ...times, title: 'M', startsAt: '0000-12-31T00:00:00Z' },
    ],
    [
      'a time of the year 10000',
      'createMeeting',
      { ...times, title: 'M', endsAt: '10000-01-01T00:00:00Z' },
    ],
    [
      'a time that only its offset moves out of the year 9999',
      'createMeeting',
      { ...times, title: 'M', endsAt: '9999-12-31T23:59:59-01:00' },
    ],
    [
      'a day that does not exist',
      'createMeeting',
      { ...times, title: 'M', endsAt: '2027-02-29T00:00:00Z' },
    ],
    ['an enum value that does not exist', 'changePlan', { plan: 'GOLD' }],
    ['a field that does not exist', 'changePlan', { plan: 'PRO', price: 1 }],
    ['a missing field', 'changePlan', {}],
    ['a number for a text', 'updateProfile', { name: 1 }],
    ['a fraction for an integer', 'createCourse', { ...course, priceCents: 1.5 }],
    ['an integer that is too large', 'createCourse', { ...course, priceCents: 2 ** 31 }],
  ]

  test.each(malformed)('%s', async (_, mutation, input) => {
    const before = await checksum(app)
    const called = await call(app, world.teacher, mutation, input)
    expect(called).toMatchObject({ payload: null, code: 'BAD_USER_INPUT' })
    expect(await checksum(app)).toBe(before)
  })
})

test('every fault is listed, the first of them named', async () => {
  const input = { title: '', slug: '!', summary: long, description: '', priceCents: -1 }
  const { message, issues } = await call(app, world.teacher, 'createCourse', input)
  expect(issues.map(({ field }) => field).sort()).toEqual([
    'input.priceCents',
    'input.slug',
    'input.summary',
    'input.title',
  ])
  expect(message).toBe('"input.title" must not be empty (and 3 more faults)')
})

test('emoji and every other script are kept as they are', async () => {
  const name = 'Zoë 🦊 日本語 العربية \u202e'
  const user = await app.rows.user()
  const { payload } = await call(app, user, 'updateProfile', { name }, 'user { name }')
  expect(payload.user.name).toBe(name)
})

test('null means the same as leaving out, where there is nothing to keep', async () => {
  const host = await app.rows.user()
  const input = { ...times, title: 'M', hostId: null, courseId: null, attendeeIds: null }
  const selection = 'meeting { host { id } course { id } attendees { totalCount } }'
  const { payload } = await call(
    app,
    host,
    'createMeeting',
    { ...input, idempotencyKey: null },
    selection,
  )
  expect(payload.meeting).toEqual({
    host: { id: gid('User', host) },
    course: null,
    attendees: { totalCount: 0 },
  })
})
