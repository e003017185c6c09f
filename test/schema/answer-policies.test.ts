import { parse, validate } from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createAnswerTerms } from '../../src/cache/answer-terms.ts'
import { schema } from '../../src/schema/schema.ts'
import { globalId } from '../support/global-id.ts'
import { startTestApp, type TestApp } from '../support/start-test-app.ts'
import { watchReads } from '../support/watch-reads.ts'

const termsOf = createAnswerTerms(schema)

function read(text: string) {
  const document = parse(text)
  expect(validate(schema, document)).toEqual([])
  return termsOf(document)
}

/** Everything of the domain that is kept, at the root or behind a field that says nothing itself. */
test.for<readonly [selection: string, minutes: number]>([
  ['course(slug: "a") { title }', 30],
  ['courses { totalCount }', 30],
  ['courses { nodes { lessons { nodes { body } } } }', 30],
  ['viewer { email }', 30],
  ['viewer { profile { bio } }', 30],
  ['viewer { botSettings { autoJoin } }', 30],
  ['viewer { subscription { plan } }', 30],
  ['viewer { studentDashboard { averageProgress } }', 5],
  ['viewer { teacherDashboard { studentCount } }', 5],
  ['viewer { adminDashboard { newestUsers { nodes { name } } } }', 5],
  ['viewer { usage { nodes { quantity } } }', 5],
  ['aiModels { nodes { name provider { name } } }', 5],
  ['meeting(id: "a") { title attendees { nodes { response } } }', 2],
  ['viewer { meetings { totalCount } }', 2],
  ['course(slug: "a") { meetings { pageInfo { hasNextPage } } }', 2],
  ['viewer { calendarEvents { nodes { title } } }', 1],
  ['leaderboard { nodes { name credits } }', 60],
  ['leaderboard { totalCount }', 60],
  ['platformStats { activeCourseCount usersByRole { count } }', 60],
  ['viewer { adminDashboard { platform { enrollmentCount } } }', 5],
  // What says nothing of itself lives as long as what leads to it.
  ['course(slug: "a") { enrollments { nodes { progress } } }', 30],
  ['course(slug: "a") { stats { enrollmentCount revenueCents } }', 30],
  ['viewer { creditBalance creditEntries { nodes { amount } } }', 30],
  ['viewer { studentDashboard { activeEnrollments { nodes { progress } } } }', 5],
  ['node(id: "a") { id }', 1],
  ['node(id: "a") { ... on Course { title } }', 1],
])('{ %s } is kept for %i min', ([selection, minutes]) => {
  expect(read(`{ ${selection} }`)).toEqual({
    kind: 'query',
    maxAgeMs: minutes * 60_000,
    noStore: null,
    isPrivate: false,
  })
})

test.for<readonly [selection: string, noStore: string]>([
  ['viewer { conversations { totalCount } }', 'ConversationConnection'],
  ['conversation(id: "a") { title }', 'Conversation'],
  ['node(id: "a") { ... on Message { content } }', 'Message'],
  ['viewer { payments { nodes { status } } }', 'PaymentConnection'],
  ['course(slug: "a") { payments { totalCount } }', 'PaymentConnection'],
  ['viewer { integrations { nodes { status } } }', 'IntegrationConnection'],
  ['nodes(ids: []) { id ... on Integration { status } }', 'Integration'],
])('{ %s } is never stored', ([selection, noStore]) => {
  expect(read(`{ ${selection} }`)).toMatchObject({ maxAgeMs: 0, noStore })
})

describe('where only the row tells its type, the row decides:', () => {
  const reads = watchReads()
  let app: TestApp
  let ids: Readonly<Record<'me' | 'course' | 'conversation' | 'message' | 'payment', string>>

  beforeAll(async () => {
    app = await startTestApp({ plugins: [reads.plugin] })
    const me = (await app.rows.user()).id
    const course = (await app.rows.course()).id
    const conversation = (await app.rows.conversation({ userId: me })).id
    const message = (await app.rows.message({ conversationId: conversation })).id
    const { id: enrollmentId } = await app.rows.enrollment({ courseId: course, studentId: me })
    const payment = (await app.rows.payment({ enrollmentId })).id
    ids = {
      me,
      course: globalId('Course', course),
      conversation: globalId('Conversation', conversation),
      message: globalId('Message', message),
      payment: globalId('Payment', payment),
    }
  })
  afterAll(() => app[Symbol.asyncDispose]())

  const forbiddenBy = async (document: string, as: string | null) => {
    const { data } = await app.query(document, { as })
    return { data, forbidden: reads.last.readSet.forbidden }
  }

  test.for(['conversation', 'message', 'payment'] as const)(
    'a %s that is shown forbids',
    async (kind) => {
      const { data, forbidden } = await forbiddenBy(`{ node(id: "${ids[kind]}") { id } }`, ids.me)

      expect(data.node.id).toBe(ids[kind])
      expect(forbidden?.toLowerCase()).toBe(kind)
    },
  )

  test('one of several that are shown forbids', async () => {
    const { course, payment, me } = ids
    const shown = await forbiddenBy(`{ nodes(ids: ["${course}", "${payment}"]) { id } }`, me)

    expect(shown.data.nodes).toEqual([{ id: course }, { id: payment }])
    expect(shown.forbidden).toBe('Payment')
  })

  test('one that the viewer may not see is only looked at, and forbids nothing', async () => {
    const hidden = await forbiddenBy(`{ node(id: "${ids.conversation}") { id } }`, null)

    expect(hidden).toEqual({ data: { node: null }, forbidden: null })
    expect([...reads.last.readSet.tags].some((tag) => tag.startsWith('Conversation:'))).toBe(true)
  })

  test('figures over payments show no payment, and forbid nothing', async () => {
    const admin = (await app.rows.admin()).id
    const { data, forbidden } = await forbiddenBy(
      `{ node(id: "${ids.course}") { ... on Course { stats { revenueCents } } } }`,
      admin,
    )

    expect(data.node.stats.revenueCents).toBe(4_900)
    expect([...reads.last.readSet.tags].some((tag) => tag.startsWith('Payment.courseId='))).toBe(
      true,
    )
    expect(forbidden).toBeNull()
  })
})
