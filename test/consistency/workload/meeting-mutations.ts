import { globalIdOf } from './cast.ts'
import { by, byOwner, id, type Mutations, next, open, roomFor } from './draw-write.ts'

/** What happens to meetings. */
export const meetingMutations: Mutations = {
  createMeeting: [
    2,
    (draw) => {
      const { cast, random, version } = draw
      const host = cast.find(random, 'User', ({ role }) => role !== 'STUDENT')
      const invited = cast.rows(
        'User',
        ({ id: userId }) => userId !== host?.id && random.chance(0.2),
      )
      if (!host || !roomFor(draw, 'Meeting', 24)) return null
      const courses = cast.rows('Course', ({ teacherId }) => teacherId === host.id)
      return by(host.id, {
        ...{ title: `m${version}v0`, attendeeIds: invited.map((user) => globalIdOf('User', user)) },
        ...startingIn(version),
        ...(courses[0] && random.chance(0.5) && { courseId: globalIdOf('Course', courses[0]) }),
      })
    },
  ],
  updateMeeting: [
    3,
    byOwner(
      'Meeting',
      'hostId',
      (meeting, { version, random }) => ({
        ...{ id: globalIdOf('Meeting', meeting), title: next(meeting.title, version) },
        ...(random.chance(0.5) && startingIn(version)),
      }),
      ({ status }) => status === 'SCHEDULED',
    ),
  ],
  cancelMeeting: [1, byOwner('Meeting', 'hostId', id('Meeting'), open)],
  respondToMeeting: [
    4,
    byOwner('Attendee', 'userId', ({ meetingId }, { random }) => ({
      meetingId: globalIdOf('Meeting', { id: meetingId }),
      response: random.pick(['ACCEPTED', 'DECLINED']),
    })),
  ],
}

function startingIn(version: number) {
  const startsAt = new Date(Date.UTC(2027, 0, 1 + (version % 300), version % 24))
  const endsAt = new Date(startsAt.getTime() + 3_600_000)
  return { startsAt: startsAt.toISOString(), endsAt: endsAt.toISOString() }
}
