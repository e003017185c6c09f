import type { Prisma } from '../../generated/prisma/client.ts'
import { getSubjectId, signedIn, type Writer } from '../authorize.ts'
import { dateTime, globalId, list, maybe, text } from '../input-values.ts'
import { getOwnCourse } from '../learning/get-course.ts'
import { lockRows } from '../lock-row.ts'
import { mutation } from '../mutation.ts'
import { one } from '../payload.ts'
import { userVisible } from '../people/user.type.ts'
import { newRowId } from '../row-id.ts'
import { badInput, inputError, issue } from '../validate.ts'
import { whereVisible } from '../visible-where.ts'
import { getHostedMeeting } from './get-meeting.ts'
import { Meeting } from './meeting.type.ts'
import { writeCalendar } from './write-calendar.ts'

/** A meeting of more is an audience. */
const maxAttendees = 200

const fields = {
  title: text(200).describe('What it is about, at most 200 characters.'),
  startsAt: dateTime().describe('When it begins.'),
  endsAt: dateTime().describe('When it ends, after it begins.'),
}

mutation('createMeeting', {
  description: "Plans a meeting, invites people to it and puts it into the host's calendar.",
  allow: signedIn,
  input: {
    ...fields,
    hostId: maybe(globalId('User')).describe(
      'Who hosts it; the viewer when left out. Only admins may name somebody else.',
    ),
    courseId: maybe(globalId('Course')).describe(
      'The course that it belongs to, which its host teaches.',
    ),
    attendeeIds: maybe(list(globalId('User'), { min: 0, max: maxAttendees })).describe(
      'Whom to invite, each once, at most 200 people. The host attends anyway.',
    ),
  },
  check({ startsAt, endsAt, attendeeIds = [] }, fault) {
    if (endsAt <= startsAt) fault(['endsAt'], 'must be after "input.startsAt"')
    for (const [index, id] of attendeeIds.entries()) {
      if (attendeeIds.indexOf(id) < index) fault(['attendeeIds', index], 'is there twice')
    }
  },
  payload: { meeting: one(Meeting, 'The new meeting.') },
  async run({ input, tx, viewer }) {
    const { title, startsAt, endsAt, attendeeIds = [], courseId = null } = input
    const hostId = await getSubjectId(tx, viewer, input.hostId, 'input.hostId')
    if (courseId !== null) await keepTaughtBy(tx, viewer, hostId, courseId)
    await keepVisible(tx, viewer, attendeeIds)
    const id = newRowId()
    // SQL of our own, because Prisma writes times without their microseconds.
    await tx.$executeRaw`
      INSERT INTO "Meeting" ("id", "hostId", "courseId", "title", "startsAt", "endsAt")
      VALUES (${id}::uuid, ${hostId}::uuid, ${courseId}::uuid, ${title},
        ${startsAt}::timestamptz, ${endsAt}::timestamptz)`
    const invited = attendeeIds.filter((userId) => userId !== hostId)
    await tx.attendee.createMany({ data: invited.map((userId) => ({ meetingId: id, userId })) })
    await writeCalendar(tx, id, hostId)
    return { meeting: id }
  },
})

mutation('updateMeeting', {
  description:
    'Changes what is given of a SCHEDULED meeting, and its calendar entries with it; what is left out stays.',
  allow: signedIn,
  input: {
    id: globalId('Meeting').describe('The meeting, which must be SCHEDULED.'),
    title: fields.title.optional(),
    startsAt: fields.startsAt.optional(),
    endsAt: fields.endsAt.optional(),
  },
  payload: { meeting: one(Meeting, 'The meeting, as it is now.') },
  async run({ input: { id, title = null, startsAt = null, endsAt = null }, tx, viewer }) {
    await getHostedMeeting(tx, viewer, id, ['SCHEDULED'])
    const [times] = await tx.$queryRaw<{ inOrder: boolean }[]>`
      SELECT coalesce(${endsAt}::timestamptz, "endsAt") > coalesce(${startsAt}::timestamptz, "startsAt")
        AS "inOrder"
      FROM "Meeting" WHERE "id" = ${id}::uuid`
    if (!times?.inOrder) {
      const field = endsAt === null ? 'startsAt' : 'endsAt'
      throw badInput([issue(['input', field], 'would have the meeting end before it begins')])
    }
    await tx.$executeRaw`
      UPDATE "Meeting" SET "updatedAt" = now(), "title" = coalesce(${title}, "title"),
        "startsAt" = coalesce(${startsAt}::timestamptz, "startsAt"),
        "endsAt" = coalesce(${endsAt}::timestamptz, "endsAt")
      WHERE "id" = ${id}::uuid`
    await tx.$executeRaw`
      UPDATE "CalendarEvent" AS e SET "updatedAt" = now(),
        "title" = m."title", "startsAt" = m."startsAt", "endsAt" = m."endsAt"
      FROM "Meeting" AS m WHERE m."id" = ${id}::uuid AND e."meetingId" = m."id"`
    return { meeting: id }
  },
})

mutation('cancelMeeting', {
  description: 'Cancels a meeting that has not ended, and takes it out of all calendars.',
  allow: signedIn,
  input: { id: globalId('Meeting').describe('The meeting, which must be SCHEDULED or LIVE.') },
  payload: { meeting: one(Meeting, 'The meeting, as it is now.') },
  async run({ input: { id }, tx, viewer }) {
    await getHostedMeeting(tx, viewer, id, ['SCHEDULED', 'LIVE'])
    await tx.meeting.update({ where: { id }, data: { status: 'CANCELLED' } })
    await tx.calendarEvent.deleteMany({ where: { meetingId: id } })
    return { meeting: id }
  },
})

async function keepTaughtBy(
  tx: Prisma.TransactionClient,
  viewer: Writer,
  hostId: string,
  courseId: string,
): Promise<void> {
  const { teacherId } = await getOwnCourse(tx, viewer, courseId, { field: 'input.courseId' })
  if (teacherId === hostId) return
  throw badInput([issue(['input', 'courseId'], 'must be a course that the host teaches')])
}

/** Whom the viewer cannot see, the viewer cannot invite: it would show who is there. */
async function keepVisible(
  tx: Prisma.TransactionClient,
  viewer: Writer,
  userIds: readonly string[],
): Promise<void> {
  await lockRows(tx, 'User', userIds, 'keep')
  const seen = await tx.user.findMany({
    where: { id: { in: [...userIds] }, AND: whereVisible(viewer, 'User', userVisible) },
    select: { id: true },
  })
  const visible = new Set(seen.map(({ id }) => id))
  const issues = userIds.flatMap((id, index) =>
    visible.has(id) ? [] : [issue(['input', 'attendeeIds', index], 'there is no such user')],
  )
  if (issues.length > 0) throw inputError('NOT_FOUND', issues)
}
