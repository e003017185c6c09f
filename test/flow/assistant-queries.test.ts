import { expect, test } from 'vitest'
import { globalId } from '../support/global-id.ts'
import { startTestApp } from '../support/start-test-app.ts'

test('AI models are listed by name with their provider, the disabled ones only when asked for', async () => {
  await using app = await startTestApp()
  const provider = await app.rows.aiProvider({ name: 'Anvil', slug: 'anvil' })
  const own = { providerId: provider.id }
  await app.rows.aiModel({ ...own, name: 'Large', contextWindow: 200_000 })
  await app.rows.aiModel({ ...own, name: 'Old', enabled: false })
  await app.rows.aiModel({ ...own, name: 'Fast' })

  const { data } = await app.query(`{
    aiModels { totalCount nodes { name contextWindow enabled provider { name slug } } }
    all: aiModels(enabledOnly: false) { nodes { name } }
    node(id: "${globalId('AiProvider', provider.id)}") {
      ... on AiProvider {
        models { totalCount nodes { name } }
        all: models(enabledOnly: false) { totalCount }
      }
    }
  }`)

  const anvil = { name: 'Anvil', slug: 'anvil' }
  expect(data).toEqual({
    aiModels: {
      totalCount: 2,
      nodes: [
        { name: 'Fast', contextWindow: 8_192, enabled: true, provider: anvil },
        { name: 'Large', contextWindow: 200_000, enabled: true, provider: anvil },
      ],
    },
    all: { nodes: [{ name: 'Fast' }, { name: 'Large' }, { name: 'Old' }] },
    node: {
      models: { totalCount: 2, nodes: [{ name: 'Fast' }, { name: 'Large' }] },
      all: { totalCount: 3 },
    },
  })
})

test('a conversation shows its owner, model and messages, and its newest page from the end', async () => {
  await using app = await startTestApp()
  const user = await app.rows.user({ name: 'Ann' })
  const conversation = await app.rows.conversation({ userId: user.id, title: 'Looms' })
  const conversationId = conversation.id
  for (const [index, role] of (['SYSTEM', 'USER', 'ASSISTANT'] as const).entries()) {
    await app.rows.message({
      conversationId,
      role,
      content: `${index}`,
      createdAt: `2026-01-01T00:00:0${index}.000Z`,
    })
  }

  const { data, errors } = await app.query(
    `{ conversation(id: "${globalId('Conversation', conversationId)}") {
      title lastMessageAt user { name } model { enabled }
      messages { totalCount nodes { role content tokenCount conversation { title } } }
      newest: messages(last: 1) { nodes { content } pageInfo { hasPreviousPage } }
    } }`,
    { as: user },
  )

  const rest = { tokenCount: 3, conversation: { title: 'Looms' } }
  expect(errors).toBeUndefined()
  expect(data.conversation).toEqual({
    title: 'Looms',
    lastMessageAt: expect.any(String),
    user: { name: 'Ann' },
    model: { enabled: true },
    messages: {
      totalCount: 3,
      nodes: [
        { role: 'SYSTEM', content: '0', ...rest },
        { role: 'USER', content: '1', ...rest },
        { role: 'ASSISTANT', content: '2', ...rest },
      ],
    },
    newest: { nodes: [{ content: '2' }], pageInfo: { hasPreviousPage: true } },
  })
})

test('conversations are listed latest first', async () => {
  await using app = await startTestApp()
  const { id: userId } = await app.rows.user()
  await app.rows.conversation({ userId, title: 'old', lastMessageAt: '2026-01-01T00:00:00.000Z' })
  await app.rows.conversation({ userId, title: 'new', lastMessageAt: '2026-01-02T00:00:00.000Z' })

  const { data } = await app.query('{ viewer { conversations { totalCount nodes { title } } } }', {
    as: userId,
  })

  expect(data.viewer.conversations).toEqual({
    totalCount: 2,
    nodes: [{ title: 'new' }, { title: 'old' }],
  })
})
