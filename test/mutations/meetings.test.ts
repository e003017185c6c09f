import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestApp, type TestApp } from '../support/start-test-app.ts'
import { call, gid } from './call.ts'

let app: TestApp
beforeAll(async () => {
  app = await startTestApp()
})
afterAll(() => app[Symbol.asyncDispose]())

const times = { startsAt: '2026-05-01T10:00:00.000001Z', endsAt: '2026-05-01T11:00:00.000002Z' }
const calendarOf = (userId: string) =>
  app.prisma.$queryRaw<object[]>`
    SELECT "title", "startsAt"::text, "endsAt"::text FROM "CalendarEvent"
    WHERE "userId" = ${userId}::uuid ORDER BY 2`

describe('createMeeting', () => {
  test('invites people and stands in the calendar of its host, to the microsecond', async () => {
    const teacher = await app.rows.teacher()
    const course = await app.rows.course({ teacherId: teacher.id })
    const [ann, ben] = [
      await app.rows.enrollment({ courseId: course.id }),
      await app.rows.enrollment({ courseId: course.id }),
    ]
    const people = [ann, ben].map(({ studentId }) => gid('User', { id: studentId }))

    const { payload } = await call(
      app,
      teacher,
      'createMeeting',
      {
        ...times,
        title: 'Office hour',
        courseId: gid('Course', course),
        attendeeIds: [...people, gid('User', teacher)],
      },
      `meeting { title startsAt endsAt status host { id } course { id }
        attendees { nodes { response user { id } } } }`,
    )

    const { attendees, ...meeting } = payload.meeting
    expect(meeting).toEqual({
      ...times,
      title: 'Office hour',
      status: 'SCHEDULED',
      host: { id: gid('User', teacher) },
      course: { id: gid('Course', course) },
    })
    expect(attendees.nodes).toHaveLength(2)
    expect(attendees.nodes).toEqual(
      expect.arrayContaining(people.map((id) => ({ response: 'INVITED', user: { id } }))),
    )
    expect(await calendarOf(teacher.id)).toEqual([
      {
        title: 'Office hour',
        startsAt: '2026-05-01 10:00:00.000001+00',
        endsAt: '2026-05-01 11:00:00.000002+00',
      },
    ])
  })

  test('needs no more than a microsecond', async () => {
    const host = await app.rows.user()
    const blink = { startsAt: '2026-05-01T10:00:00Z', endsAt: '2026-05-01T10:00:00.000001Z' }
    const { payload } = await call(
      app,
      host,
      'createMeeting',
      { ...blink, title: 'A blink' },
      'meeting { startsAt endsAt }',
    )
    expect(payload.meeting).toEqual(blink)
  })

  test('keeps times of the first and the last year', async () => {
    const host = await app.rows.user()
    const input = {
      startsAt: '0001-01-01T00:00:00Z',
      endsAt: '9999-12-31T23:59:59.999999Z',
      title: 'Ages',
    }
    const { payload } = await call(app, host, 'createMeeting', input, 'meeting { startsAt endsAt }')
    expect(payload.meeting).toEqual({
      startsAt: '0001-01-01T00:00:00Z',
      endsAt: '9999-12-31T23:59:59.999999Z',
    })
  })

  test('belongs to a course only if its host teaches it', async () => {
    const [teacher, course] = [await app.rows.teacher(), await app.rows.course()]
    const input = { ...times, title: 'M', courseId: gid('Course', course) }
    expect(await call(app, teacher, 'createMeeting', input)).toMatchObject({
      code: 'FORBIDDEN',
      field: 'input.courseId',
    })
    const admin = await app.rows.admin()
    const hosted = { ...input, hostId: gid('User', teacher) }
    expect(await call(app, admin, 'createMeeting', hosted)).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'input.courseId',
    })
    const rightful = { ...input, hostId: gid('User', { id: course.teacherId }) }
    expect((await call(app, admin, 'createMeeting', rightful)).code).toBeUndefined()
  })

  test('does not tell who exists: whom the host cannot see cannot be invited', async () => {
    const [student, stranger] = [await app.rows.user(), await app.rows.user()]
    const attendeeIds = [gid('User', stranger), gid('User', { id: crypto.randomUUID() })]
    const { code, issues, payload } = await call(app, student, 'createMeeting', {
      ...times,
      title: 'M',
      attendeeIds,
    })
    expect({ code, payload }).toEqual({ code: 'NOT_FOUND', payload: null })
    expect(issues.map(({ message }) => message.replace(/\d/, 'N'))).toEqual(
      attendeeIds.map(() => '"input.attendeeIds.N" there is no such user'),
    )
  })
})

