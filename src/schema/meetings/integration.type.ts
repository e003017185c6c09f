import { anyOf, role, viewerId } from '../../loaders/where.ts'
import { entity, type Rule } from '../builder.ts'

const visible: Rule<'Integration'> = anyOf(role('ADMIN'), { userId: viewerId })

export const Integration = entity.object('Integration', {
  model: 'Integration',
  noStore: true,
  description:
    'A connection between an account and a service, seen by its owner and admins. At most one for each service.',
  visible,
  fields: (t) => ({
    provider: t.column('provider', { description: 'The service.' }),
    status: t.column('status', { description: 'Whether the connection works.' }),
    lastSyncedAt: t.column('lastSyncedAt', {
      description: 'When it was synchronised last; null when it never was.',
    }),
    createdAt: t.column('createdAt', { description: 'When the service was connected.' }),
    updatedAt: t.column('updatedAt', { description: 'When the connection changed last.' }),
    user: t.one('user', { description: 'The person whose connection it is.', inherits: true }),
  }),
})
