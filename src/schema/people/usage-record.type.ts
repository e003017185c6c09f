import { minutes } from '../../loaders/answer-policy.ts'
import { anyOf, role, viewerId } from '../../loaders/where.ts'
import { entity, type Rule } from '../builder.ts'

const visible: Rule<'UsageRecord'> = anyOf(role('ADMIN'), { userId: viewerId })

export const UsageRecord = entity.object('UsageRecord', {
  model: 'UsageRecord',
  maxAge: minutes(5),
  description: 'A measurement of what a person used, seen by that person and admins.',
  visible,
  fields: (t) => ({
    metric: t.column('metric', { description: 'What was measured.' }),
    quantity: t.column('quantity', { description: 'How much, in the unit of the metric.' }),
    recordedAt: t.column('recordedAt', { description: 'When it was used.' }),
    createdAt: t.column('createdAt', { description: 'When the record was written.' }),
    updatedAt: t.column('updatedAt', { description: 'When the record changed last.' }),
    user: t.one('user', { description: 'The person who used it.', inherits: true }),
  }),
})