describe('updateMeeting', () => {
  test('changes what is given, and the calendars with it', async () => {
    const meeting = await app.rows.meeting({ title: 'Before' })
    const host = { id: meeting.hostId }
    await app.rows.calendarEvent({ userId: host.id, meetingId: meeting.id, title: 'Before' })
    const input = {
      id: gid('Meeting', meeting),
      title: 'After',
      endsAt: '2026-03-04T12:00:00.123456Z',
    }

    const { payload } = await call(
      app,
      host,
      'updateMeeting',
      input,
      'meeting { title startsAt endsAt }',
    )

    expect(payload.meeting).toEqual({
      title: 'After',
      startsAt: '2026-03-04T10:00:00Z',
      endsAt: '2026-03-04T12:00:00.123456Z',
    })
    expect(await calendarOf(host.id)).toEqual([
      {
        title: 'After',
        startsAt: '2026-03-04 10:00:00+00',
        endsAt: '2026-03-04 12:00:00.123456+00',
      },
    ])
  })

  test('never has it end before it begins, whichever end moves', async () => {
    const meeting = await app.rows.meeting()
    const [host, id] = [{ id: meeting.hostId }, gid('Meeting', meeting)]
    const late = await call(app, host, 'updateMeeting', { id, startsAt: '2026-03-04T11:00:00Z' })
    expect(late).toMatchObject({ code: 'BAD_USER_INPUT', field: 'input.startsAt' })
    const early = await call(app, host, 'updateMeeting', { id, endsAt: '2026-03-04T10:00:00Z' })
    expect(early).toMatchObject({ code: 'BAD_USER_INPUT', field: 'input.endsAt' })
  })

  test('is for its host: an attendee sees it and is refused, a stranger does not see it', async () => {
    const meeting = await app.rows.meeting()
    const attendee = await app.rows.attendee({ meetingId: meeting.id })
    const input = { id: gid('Meeting', meeting), title: 'Mine' }
    const asAttendee = await call(app, { id: attendee.userId }, 'updateMeeting', input)
    expect(asAttendee.code).toBe('FORBIDDEN')
    const asStranger = await call(app, await app.rows.user(), 'updateMeeting', input)
    const missing = await call(app, await app.rows.user(), 'updateMeeting', {
      ...input,
      id: gid('Meeting', { id: crypto.randomUUID() }),
    })
    expect(asStranger).toEqual(missing)
    expect(asStranger.code).toBe('NOT_FOUND')
  })
})

test('cancelMeeting happens once, and empties the calendars', async () => {
  const meeting = await app.rows.meeting()
  const [host, input] = [{ id: meeting.hostId }, { id: gid('Meeting', meeting) }]
  await app.rows.calendarEvent({ userId: host.id, meetingId: meeting.id })
  const { payload } = await call(app, host, 'cancelMeeting', input, 'meeting { status }')
  expect(payload).toEqual({ meeting: { status: 'CANCELLED' } })
  expect(await calendarOf(host.id)).toEqual([])
  expect((await call(app, host, 'cancelMeeting', input)).code).toBe('CONFLICT')
  expect((await call(app, host, 'updateMeeting', { ...input, title: 'T' })).code).toBe('CONFLICT')
})

