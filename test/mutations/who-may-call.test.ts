import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestApp, type TestApp } from '../support/start-test-app.ts'
import { type As, call, gid } from './call.ts'

let app: TestApp
beforeAll(async () => {
  app = await startTestApp()
})
afterAll(() => app[Symbol.asyncDispose]())

/** Whoever can have to do with a row. `owner` is whose it is: host, student, teacher of the course. */
type Caller = 'anonymous' | 'stranger' | 'teacher' | 'admin' | 'owner'

interface Rule {
  /** A fresh row each time, so that no call finds what another left. */
  readonly setUp: () => Promise<{ readonly input: object; readonly owner?: As }>
  /** `ok`, or the code. Anonymous is UNAUTHENTICATED for all. */
  readonly expected: Readonly<Partial<Record<Exclude<Caller, 'anonymous'>, string>>>
}

const times = { startsAt: '2026-05-01T10:00:00Z', endsAt: '2026-05-01T11:00:00Z' }
const courseInput = { title: 'T', summary: 'S', description: '' }
let slugs = 0

const everybody = { stranger: 'ok', teacher: 'ok', admin: 'ok' }
const onlyAdmins = { stranger: 'FORBIDDEN', teacher: 'FORBIDDEN', admin: 'ok' }
/** Of an ACTIVE course, which everybody sees. */
const itsTeacher = { stranger: 'FORBIDDEN', teacher: 'FORBIDDEN', admin: 'ok', owner: 'ok' }
/** Of a DRAFT, which other teachers do not see; students may call none of these at all. */
const itsTeacherOfDraft = { ...itsTeacher, teacher: 'NOT_FOUND' }
const itsStudent = { stranger: 'NOT_FOUND', teacher: 'FORBIDDEN', admin: 'ok', owner: 'ok' }
const ownAndAdmins = { stranger: 'NOT_FOUND', teacher: 'NOT_FOUND', admin: 'ok', owner: 'ok' }
const onlyTheirs = { ...ownAndAdmins, admin: 'NOT_FOUND' }
const forSomebodyElse = { stranger: 'FORBIDDEN', teacher: 'FORBIDDEN', admin: 'ok', owner: 'ok' }

async function somebody(input: object = {}) {
  const user = await app.rows.user()
  return { input: { ...input, userId: gid('User', user) }, owner: user }
}

async function course(input: object = {}, key = 'id', values: { status?: 'DRAFT' } = {}) {
  const row = await app.rows.course(values)
  return { input: { ...input, [key]: gid('Course', row) }, owner: { id: row.teacherId } }
}

async function lesson(input: object = {}, status: 'ACTIVE' | 'DRAFT' = 'ACTIVE') {
  const { id: courseId, teacherId } = await app.rows.course({ status })
  const row = await app.rows.lesson({ courseId, position: 1 })
  return { input: { ...input, id: gid('Lesson', row) }, owner: { id: teacherId } }
}

async function enrollment(input: object = {}, key = 'id') {
  const row = await app.rows.enrollment()
  return { input: { ...input, [key]: gid('Enrollment', row) }, owner: { id: row.studentId } }
}

async function meeting(input: object = {}) {
  const row = await app.rows.meeting()
  return { input: { ...input, id: gid('Meeting', row) }, owner: { id: row.hostId } }
}

async function conversation(input: object = {}, key = 'id') {
  const row = await app.rows.conversation()
  return { input: { ...input, [key]: gid('Conversation', row) }, owner: { id: row.userId } }
}

