import { expect, test } from 'vitest'
import { globalId } from '../support/global-id.ts'
import { startTestApp } from '../support/start-test-app.ts'

test('the viewer is the person whose token it is, and nobody without one', async () => {
  await using app = await startTestApp()
  const user = await app.rows.user({
    name: 'Ines',
    email: 'ines@example.org',
    timezone: 'Asia/Tokyo',
  })
  const query = '{ viewer { id name email role timezone avatarUrl createdAt updatedAt } }'

  const signedIn = await app.query(query, { as: user })
  const anonymous = await app.query(query)

  expect(signedIn.data.viewer).toEqual({
    id: globalId('User', user.id),
    name: 'Ines',
    email: 'ines@example.org',
    role: 'STUDENT',
    timezone: 'Asia/Tokyo',
    avatarUrl: null,
    createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    updatedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
  })
  expect(anonymous).toMatchObject({ data: { viewer: null }, errors: undefined })
})

test('a person is found by id', async () => {
  await using app = await startTestApp()
  const user = await app.rows.user({ name: 'Ines' })
  const admin = await app.rows.admin()
  const id = globalId('User', user.id)

  const { data } = await app.query(
    `{ user(id: "${id}") { name } node(id: "${id}") { __typename ... on User { name } } }`,
    { as: admin },
  )

  expect(data).toEqual({ user: { name: 'Ines' }, node: { __typename: 'User', name: 'Ines' } })
})

test('an admin lists people by role and by what their name or email contains, in any case', async () => {
  await using app = await startTestApp()
  const admin = await app.rows.admin({ name: 'Zoe' })
  await app.rows.teacher({ name: 'Ann_a', email: 'a@example.org' })
  await app.rows.user({ name: 'Hannah', email: 'b@example.org' })
  await app.rows.user({ name: 'Otto', email: 'annika@example.org' })
  const list = (filter: string) =>
    app.query(
      `{ users(filter: ${filter}, orderBy: NAME) { totalCount nodes { name } edges { cursor } } }`,
      { as: admin },
    )

  const found = (await list('{ search: " aNn " }')).data.users
  const students = (await list('{ search: "ann", role: STUDENT }')).data.users
  const underscores = (await list('{ search: "n_" }')).data.users

  expect(found.nodes).toEqual([{ name: 'Ann_a' }, { name: 'Hannah' }, { name: 'Otto' }])
  expect(found.totalCount).toBe(3)
  expect(found.edges).toHaveLength(3)
  expect(students.nodes).toEqual([{ name: 'Hannah' }, { name: 'Otto' }])
  expect(underscores.nodes).toEqual([{ name: 'Ann_a' }])
})

test('people are listed newest first unless asked otherwise', async () => {
  await using app = await startTestApp()
  const admin = await app.rows.admin({ name: 'A', createdAt: '2026-01-01T00:00:00.000Z' })
  await app.rows.user({ name: 'B', createdAt: '2026-01-03T00:00:00.000Z' })
  await app.rows.user({ name: 'C', createdAt: '2026-01-02T00:00:00.000Z' })

  const { data } = await app.query('{ users { nodes { name } } }', { as: admin })

  expect(data.users.nodes).toEqual([{ name: 'B' }, { name: 'C' }, { name: 'A' }])
})

test.each([
  ['of 101 characters', 'x'.repeat(101), /at most 100 characters/],
  ['with a NUL character', 'a\0b', /NUL/],
])('a search %s is refused by the name of its argument', async (_what, search, message) => {
  await using app = await startTestApp()
  const admin = await app.rows.admin()

  const { errors } = await app.query(
    'query ($search: String) { users(filter: { search: $search }) { totalCount } }',
    { as: admin, variables: { search } },
  )

  expect(errors).toMatchObject([
    {
      message: expect.stringMatching(message),
      extensions: { code: 'BAD_USER_INPUT', field: expect.stringMatching(/search$/) },
    },
  ])
})

