import { viewerId } from '../../loaders/where.ts'
import { entity, type Rule } from '../builder.ts'

/** Conversations are their owner's alone: not even an admin reads them. */
export const conversationVisible: Rule<'Conversation'> = { userId: viewerId }

export const Conversation = entity.object('Conversation', {
  model: 'Conversation',
  noStore: true,
  description: 'A conversation with an AI model, seen by nobody but its owner, admins included.',
  visible: conversationVisible,
  fields: (t) => ({
    title: t.column('title', { description: 'What it is about.' }),
    lastMessageAt: t.column('lastMessageAt', {
      description: 'When its latest message was written; of a new one, when it was started.',
    }),
    createdAt: t.column('createdAt', { description: 'When it was started.' }),
    updatedAt: t.column('updatedAt', { description: 'When it changed last.' }),
    user: t.one('user', { description: 'Its owner.', inherits: true }),
    model: t.one('model', { description: 'The AI model that answers.' }),
    messages: t.many('messages', {
      description: 'What was said, oldest first; the newest are `last: 20`.',
      inherits: true,
      orderBy: [{ createdAt: 'asc' }],
    }),
  }),
})
