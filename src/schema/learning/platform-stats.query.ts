import { role } from '../../loaders/where.ts'
import { entity } from '../builder.ts'
import { PlatformStats } from './platform-stats.type.ts'

entity.query((t) => ({
  platformStats: t.field({
    type: PlatformStats,
    description: 'Figures about the whole platform. For admins.',
    guard: role('ADMIN'),
    resolve: () => ({}),
  }),
}))
