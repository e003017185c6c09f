import { minutes } from '../../loaders/answer-policy.ts'
import { entity } from '../builder.ts'

export const AiModel = entity.object('AiModel', {
  model: 'AiModel',
  maxAge: minutes(5),
  description: 'An AI model that a conversation can be held with. Everybody sees it.',
  fields: (t) => ({
    name: t.column('name', { description: 'Its name as its provider writes it.' }),
    contextWindow: t.column('contextWindow', {
      description: 'How much of a conversation it can take in, in tokens.',
    }),
    enabled: t.column('enabled', {
      description: 'Whether a new conversation can choose it; older ones go on either way.',
    }),
    createdAt: t.column('createdAt', { description: 'When the model was added.' }),
    updatedAt: t.column('updatedAt', { description: 'When the model changed last.' }),
    provider: t.one('provider', { description: 'The company that offers it.' }),
  }),
})
