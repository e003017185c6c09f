import { entity } from '../builder.ts'
import { conversationVisible } from './conversation.type.ts'

export const Message = entity.object('Message', {
  model: 'Message',
  noStore: true,
  description: 'One message of a conversation, seen by nobody but the owner of the conversation.',
  visible: { conversation: conversationVisible },
  fields: (t) => ({
    role: t.column('role', { description: 'Who speaks.' }),
    content: t.column('content', { description: 'What is said, as Markdown.' }),
    tokenCount: t.column('tokenCount', { description: 'Its length, in tokens of the model.' }),
    createdAt: t.column('createdAt', { description: 'When it was written.' }),
    updatedAt: t.column('updatedAt', { description: 'When it changed last.' }),
    conversation: t.one('conversation', {
      description: 'The conversation that it is part of.',
      inherits: true,
    }),
  }),
})
