import { entity } from '../builder.ts'
import { parseGlobalId } from '../global-id.ts'
import { AiModel } from './ai-model.type.ts'
import { Conversation } from './conversation.type.ts'
import { enabledOnly, onlyEnabled } from './enabled-models.ts'

entity.query((t) => ({
  aiModels: t.connection(AiModel, {
    description: 'The AI models of all providers, by name. Public.',
    args: { enabledOnly },
    where: onlyEnabled,
    orderBy: [{ name: 'asc' }],
  }),
  conversation: t.one(Conversation, {
    description:
      'A conversation of the viewer; null when there is none with this id or it is not theirs.',
    args: { id: { type: 'ID', required: true, description: "The conversation's global id." } },
    by: (args) => ({ id: parseGlobalId(args.id, 'Conversation', 'id') }),
  }),
}))
