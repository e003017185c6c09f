import { minutes } from '../../loaders/answer-policy.ts'
import { entity } from '../builder.ts'
import { enabledOnly, onlyEnabled } from './enabled-models.ts'

export const AiProvider = entity.object('AiProvider', {
  model: 'AiProvider',
  maxAge: minutes(5),
  description: 'A company whose AI models the assistant can use. Everybody sees it.',
  fields: (t) => ({
    name: t.column('name', { description: 'Its name as people write it.' }),
    slug: t.column('slug', { description: 'Its unique name in configuration.' }),
    createdAt: t.column('createdAt', { description: 'When the provider was added.' }),
    updatedAt: t.column('updatedAt', { description: 'When the provider changed last.' }),
    models: t.many('models', {
      description: 'Its models, by name.',
      args: { enabledOnly },
      where: onlyEnabled,
      orderBy: [{ name: 'asc' }],
    }),
  }),
})
