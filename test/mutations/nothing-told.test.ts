import {
  type GraphQLInputObjectType,
  getNamedType,
  getNullableType,
  isInputObjectType,
  isListType,
} from 'graphql'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { datamodel } from '../../src/generated/datamodel.ts'
import { createSchool, type School } from '../permissions/create-school.ts'
import { startTestApp, type TestApp } from '../support/start-test-app.ts'
import { call, checksum, gid } from './call.ts'

let app: TestApp
let school: School

beforeAll(async () => {
  app = await startTestApp()
  school = await createSchool(app.rows)
})
afterAll(() => app[Symbol.asyncDispose]())

/**
 * All that a client may say, by mutation. A field that is new belongs here: may whoever calls the
 * mutation set that column?
 */
const writable: Readonly<Record<string, string>> = {
  addLesson: 'body courseId durationMinutes position title',
  archiveCourse: 'id',
  bulkUpdateProgress: 'rows.enrollmentId rows.progress',
  cancelEnrollment: 'id',
  cancelMeeting: 'id',
  changePlan: 'plan userId',
  changeRole: 'role userId',
  connectIntegration: 'provider userId',
  createCourse: 'currency description priceCents slug summary teacherId title',
  createMeeting: 'attendeeIds courseId endsAt hostId startsAt title',
  deleteConversation: 'id',
  deleteLesson: 'id',
  deleteUser: 'id',
  disconnectIntegration: 'provider userId',
  enroll: 'courseId studentId',
  grantCredits: 'amount reason userId',
  importStudents: 'courseId rows.email rows.name rows.timezone',
  postMessage: 'content conversationId',
  publishCourse: 'id',
  recordPayment: 'amountCents currency enrollmentId paidAt',
  refundPayment: 'id',
  reorderLessons: 'courseId lessonIds',
  respondToMeeting: 'meetingId response userId',
  startConversation: 'modelId title',
  updateBotSettings: 'autoJoin language recordingEnabled userId',
  updateCourse: 'currency description id priceCents slug summary title',
  updateLesson: 'body durationMinutes id title',
  updateMeeting: 'endsAt id startsAt title',
  updateProfile: 'avatarUrl bio headline name timezone userId website',
  updateProgress: 'enrollmentId progress',
}

/** What the fields that lead nowhere hold, so that a call gets as far as looking for rows. */
const sample: Readonly<Record<string, unknown>> = {
  ...{
    title: 'T',
    body: 'B',
    summary: 'S',
    description: 'D',
    content: 'C',
    reason: 'R',
    name: 'N',
  },
  ...{ slug: 'told-nothing', email: 'told@example.org', language: 'en', autoJoin: true },
  ...{ progress: 0.5, amount: 1, plan: 'PRO', role: 'TEACHER', provider: 'ZOOM' },
  ...{ response: 'ACCEPTED', startsAt: '2026-05-01T10:00:00Z', endsAt: '2026-05-01T11:00:00Z' },
}

test('every field of every input has been decided on, and nothing else', () => {
  const found = Object.fromEntries(
    inputs().map(([name, input]) => [
      name,
      fieldsOf(input)
        .filter((one) => one !== 'idempotencyKey')
        .sort()
        .join(' '),
    ]),
  )

  expect(found).toEqual(writable)
})

test('no column can be slipped in beside the fields of an input', async () => {
  const columns = Object.values(datamodel.models).flatMap((model) => Object.keys(model.columns))
  const before = await checksum(app)
  for (const [name, input] of inputs()) {
    const own = input.getFields()
    const extra = [...new Set([...columns, 'constructor', 'prototype'])].filter(
      (one) => !(one in own),
    )
    // GraphQL gives up at 50 errors.
    for (let first = 0; first < extra.length; first += 40) {
      const some = extra.slice(first, first + 40)
      const nulls = Object.fromEntries(some.map((one) => [one, null]))
      const { status, errors } = await app.query(
        `mutation ($input: ${input.name}!) { ${name}(input: $input) { __typename } }`,
        {
          as: school.people.admin,
          variables: { input: { ...fill(input, {}), ...nulls } },
        },
      )
      const refused = (errors ?? []).filter(({ message }) => message.includes('is not defined by'))

      expect({ name, status, refused: refused.length }).toEqual({
        name,
        status: 400,
        refused: some.length,
      })
    }
  }
  expect(await checksum(app)).toBe(before)
})