const rules: Readonly<Record<string, readonly Rule[]>> = {
  updateProfile: [
    { setUp: async () => ({ input: { name: 'N' } }), expected: everybody },
    { setUp: () => somebody({ name: 'N' }), expected: forSomebodyElse },
  ],
  updateBotSettings: [
    { setUp: async () => ({ input: { autoJoin: true } }), expected: everybody },
    { setUp: () => somebody({ autoJoin: true }), expected: forSomebodyElse },
  ],
  connectIntegration: [
    { setUp: async () => ({ input: { provider: 'ZOOM' } }), expected: everybody },
    { setUp: () => somebody({ provider: 'ZOOM' }), expected: forSomebodyElse },
  ],
  disconnectIntegration: [
    {
      async setUp() {
        const { userId } = await app.rows.integration({ provider: 'SLACK' })
        const input = { userId: gid('User', { id: userId }), provider: 'SLACK' }
        return { input, owner: { id: userId } }
      },
      expected: forSomebodyElse,
    },
  ],
  changePlan: [
    { setUp: async () => ({ input: { plan: 'PRO' } }), expected: everybody },
    { setUp: () => somebody({ plan: 'PRO' }), expected: forSomebodyElse },
  ],
  grantCredits: [
    {
      setUp: () => somebody({ amount: 1, reason: 'R' }),
      expected: { ...onlyAdmins, owner: 'FORBIDDEN' },
    },
  ],
  changeRole: [
    { setUp: () => somebody({ role: 'TEACHER' }), expected: { ...onlyAdmins, owner: 'FORBIDDEN' } },
  ],
  deleteUser: [
    {
      async setUp() {
        const user = await app.rows.user()
        return { input: { id: gid('User', user) }, owner: user }
      },
      expected: { ...onlyAdmins, owner: 'FORBIDDEN' },
    },
  ],
  importStudents: [
    {
      setUp: async () => ({ input: { rows: [{ email: `i${++slugs}@example.org`, name: 'N' }] } }),
      expected: onlyAdmins,
    },
  ],
  createCourse: [
    {
      setUp: async () => ({ input: { ...courseInput, slug: `who-${++slugs}` } }),
      expected: { stranger: 'FORBIDDEN', teacher: 'ok', admin: 'ok' },
    },
    {
      async setUp() {
        const teacher = await app.rows.teacher()
        const input = { ...courseInput, slug: `who-${++slugs}`, teacherId: gid('User', teacher) }
        return { input, owner: teacher }
      },
      expected: forSomebodyElse,
    },
  ],
  updateCourse: [
    { setUp: () => course({ title: 'T' }), expected: itsTeacher },
    { setUp: () => course({ title: 'T' }, 'id', { status: 'DRAFT' }), expected: itsTeacherOfDraft },
  ],
  publishCourse: [
    { setUp: () => course({}, 'id', { status: 'DRAFT' }), expected: itsTeacherOfDraft },
  ],
  archiveCourse: [{ setUp: () => course(), expected: itsTeacher }],
  addLesson: [
    { setUp: () => course({ title: 'T', body: '' }, 'courseId'), expected: itsTeacher },
    {
      setUp: () => course({ title: 'T', body: '' }, 'courseId', { status: 'DRAFT' }),
      expected: itsTeacherOfDraft,
    },
  ],
  updateLesson: [
    { setUp: () => lesson({ body: 'B' }), expected: itsTeacher },
    { setUp: () => lesson({ body: 'B' }, 'DRAFT'), expected: itsTeacherOfDraft },
  ],
  reorderLessons: [
    {
      async setUp() {
        const { input, owner } = await course({}, 'courseId')
        const { id } = await app.prisma.course.findFirstOrThrow({ where: { teacherId: owner.id } })
        const row = await app.rows.lesson({ courseId: id, position: 1 })
        return { input: { ...input, lessonIds: [gid('Lesson', row)] }, owner }
      },
      expected: itsTeacher,
    },
  ],
  deleteLesson: [
    { setUp: () => lesson(), expected: itsTeacher },
    { setUp: () => lesson({}, 'DRAFT'), expected: itsTeacherOfDraft },
  ],
  enroll: [
    {
      setUp: async () => ({ input: (await course({}, 'courseId')).input }),
      expected: { stranger: 'ok', teacher: 'FORBIDDEN', admin: 'BAD_USER_INPUT' },
    },
    {
      async setUp() {
        const student = await app.rows.user()
        const { input } = await course({ studentId: gid('User', student) }, 'courseId')
        return { input, owner: student }
      },
      expected: forSomebodyElse,
    },
  ],
  updateProgress: [
    { setUp: () => enrollment({ progress: 0.5 }, 'enrollmentId'), expected: itsStudent },
  ],
  cancelEnrollment: [{ setUp: () => enrollment(), expected: itsStudent }],
  bulkUpdateProgress: [
    {
      async setUp() {
        const row = await app.rows.enrollment()
        const { teacherId } = await app.prisma.course.findUniqueOrThrow({
          where: { id: row.courseId },
        })
        const rows = [{ enrollmentId: gid('Enrollment', row), progress: 0.5 }]
        return { input: { rows }, owner: { id: teacherId } }
      },
      expected: { stranger: 'FORBIDDEN', teacher: 'NOT_FOUND', admin: 'ok', owner: 'ok' },
    },
  ],
  recordPayment: [
    {
      setUp: () => enrollment({}, 'enrollmentId'),
      expected: { ...onlyAdmins, owner: 'FORBIDDEN' },
    },
  ],
  refundPayment: [
    {
      async setUp() {
        const row = await app.rows.payment()
        return { input: { id: gid('Payment', row) }, owner: { id: row.studentId } }
      },
      expected: { ...onlyAdmins, owner: 'FORBIDDEN' },
    },
  ],
  createMeeting: [
    { setUp: async () => ({ input: { ...times, title: 'T' } }), expected: everybody },
    {
      async setUp() {
        const host = await app.rows.user()
        return { input: { ...times, title: 'T', hostId: gid('User', host) }, owner: host }
      },
      expected: forSomebodyElse,
    },
    {
      setUp: () => course({ ...times, title: 'T' }, 'courseId'),
      expected: {
        stranger: 'FORBIDDEN',
        teacher: 'FORBIDDEN',
        admin: 'BAD_USER_INPUT',
        owner: 'ok',
      },
    },
    {
      setUp: () => course({ ...times, title: 'T' }, 'courseId', { status: 'DRAFT' }),
      expected: { stranger: 'NOT_FOUND', teacher: 'NOT_FOUND', owner: 'ok' },
    },
  ],
  updateMeeting: [{ setUp: () => meeting({ title: 'T' }), expected: ownAndAdmins }],
  cancelMeeting: [{ setUp: () => meeting(), expected: ownAndAdmins }],
  respondToMeeting: [
    {
      async setUp() {
        const row = await app.rows.attendee()
        const meetingId = gid('Meeting', { id: row.meetingId })
        return { input: { meetingId, response: 'DECLINED' }, owner: { id: row.userId } }
      },
      expected: { stranger: 'NOT_FOUND', teacher: 'NOT_FOUND', admin: 'FORBIDDEN', owner: 'ok' },
    },
    {
      async setUp() {
        const row = await app.rows.attendee()
        const meetingId = gid('Meeting', { id: row.meetingId })
        const userId = gid('User', { id: row.userId })
        return { input: { meetingId, userId, response: 'DECLINED' }, owner: { id: row.userId } }
      },
      expected: forSomebodyElse,
    },
  ],
  startConversation: [
    {
      async setUp() {
        const model = await app.rows.aiModel()
        return { input: { modelId: gid('AiModel', model), title: 'T' } }
      },
      expected: everybody,
    },
  ],
  postMessage: [
    { setUp: () => conversation({ content: 'C' }, 'conversationId'), expected: onlyTheirs },
  ],
  deleteConversation: [{ setUp: () => conversation(), expected: onlyTheirs }],
}

