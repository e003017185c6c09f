import type { Prisma } from '../../generated/prisma/client.ts'
import { conflict, notFound, signedIn, type Writer } from '../authorize.ts'
import { globalId, text } from '../input-values.ts'
import { lockRows } from '../lock-row.ts'
import { mutation } from '../mutation.ts'
import { deleted, one } from '../payload.ts'
import { newRowId } from '../row-id.ts'
import { whereVisible } from '../visible-where.ts'
import { Conversation, conversationVisible } from './conversation.type.ts'
import { Message } from './message.type.ts'

mutation('startConversation', {
  description: 'Starts a conversation with an AI model. It is the viewer’s alone.',
  allow: signedIn,
  input: {
    modelId: globalId('AiModel').describe('The model, which must be enabled.'),
    title: text(200).describe('What it is about, at most 200 characters.'),
  },
  payload: { conversation: one(Conversation, 'The new conversation.') },
  async run({ input: { modelId, title }, tx, viewer }) {
    await lockRows(tx, 'AiModel', [modelId], 'hold')
    const model = await tx.aiModel.findUnique({ where: { id: modelId } })
    if (!model) throw notFound('model', 'input.modelId')
    if (!model.enabled) throw conflict(`${model.name} is switched off`, 'input.modelId')
    const id = newRowId()
    await tx.$executeRaw`
      INSERT INTO "Conversation" ("id", "userId", "modelId", "title")
      VALUES (${id}::uuid, ${viewer.id}::uuid, ${modelId}::uuid, ${title})`
    return { conversation: id }
  },
})

mutation('postMessage', {
  description: "Writes the viewer's next message in a conversation.",
  allow: signedIn,
  input: {
    conversationId: globalId('Conversation').describe('The conversation.'),
    content: text(20_000).describe('What to say, at most 20,000 characters.'),
  },
  payload: {
    message: one(Message, 'The new message.'),
    conversation: one(Conversation, 'The conversation, as it is now.'),
  },
  async run({ input: { conversationId, content }, tx, viewer }) {
    await getOwnConversation(tx, viewer, conversationId, 'input.conversationId')
    const id = newRowId()
    // The clock, not the transaction's beginning: messages have the order in which the lock was had.
    await tx.$executeRaw`
      WITH written AS (
        INSERT INTO "Message" ("id", "conversationId", "role", "content", "tokenCount", "createdAt")
        VALUES (${id}::uuid, ${conversationId}::uuid, 'USER', ${content}, ${estimateTokens(content)},
          clock_timestamp())
        RETURNING "createdAt"
      )
      UPDATE "Conversation" SET "lastMessageAt" = written."createdAt", "updatedAt" = now()
      FROM written WHERE "id" = ${conversationId}::uuid`
    return { message: id, conversation: conversationId }
  },
})

mutation('deleteConversation', {
  description: 'Deletes a conversation with all its messages.',
  allow: signedIn,
  input: { id: globalId('Conversation').describe('The conversation.') },
  payload: { deletedConversationId: deleted('Conversation', 'The id that it had.') },
  async run({ input: { id }, tx, viewer }) {
    await getOwnConversation(tx, viewer, id, 'input.id')
    await tx.conversation.delete({ where: { id } })
    return { deletedConversationId: id }
  },
})

/** Locks a conversation. Only its owner sees it, so who sees it may change it. */
async function getOwnConversation(
  tx: Prisma.TransactionClient,
  viewer: Writer,
  id: string,
  field: string,
): Promise<void> {
  await lockRows(tx, 'Conversation', [id], 'change')
  const own = await tx.conversation.count({
    where: { id, AND: whereVisible(viewer, 'Conversation', conversationVisible) },
  })
  if (own === 0) throw notFound('conversation', field)
}

/** The rule of thumb for English; the model's own count comes with its answer. */
function estimateTokens(content: string): number {
  return Math.ceil(content.length / 4)
}
