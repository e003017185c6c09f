import { forbidden, getSubjectId, signedIn } from '../authorize.ts'
import { choice, globalId } from '../input-values.ts'
import { mutation } from '../mutation.ts'
import { one } from '../payload.ts'
import { ofWhom } from '../people/of-whom.ts'
import { Attendee } from './attendee.type.ts'
import { getMeeting, requireState } from './get-meeting.ts'
import { Meeting } from './meeting.type.ts'
import { AttendeeResponse } from './meetings.enums.ts'
import { writeCalendar } from './write-calendar.ts'

mutation('respondToMeeting', {
  description:
    'Answers an invitation. An accepted meeting is put into the calendar, a declined one is taken out.',
  allow: signedIn,
  input: {
    meetingId: globalId('Meeting').describe('The meeting, which must be SCHEDULED or LIVE.'),
    response: choice(AttendeeResponse).describe('ACCEPTED or DECLINED.'),
    userId: ofWhom(),
  },
  check({ response }, fault) {
    if (response === 'INVITED') fault(['response'], 'must be ACCEPTED or DECLINED')
  },
  payload: {
    attendee: one(Attendee, 'The invitation, as it is now.'),
    meeting: one(Meeting, 'The meeting.'),
  },
  async run({ input: { meetingId, response, userId: given }, tx, viewer }) {
    const userId = await getSubjectId(tx, viewer, given)
    const { status } = await getMeeting(tx, viewer, meetingId, 'input.meetingId')
    const key = { meetingId_userId: { meetingId, userId } }
    const attendee = await tx.attendee.findUnique({ where: key, select: { id: true } })
    if (!attendee) throw forbidden('Only who was invited answers an invitation', 'input.meetingId')
    requireState(status, ['SCHEDULED', 'LIVE'], 'input.meetingId')
    await tx.attendee.update({ where: key, data: { response } })
    if (response === 'ACCEPTED') await writeCalendar(tx, meetingId, userId)
    else await tx.calendarEvent.deleteMany({ where: { meetingId, userId } })
    return { attendee: attendee.id, meeting: meetingId }
  },
})
