import { hours } from '../../loaders/answer-policy.ts'
import { anyOf, role, viewerId } from '../../loaders/where.ts'
import { entity, type Rule } from '../builder.ts'

const visible: Rule<'Subscription'> = anyOf(role('ADMIN'), { userId: viewerId })

export const Subscription = entity.object('Subscription', {
  model: 'Subscription',
  maxAge: hours(1),
  description: 'The plan that a person is on, seen by that person and admins.',
  visible,
  fields: (t) => ({
    plan: t.column('plan', { description: 'The plan that the person is on.' }),
    status: t.column('status', { description: 'Whether it is in force.' }),
    renewsAt: t.column('renewsAt', {
      description: 'When it renews next; null when it will not, as for the FREE plan.',
    }),
    createdAt: t.column('createdAt', { description: 'When the person first chose a plan.' }),
    updatedAt: t.column('updatedAt', { description: 'When the subscription changed last.' }),
    user: t.one('user', { description: 'The subscriber.', inherits: true }),
  }),
})
