import { minutes } from '../../loaders/answer-policy.ts'
import { anyOf, role, viewerId } from '../../loaders/where.ts'
import { entity, type Rule } from '../builder.ts'

const visible: Rule<'CalendarEvent'> = anyOf(role('ADMIN'), { userId: viewerId })

export const CalendarEvent = entity.object('CalendarEvent', {
  model: 'CalendarEvent',
  maxAge: minutes(1),
  description: "An entry in a person's calendar, seen by that person and admins.",
  visible,
  fields: (t) => ({
    title: t.column('title', { description: 'What the entry is about.' }),
    startsAt: t.column('startsAt', { description: 'When it begins.' }),
    endsAt: t.column('endsAt', { description: 'When it ends.' }),
    createdAt: t.column('createdAt', { description: 'When the entry was made.' }),
    updatedAt: t.column('updatedAt', { description: 'When the entry changed last.' }),
    user: t.one('user', { description: 'The person whose calendar it is.', inherits: true }),
    meeting: t.one('meeting', {
      description:
        'The meeting that the entry stands for; null when it stands for none, or for one that the viewer may not see.',
    }),
  }),
})
