import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestApp, type TestApp } from '../support/start-test-app.ts'
import { call, gid } from './call.ts'

let app: TestApp
beforeAll(async () => {
  app = await startTestApp()
})
afterAll(() => app[Symbol.asyncDispose]())

describe('startConversation', () => {
  test('is with a model that is switched on', async () => {
    const [user, model] = [await app.rows.user(), await app.rows.aiModel()]
    const input = { modelId: gid('AiModel', model), title: 'About knots' }
    const selection = 'conversation { title model { id } messages { totalCount } }'
    const { payload } = await call(app, user, 'startConversation', input, selection)
    expect(payload.conversation).toEqual({
      title: 'About knots',
      model: { id: gid('AiModel', model) },
      messages: { totalCount: 0 },
    })
  })

  test('with one that is off is a conflict, with none is not found', async () => {
    const [user, model] = [await app.rows.user(), await app.rows.aiModel({ enabled: false })]
    const start = (modelId: string) => call(app, user, 'startConversation', { modelId, title: 'T' })
    expect((await start(gid('AiModel', model))).code).toBe('CONFLICT')
    expect((await start(gid('AiModel', { id: crypto.randomUUID() }))).code).toBe('NOT_FOUND')
  })
})

test('postMessage writes in one’s own words, and moves the conversation up', async () => {
  const conversation = await app.rows.conversation({ lastMessageAt: '2020-01-01T00:00:00Z' })
  const user = { id: conversation.userId }
  const input = { conversationId: gid('Conversation', conversation), content: 'Hello 👋' }
  const { payload } = await call(
    app,
    user,
    'postMessage',
    input,
    'message { role content createdAt } conversation { lastMessageAt messages { nodes { content } } }',
  )
  const { message } = payload
  expect(message).toMatchObject({ role: 'USER', content: 'Hello 👋' })
  expect(payload.conversation).toEqual({
    lastMessageAt: message.createdAt,
    messages: { nodes: [{ content: 'Hello 👋' }] },
  })
})

test('deleteConversation takes its messages along', async () => {
  const message = await app.rows.message()
  const { conversationId } = message
  const conversation = await app.prisma.conversation.findUniqueOrThrow({
    where: { id: conversationId },
  })
  const input = { id: gid('Conversation', conversation) }
  const user = { id: conversation.userId }
  const { payload } = await call(app, user, 'deleteConversation', input, 'deletedConversationId')
  expect(payload).toEqual({ deletedConversationId: input.id })
  expect(await app.prisma.message.count({ where: { conversationId } })).toBe(0)
  expect((await call(app, user, 'deleteConversation', input)).code).toBe('NOT_FOUND')
})

test('somebody else’s conversation does not exist, not even for an admin', async () => {
  const conversation = await app.rows.conversation()
  const [admin, id] = [await app.rows.admin(), gid('Conversation', conversation)]
  expect((await call(app, admin, 'postMessage', { conversationId: id, content: 'C' })).code).toBe(
    'NOT_FOUND',
  )
  expect((await call(app, admin, 'deleteConversation', { id })).code).toBe('NOT_FOUND')
  expect(await app.prisma.conversation.count({ where: { id: conversation.id } })).toBe(1)
})