test('what is personal is shown to its owner, whole', async () => {
  await using app = await startTestApp()
  const { id: userId } = await app.rows.user({ name: 'Ines' })
  await app.rows.profile({ userId, headline: 'Hello', website: 'https://example.org' })
  await app.rows.subscription({ userId, plan: 'PRO', renewsAt: '2026-06-01T00:00:00.000Z' })
  await app.rows.botSettings({ userId, autoJoin: true, language: 'pt-BR' })
  await app.rows.usageRecord({ userId, quantity: 1, recordedAt: '2026-01-01T00:00:00.000Z' })
  await app.rows.usageRecord({ userId, quantity: 2, recordedAt: '2026-01-02T00:00:00.000Z' })
  await app.rows.creditEntry({ userId, amount: 30, createdAt: '2026-01-01T00:00:00.000Z' })
  await app.rows.creditEntry({ userId, amount: -5, createdAt: '2026-01-02T00:00:00.000Z' })
  await app.rows.integration({ userId, provider: 'ZOOM', status: 'ERROR' })
  await app.rows.integration({ userId, provider: 'SLACK' })

  const { data, errors } = await app.query(
    `{ viewer {
      profile { headline bio website user { name } }
      subscription { plan status renewsAt user { name } }
      botSettings { autoJoin recordingEnabled language user { name } }
      usage { nodes { metric quantity recordedAt user { name } } }
      recent: usage(since: "2026-01-02T00:00:00Z") { totalCount nodes { quantity } }
      creditBalance
      creditEntries { nodes { amount reason user { name } } }
      integrations { nodes { provider status lastSyncedAt user { name } } }
    } }`,
    { as: userId },
  )

  const user = { name: 'Ines' }
  expect(errors).toBeUndefined()
  expect(data.viewer).toEqual({
    profile: { headline: 'Hello', bio: null, website: 'https://example.org', user },
    subscription: { plan: 'PRO', status: 'ACTIVE', renewsAt: '2026-06-01T00:00:00Z', user },
    botSettings: { autoJoin: true, recordingEnabled: false, language: 'pt-BR', user },
    usage: {
      nodes: [
        { metric: 'AI_TOKENS', quantity: 2, recordedAt: '2026-01-02T00:00:00Z', user },
        { metric: 'AI_TOKENS', quantity: 1, recordedAt: '2026-01-01T00:00:00Z', user },
      ],
    },
    recent: { totalCount: 1, nodes: [{ quantity: 2 }] },
    creditBalance: 25,
    creditEntries: {
      nodes: [
        { amount: -5, reason: 'A welcome', user },
        { amount: 30, reason: 'A welcome', user },
      ],
    },
    integrations: {
      nodes: [
        { provider: 'SLACK', status: 'CONNECTED', lastSyncedAt: null, user },
        { provider: 'ZOOM', status: 'ERROR', lastSyncedAt: null, user },
      ],
    },
  })
})

test('what was never saved is null, and a balance over nothing is 0', async () => {
  await using app = await startTestApp()
  const user = await app.rows.user()

  const { data, errors } = await app.query(
    '{ viewer { profile { bio } subscription { plan } botSettings { language } creditBalance } }',
    { as: user },
  )

  expect(errors).toBeUndefined()
  expect(data.viewer).toEqual({
    profile: null,
    subscription: null,
    botSettings: null,
    creditBalance: 0,
  })
})

test('the leaderboard has the most credits first, equals by user sharing a rank, page by page', async () => {
  await using app = await startTestApp()
  const credits = { Ann: [5, 5], Ben: [20, -10], Cleo: [7], Dan: [50] }
  for (const [name, amounts] of Object.entries(credits)) {
    const { id: userId } = await app.rows.user({ name })
    for (const amount of amounts) await app.rows.creditEntry({ userId, amount })
  }
  await app.rows.user({ name: 'Without credits' })
  const page = async (args: string) =>
    (
      await app.query(
        `{ leaderboard(${args}) {
          totalCount nodes { rank name credits } pageInfo { endCursor hasNextPage }
        } }`,
      )
    ).data.leaderboard

  const first = await page('first: 2')
  const second = await page(`first: 2, after: "${first.pageInfo.endCursor}"`)

  expect(first.totalCount).toBe(4)
  expect([...first.nodes, ...second.nodes]).toEqual([
    { rank: 1, name: 'Dan', credits: 50 },
    { rank: 2, name: 'Ann', credits: 10 },
    { rank: 2, name: 'Ben', credits: 10 },
    { rank: 4, name: 'Cleo', credits: 7 },
  ])
  expect(first.pageInfo.hasNextPage).toBe(true)
  expect(second.pageInfo.hasNextPage).toBe(false)
})

test('nodes of many types are answered in the order of their ids', async () => {
  await using app = await startTestApp()
  const course = await app.rows.course({ title: 'One' })
  const model = await app.rows.aiModel({ name: 'Two' })
  const hidden = await app.rows.profile()
  const ids = [
    globalId('AiModel', model.id),
    globalId('Profile', hidden.id),
    globalId('Course', course.id),
    globalId('AiModel', model.id),
  ]

  const { data, errors } = await app.query(
    'query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Course { title } ... on AiModel { name } } }',
    { variables: { ids } },
  )

  expect(errors).toBeUndefined()
  expect(data.nodes).toEqual([
    { id: ids[0], name: 'Two' },
    null,
    { id: ids[2], title: 'One' },
    { id: ids[0], name: 'Two' },
  ])
})