test.each(Object.entries(rules))('%s is for those whom the table names', async (name, cases) => {
  for (const { setUp, expected } of cases) {
    const outcomes: Record<string, unknown> = {}
    for (const caller of ['anonymous', ...Object.keys(expected)] as Caller[]) {
      const { input, owner } = await setUp()
      const { code } = await call(app, await person(caller, owner), name, input)
      outcomes[caller] = code ?? 'ok'
    }
    expect(outcomes).toEqual({ anonymous: 'UNAUTHENTICATED', ...expected })
  }
})

test('the table leaves no mutation out', () => {
  const fields = app.schema.getMutationType()?.getFields() ?? {}
  expect(Object.keys(rules).sort()).toEqual(Object.keys(fields).sort())
})

test('a row that is hidden is refused word for word like one that does not exist', async () => {
  const [student, teacher] = [await app.rows.user(), await app.rows.teacher()]
  const draft = await app.rows.course({ status: 'DRAFT' })
  const hidden: readonly (readonly [As, string, string, { readonly id: string }, object])[] = [
    [teacher, 'updateCourse', 'Course', draft, { title: 'T' }],
    [teacher, 'deleteLesson', 'Lesson', await app.rows.lesson({ courseId: draft.id }), {}],
    [student, 'cancelEnrollment', 'Enrollment', await app.rows.enrollment(), {}],
    [student, 'cancelMeeting', 'Meeting', await app.rows.meeting(), {}],
    [student, 'deleteConversation', 'Conversation', await app.rows.conversation(), {}],
  ]
  for (const [as, name, type, row, input] of hidden) {
    const refused = await call(app, as, name, { ...input, id: gid(type, row) })
    const id = gid(type, { id: crypto.randomUUID() })
    expect(refused).toEqual(await call(app, as, name, { ...input, id }))
    expect(refused.code).toBe('NOT_FOUND')
  }
})

test('the role counts as it is when the mutation runs', async () => {
  const teacher = await app.rows.teacher()
  const input = { ...courseInput, slug: 'too-late' }
  await app.prisma.user.update({ where: { id: teacher.id }, data: { role: 'STUDENT' } })
  expect((await call(app, teacher, 'createCourse', input)).code).toBe('FORBIDDEN')
})

async function person(caller: Caller, owner: As | undefined): Promise<As> {
  switch (caller) {
    case 'anonymous':
      return null
    case 'stranger':
      return app.rows.user()
    case 'teacher':
      return app.rows.teacher()
    case 'admin':
      return app.rows.admin()
    case 'owner':
      return owner ?? null
  }
}
