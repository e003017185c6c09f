import { minutes } from '../../loaders/answer-policy.ts'
import { everybody } from '../../loaders/where.ts'
import { builder, entity } from '../builder.ts'
import { PlatformStats } from './platform-stats.type.ts'

export const AdminDashboard = entity.view('AdminDashboard', {
  model: 'User',
  maxAge: minutes(5),
  description: 'What an admin sees first, for admins.',
  fields: (t) => ({
    newestUsers: t.list('User', {
      description: 'Everybody, those who came last first.',
      inherits: true,
      where: everybody,
      orderBy: [{ createdAt: 'desc' }],
    }),
    newestCourses: t.list('Course', {
      description: 'All courses, those never published before those published last.',
      inherits: true,
      where: everybody,
      orderBy: [{ publishedAt: 'desc' }],
    }),
  }),
})

builder.objectField(AdminDashboard, 'platform', (t) =>
  t.field({
    type: PlatformStats,
    description: 'Figures about the whole platform.',
    resolve: () => ({}),
  }),
)
