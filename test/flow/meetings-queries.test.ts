import { expect, test } from 'vitest'
import { globalId } from '../support/global-id.ts'
import { startTestApp } from '../support/start-test-app.ts'

test('a meeting shows its host, course and attendees, all or by their answer', async () => {
  await using app = await startTestApp()
  const host = await app.rows.user({ name: 'Hana' })
  const course = await app.rows.course({ title: 'Weaving' })
  const meeting = await app.rows.meeting({ hostId: host.id, courseId: course.id, title: 'Start' })
  const ann = await app.rows.user({ name: 'Ann' })
  const ben = await app.rows.user({ name: 'Ben' })
  await app.rows.attendee({ meetingId: meeting.id, userId: ann.id, response: 'ACCEPTED' })
  await app.rows.attendee({ meetingId: meeting.id, userId: ben.id })

  const { data, errors } = await app.query(
    `{ meeting(id: "${globalId('Meeting', meeting.id)}") {
      title startsAt endsAt status host { name } course { title }
      attendees { totalCount nodes { response user { name } meeting { title } } }
      coming: attendees(response: ACCEPTED) { totalCount nodes { user { name } } }
    } }`,
    { as: ann },
  )

  expect(errors).toBeUndefined()
  expect(data.meeting).toEqual({
    title: 'Start',
    startsAt: '2026-03-04T10:00:00Z',
    endsAt: '2026-03-04T11:00:00Z',
    status: 'SCHEDULED',
    host: { name: 'Hana' },
    course: { title: 'Weaving' },
    attendees: {
      totalCount: 2,
      nodes: [
        { response: 'ACCEPTED', user: { name: 'Ann' }, meeting: { title: 'Start' } },
        { response: 'INVITED', user: { name: 'Ben' }, meeting: { title: 'Start' } },
      ],
    },
    coming: { totalCount: 1, nodes: [{ user: { name: 'Ann' } }] },
  })
})

test("a person's meetings are those hosted and those attended, each once, by time", async () => {
  await using app = await startTestApp()
  const ann = await app.rows.user()
  const at = (hour: string) => ({
    startsAt: `2026-03-04T${hour}:00:00.000Z`,
    endsAt: `2026-03-04T${hour}:30:00.000Z`,
  })
  const hosted = await app.rows.meeting({ ...at('12'), title: 'hosted', hostId: ann.id })
  const attended = await app.rows.meeting({ ...at('10'), title: 'attended' })
  await app.rows.meeting({ ...at('11'), title: 'of others' })
  for (const { id: meetingId } of [hosted, attended]) {
    await app.rows.attendee({ meetingId, userId: ann.id })
  }

  const { data } = await app.query(
    `{ viewer {
      meetings { totalCount nodes { title course { title } } }
      last: meetings(first: 1, orderBy: LATEST) { nodes { title } pageInfo { hasNextPage } }
    } }`,
    { as: ann },
  )

  expect(data.viewer).toEqual({
    meetings: {
      totalCount: 2,
      nodes: [
        { title: 'attended', course: null },
        { title: 'hosted', course: null },
      ],
    },
    last: { nodes: [{ title: 'hosted' }], pageInfo: { hasNextPage: true } },
  })
})

test('calendar events are cut out by time and lead to the meetings that the viewer may see', async () => {
  await using app = await startTestApp()
  const { id: userId } = await app.rows.user({ name: 'Ann' })
  const meeting = await app.rows.meeting({ hostId: userId, title: 'Start' })
  const foreign = await app.rows.meeting()
  const on = (day: string, title: string, meetingId: string | null = null) =>
    app.rows.calendarEvent({
      userId,
      title,
      meetingId,
      startsAt: `2026-03-${day}T09:00:00.000Z`,
      endsAt: `2026-03-${day}T10:00:00.000Z`,
    })
  await on('03', 'third', foreign.id)
  await on('01', 'first')
  await on('02', 'second', meeting.id)

  const { data, errors } = await app.query(
    `{ viewer {
      calendarEvents { totalCount nodes { title startsAt endsAt meeting { title } user { name } } }
      cut: calendarEvents(from: "2026-03-01T10:00:00Z", to: "2026-03-03T09:00:00Z") { nodes { title } }
      touching: calendarEvents(from: "2026-03-01T09:59:59.999999Z", to: "2026-03-03T09:00:00.000001Z") {
        totalCount
      }
    } }`,
    { as: userId },
  )

  const event = (day: string, title: string, meeting: object | null) => ({
    title,
    startsAt: `2026-03-${day}T09:00:00Z`,
    endsAt: `2026-03-${day}T10:00:00Z`,
    meeting,
    user: { name: 'Ann' },
  })
  expect(errors).toBeUndefined()
  expect(data.viewer).toEqual({
    calendarEvents: {
      totalCount: 3,
      nodes: [
        event('01', 'first', null),
        event('02', 'second', { title: 'Start' }),
        event('03', 'third', null),
      ],
    },
    cut: { nodes: [{ title: 'second' }] },
    touching: { totalCount: 3 },
  })
})