describe('respondToMeeting', () => {
  const fields = 'attendee { response } meeting { attendees(response: ACCEPTED) { totalCount } }'

  test('puts an accepted meeting into the calendar once, and takes a declined one out', async () => {
    const attendee = await app.rows.attendee()
    const user = { id: attendee.userId }
    const meetingId = gid('Meeting', { id: attendee.meetingId })
    const respond = (response: string) =>
      call(app, user, 'respondToMeeting', { meetingId, response }, fields)

    await respond('ACCEPTED')
    expect((await respond('ACCEPTED')).payload).toEqual({
      attendee: { response: 'ACCEPTED' },
      meeting: { attendees: { totalCount: 1 } },
    })
    expect(await calendarOf(user.id)).toHaveLength(1)
    expect((await respond('DECLINED')).payload.attendee).toEqual({ response: 'DECLINED' })
    expect(await calendarOf(user.id)).toEqual([])
  })

  test('is for those invited, to a meeting that still takes place', async () => {
    const attendee = await app.rows.attendee()
    const meeting = await app.prisma.meeting.findUniqueOrThrow({
      where: { id: attendee.meetingId },
    })
    const input = { meetingId: gid('Meeting', meeting), response: 'ACCEPTED' }
    const byHost = await call(app, { id: meeting.hostId }, 'respondToMeeting', input)
    expect(byHost.code).toBe('FORBIDDEN')
    const byStranger = await call(app, await app.rows.user(), 'respondToMeeting', input)
    expect(byStranger.code).toBe('NOT_FOUND')
    await app.prisma.meeting.update({ where: { id: meeting.id }, data: { status: 'ENDED' } })
    const late = await call(app, { id: attendee.userId }, 'respondToMeeting', input)
    expect(late.code).toBe('CONFLICT')
  })
})

describe('integrations', () => {
  const connections = 'user { integrations { nodes { provider status } } }'

  test('are connected, mended and disconnected', async () => {
    const user = await app.rows.user()
    const broken = { userId: user.id, provider: 'ZOOM', status: 'ERROR' } as const
    await app.rows.integration(broken)
    const mended = await call(
      app,
      user,
      'connectIntegration',
      { provider: 'ZOOM' },
      `integration { provider status } ${connections}`,
    )
    const zoom = { provider: 'ZOOM', status: 'CONNECTED' }
    expect(mended.payload).toEqual({
      integration: zoom,
      user: { integrations: { nodes: [zoom] } },
    })
    await call(app, user, 'connectIntegration', { provider: 'SLACK' })
    const gone = await call(
      app,
      user,
      'disconnectIntegration',
      { provider: 'ZOOM' },
      `deletedIntegrationId ${connections}`,
    )
    expect(gone.payload).toEqual({
      deletedIntegrationId: expect.any(String),
      user: { integrations: { nodes: [{ provider: 'SLACK', status: 'CONNECTED' }] } },
    })
    expect(await call(app, user, 'disconnectIntegration', { provider: 'ZOOM' })).toMatchObject({
      code: 'NOT_FOUND',
      field: 'input.provider',
    })
  })
})

test('updateBotSettings keeps what is left out, from the first time on', async () => {
  const user = await app.rows.user()
  const fields = 'botSettings { autoJoin recordingEnabled language }'
  const first = await call(
    app,
    user,
    'updateBotSettings',
    { autoJoin: true, language: 'PT-br' },
    fields,
  )
  expect(first.payload.botSettings).toEqual({
    autoJoin: true,
    recordingEnabled: false,
    language: 'pt-BR',
  })
  const second = await call(app, user, 'updateBotSettings', { recordingEnabled: true }, fields)
  expect(second.payload.botSettings).toEqual({
    autoJoin: true,
    recordingEnabled: true,
    language: 'pt-BR',
  })
})