test.each(['stranger', 'teacher'] as const)(
  'a %s is refused what is hidden word for word like what does not exist, by every id of every input',
  async (who) => {
    const before = await checksum(app)
    let calls = 0
    for (const [name, input] of inputs()) {
      for (const path of fieldsOf(input).filter((one) => /(^|\.)(id|\w+Ids?)$/.test(one))) {
        const field = path.split('.').at(-1) ?? ''
        const hidden = hiddenBy(name, field)
        if (!hidden) continue
        const type = Buffer.from(hidden, 'base64url').toString().split(':')[0] ?? ''
        const missing = gid(type, { id: crypto.randomUUID() })
        const answer = (id: string) =>
          call(app, { id: school.people[who] }, name, fill(input, { [field]: id }))
        const refused = await answer(hidden)
        calls += 1

        expect({ name, path, ...refused }).toEqual({ name, path, ...(await answer(missing)) })
        expect(refused.code).toMatch(/^(NOT_FOUND|FORBIDDEN|BAD_USER_INPUT)$/)
        // Of what is invalid by itself it would say nothing about rows.
        if (refused.code === 'BAD_USER_INPUT')
          expect(refused.issues[0]?.message).toMatch(/no such|no lesson of/)
      }
    }
    expect(calls).toBeGreaterThan(30)
    expect(await checksum(app)).toBe(before)
  },
)

function inputs(): readonly (readonly [string, GraphQLInputObjectType])[] {
  const fields = app.schema.getMutationType()?.getFields() ?? {}
  return Object.entries(fields).flatMap(([name, { args }]) => {
    const type = args[0] && getNamedType(args[0].type)
    return isInputObjectType(type) ? [[name, type] as const] : []
  })
}

function fieldsOf(input: GraphQLInputObjectType, prefix = ''): readonly string[] {
  return Object.values(input.getFields()).flatMap(({ name, type }) => {
    const inner = getNamedType(type)
    return isInputObjectType(inner) ? fieldsOf(inner, `${prefix}${name}.`) : [prefix + name]
  })
}

/** An input with samples in all that does not lead to a row, and these ids. */
function fill(input: GraphQLInputObjectType, ids: Readonly<Record<string, string>>): object {
  const values = Object.values(input.getFields()).flatMap(({ name, type }) => {
    const inner = getNamedType(type)
    const value = isInputObjectType(inner)
      ? fill(inner, ids)
      : (ids[name] ??
        sample[name] ??
        (String(type).startsWith('ID!') ? visibleBy(name) : undefined))
    if (value === undefined && !String(type).startsWith('[ID!]!')) return []
    return [[name, isListType(getNullableType(type)) ? [value ?? school.active.lesson] : value]]
  })
  return Object.fromEntries(values)
}

function hiddenBy(mutation: string, field: string): string | undefined {
  const kind = field === 'id' ? mutation.replace(/^[a-z]+/, '') : field
  return {
    Course: school.otherDraft.course,
    courseId: school.otherDraft.course,
    Lesson: school.otherDraft.lesson,
    lessonIds: school.otherDraft.lesson,
    Enrollment: school.foreignEnrollment,
    enrollmentId: school.foreignEnrollment,
    Payment: school.foreignPayment,
    Meeting: school.foreignMeeting,
    meetingId: school.foreignMeeting,
    Conversation: school.personal.admin.conversation,
    conversationId: school.personal.admin.conversation,
    User: school.admin,
    userId: school.admin,
    teacherId: school.admin,
    hostId: school.admin,
    studentId: school.admin,
    attendeeIds: school.admin,
    // AI models are everybody's.
    modelId: undefined,
  }[kind]
}

/** Where another id stands beside the one in question. */
function visibleBy(field: string): string | undefined {
  return { courseId: school.active.course, meetingId: school.attended, modelId: school.model }[
    field
  ]
}
