import { hours } from '../../loaders/answer-policy.ts'
import { anyOf, role, viewerId } from '../../loaders/where.ts'
import { entity, type Rule } from '../builder.ts'

const visible: Rule<'BotSettings'> = anyOf(role('ADMIN'), { userId: viewerId })

export const BotSettings = entity.object('BotSettings', {
  model: 'BotSettings',
  maxAge: hours(1),
  description: 'What the meeting bot does for a person, seen by that person and admins.',
  visible,
  fields: (t) => ({
    autoJoin: t.column('autoJoin', {
      description: "Whether the bot joins all of the person's meetings by itself.",
    }),
    recordingEnabled: t.column('recordingEnabled', {
      description: 'Whether the bot records the meetings that it joins.',
    }),
    language: t.column('language', {
      description: 'The language of its notes, as a BCP 47 tag: `en`, `pt-BR`.',
    }),
    createdAt: t.column('createdAt', { description: 'When the settings were first saved.' }),
    updatedAt: t.column('updatedAt', { description: 'When the settings changed last.' }),
    user: t.one('user', { description: 'The person whose settings they are.', inherits: true }),
  }),
})
