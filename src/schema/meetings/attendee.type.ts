import { minutes } from '../../loaders/answer-policy.ts'
import { entity } from '../builder.ts'
import { meetingVisible } from './meeting.type.ts'

export const Attendee = entity.object('Attendee', {
  model: 'Attendee',
  maxAge: minutes(2),
  description: 'An invitation to a meeting and its answer. Whoever sees the meeting sees it.',
  visible: { meeting: meetingVisible },
  fields: (t) => ({
    response: t.column('response', { description: 'What the person answered.' }),
    createdAt: t.column('createdAt', { description: 'When the person was invited.' }),
    updatedAt: t.column('updatedAt', { description: 'When the answer changed last.' }),
    meeting: t.one('meeting', { description: 'The meeting.', inherits: true }),
    user: t.one('user', { description: 'The person invited.', inherits: true }),
  }),
})
