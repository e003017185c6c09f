import { anyOf, role, viewerId } from '../../loaders/where.ts'
import { entity, type Rule } from '../builder.ts'

const visible: Rule<'CreditEntry'> = anyOf(role('ADMIN'), { userId: viewerId })

export const CreditEntry = entity.object('CreditEntry', {
  model: 'CreditEntry',
  description:
    "A line in a person's credit account, seen by that person and admins. The balance is the sum of all lines.",
  visible,
  fields: (t) => ({
    amount: t.column('amount', { description: 'Credits given; negative when they were taken.' }),
    reason: t.column('reason', { description: 'Why, in words meant for the person.' }),
    createdAt: t.column('createdAt', { description: 'When the line was written.' }),
    updatedAt: t.column('updatedAt', { description: 'When the line changed last.' }),
    user: t.one('user', { description: 'The person whose account it is.', inherits: true }),
  }),
})
