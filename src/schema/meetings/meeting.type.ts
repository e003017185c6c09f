import { minutes } from '../../loaders/answer-policy.ts'
import { anyOf, role, viewerId } from '../../loaders/where.ts'
import { entity, type Rule } from '../builder.ts'
import { AttendeeResponse } from './meetings.enums.ts'

/** Who sees a meeting, and with it who hosts it and who was invited. */
export const meetingVisible: Rule<'Meeting'> = anyOf(
  role('ADMIN'),
  { hostId: viewerId },
  { attendees: { some: { userId: viewerId } } },
  { course: { teacherId: viewerId } },
)

export const Meeting = entity.object('Meeting', {
  model: 'Meeting',
  maxAge: minutes(2),
  description:
    'A meeting, seen by its host, its attendees, the teacher of the course that it belongs to, and admins.',
  visible: meetingVisible,
  fields: (t) => ({
    title: t.column('title', { description: 'What it is about.' }),
    startsAt: t.column('startsAt', { description: 'When it begins.' }),
    endsAt: t.column('endsAt', { description: 'When it ends; always after it begins.' }),
    status: t.column('status', { description: 'Where the meeting is in its life.' }),
    createdAt: t.column('createdAt', { description: 'When the meeting was planned.' }),
    updatedAt: t.column('updatedAt', {
      description: 'When the meeting itself (not its attendees) changed last.',
    }),
    host: t.one('host', { description: 'The person who called the meeting.', inherits: true }),
    course: t.one('course', {
      description:
        'The course that it belongs to; null when it belongs to none, or to one that the viewer may not see.',
    }),
    attendees: t.many('attendees', {
      description:
        'The people invited, in the order of their invitation; the host is not among them.',
      inherits: true,
      args: {
        response: { type: AttendeeResponse, description: 'Only those who answered this.' },
      },
      where: (args) => ({ response: args.response ?? undefined }),
      orderBy: [{ createdAt: 'asc' }],
    }),
  }),
})
