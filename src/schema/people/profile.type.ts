import { minutes } from '../../loaders/answer-policy.ts'
import { anyOf, role, viewerId } from '../../loaders/where.ts'
import { entity, type Rule } from '../builder.ts'

const visible: Rule<'Profile'> = anyOf(role('ADMIN'), { userId: viewerId })

export const Profile = entity.object('Profile', {
  model: 'Profile',
  maxAge: minutes(30),
  description: 'What a person tells about themselves, seen by that person and admins.',
  visible,
  fields: (t) => ({
    headline: t.column('headline', { description: 'One line under the name.' }),
    bio: t.column('bio', { description: 'A few paragraphs.' }),
    website: t.column('website', { description: 'The address of their own site.' }),
    createdAt: t.column('createdAt', { description: 'When the profile was first saved.' }),
    updatedAt: t.column('updatedAt', { description: 'When the profile changed last.' }),
    user: t.one('user', { description: 'The person whose profile it is.', inherits: true }),
  }),
})
