import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestApp, type TestApp } from '../support/start-test-app.ts'
import { call, gid } from './call.ts'

let app: TestApp
beforeAll(async () => {
  app = await startTestApp()
})
afterAll(() => app[Symbol.asyncDispose]())

describe('updateProfile', () => {
  test('changes what is given, clears what is null and leaves the rest', async () => {
    const user = await app.rows.user({ avatarUrl: 'https://example.org/a.png', timezone: 'UTC' })
    await app.rows.profile({
      userId: user.id,
      headline: 'Before',
      bio: 'Stays',
      website: 'https://a.org',
    })

    const { payload } = await call(
      app,
      user,
      'updateProfile',
      { name: '  Zoë 🦊 ', headline: 'After', website: null },
      'user { id name avatarUrl timezone } profile { headline bio website }',
    )

    expect(payload).toEqual({
      user: {
        id: gid('User', user),
        name: 'Zoë 🦊',
        avatarUrl: 'https://example.org/a.png',
        timezone: 'UTC',
      },
      profile: { headline: 'After', bio: 'Stays', website: null },
    })
  })

  test('makes the profile of somebody who has none', async () => {
    const user = await app.rows.user()
    const { payload } = await call(app, user, 'updateProfile', { bio: 'New' }, 'profile { bio }')
    expect(payload).toEqual({ profile: { bio: 'New' } })
  })

  test('an admin changes the profile of somebody else', async () => {
    const [admin, user] = [await app.rows.admin(), await app.rows.user()]
    const input = { userId: gid('User', user), timezone: 'Europe/Berlin' }
    const { payload } = await call(app, admin, 'updateProfile', input, 'user { id timezone }')
    expect(payload.user).toEqual({ id: gid('User', user), timezone: 'Europe/Berlin' })
  })
})

describe('changePlan', () => {
  test('a paid plan renews in a month, by the clock of the database', async () => {
    const user = await app.rows.user()
    const selection = 'subscription { plan status renewsAt }'

    const { payload } = await call(app, user, 'changePlan', { plan: 'PRO' }, selection)

    expect(payload.subscription).toMatchObject({ plan: 'PRO', status: 'ACTIVE' })
    const [row] = await app.prisma.$queryRaw<{ ok: boolean }[]>`
      SELECT "renewsAt" BETWEEN now() + interval '1 month' - interval '1 minute'
        AND now() + interval '1 month' + interval '1 minute' AS ok
      FROM "Subscription" WHERE "userId" = ${user.id}::uuid`
    expect(row).toEqual({ ok: true })
    const free = await call(app, user, 'changePlan', { plan: 'FREE' }, selection)
    expect(free.payload.subscription).toEqual({ plan: 'FREE', status: 'ACTIVE', renewsAt: null })
  })

  test('the plan that is in force already does not move its renewal', async () => {
    const user = await app.rows.user()
    const first = await call(app, user, 'changePlan', { plan: 'TEAM' }, 'subscription { renewsAt }')
    const again = await call(app, user, 'changePlan', { plan: 'TEAM' }, 'subscription { renewsAt }')
    expect(again.payload).toEqual(first.payload)
  })
})

test('grantCredits writes a line, and the balance is their sum', async () => {
  const [admin, user] = [await app.rows.admin(), await app.rows.user()]
  await app.rows.creditEntry({ userId: user.id, amount: 100 })
  const { payload } = await call(
    app,
    admin,
    'grantCredits',
    { userId: gid('User', user), amount: -30, reason: 'A mistake' },
    'user { creditBalance } creditEntry { amount reason }',
  )
  expect(payload).toEqual({
    user: { creditBalance: 70 },
    creditEntry: { amount: -30, reason: 'A mistake' },
  })
})

describe('changeRole', () => {
  test('makes a student a teacher, who may then create courses', async () => {
    const [admin, user] = [await app.rows.admin(), await app.rows.user()]
    const course = { title: 'T', slug: 'first-course', summary: 'S', description: '' }
    expect((await call(app, user, 'createCourse', course)).code).toBe('FORBIDDEN')

    const input = { userId: gid('User', user), role: 'TEACHER' }
    const { payload } = await call(app, admin, 'changeRole', input, 'user { role }')

    expect(payload).toEqual({ user: { role: 'TEACHER' } })
    expect((await call(app, user, 'createCourse', course)).code).toBeUndefined()
  })

  test('nobody changes their own role', async () => {
    const admin = await app.rows.admin()
    const input = { userId: gid('User', admin), role: 'STUDENT' }
    expect(await call(app, admin, 'changeRole', input)).toMatchObject({
      code: 'CONFLICT',
      field: 'input.userId',
    })
  })

  test('a teacher with courses cannot become a student, but an admin', async () => {
    const [admin, course] = [await app.rows.admin(), await app.rows.course()]
    const userId = gid('User', { id: course.teacherId })
    const asStudent = await call(app, admin, 'changeRole', { userId, role: 'STUDENT' })
    expect(asStudent).toMatchObject({ code: 'CONFLICT', field: 'input.role' })
    const asAdmin = await call(app, admin, 'changeRole', { userId, role: 'ADMIN' }, 'user { role }')
    expect(asAdmin.payload).toEqual({ user: { role: 'ADMIN' } })
  })
})

describe('deleteUser', () => {
  test('takes along all that is theirs, and nothing of others', async () => {
    const [admin, user] = [await app.rows.admin(), await app.rows.user()]
    const meeting = await app.rows.meeting()
    const kept = await app.rows.enrollment()
    await app.rows.profile({ userId: user.id })
    await app.rows.subscription({ userId: user.id })
    await app.rows.botSettings({ userId: user.id })
    await app.rows.integration({ userId: user.id })
    await app.rows.creditEntry({ userId: user.id })
    await app.rows.usageRecord({ userId: user.id })
    await app.rows.calendarEvent({ userId: user.id })
    await app.rows.attendee({ userId: user.id, meetingId: meeting.id })
    await app.rows.enrollment({ studentId: user.id, courseId: kept.courseId })
    const hosted = await app.rows.meeting({ hostId: user.id })
    await app.rows.attendee({ meetingId: hosted.id })
    const { id: conversationId } = await app.rows.conversation({ userId: user.id })
    await app.rows.message({ conversationId })

    const input = { id: gid('User', user) }
    const { payload } = await call(app, admin, 'deleteUser', input, 'deletedUserId')

    expect(payload).toEqual({ deletedUserId: gid('User', user) })
    const where = { where: { userId: user.id } }
    const left = [
      await app.prisma.user.count({ where: { id: user.id } }),
      await app.prisma.profile.count(where),
      await app.prisma.subscription.count(where),
      await app.prisma.botSettings.count(where),
      await app.prisma.integration.count(where),
      await app.prisma.creditEntry.count(where),
      await app.prisma.usageRecord.count(where),
      await app.prisma.calendarEvent.count(where),
      await app.prisma.attendee.count(where),
      await app.prisma.enrollment.count({ where: { studentId: user.id } }),
      await app.prisma.meeting.count({ where: { hostId: user.id } }),
      await app.prisma.attendee.count({ where: { meetingId: hosted.id } }),
      await app.prisma.message.count({ where: { conversationId } }),
    ]
    expect(left).toEqual(left.map(() => 0))
    expect(await app.prisma.meeting.count({ where: { id: meeting.id } })).toBe(1)
    expect(await app.prisma.enrollment.count({ where: { id: kept.id } })).toBe(1)
  })

  test('somebody with payments on record stays, and so does each payment', async () => {
    const [admin, payment] = [await app.rows.admin(), await app.rows.payment()]
    const input = { id: gid('User', { id: payment.studentId }) }
    expect(await call(app, admin, 'deleteUser', input)).toMatchObject({
      code: 'CONFLICT',
      field: 'input.id',
      message: 'Payments stay on record, and this person has 1',
    })
    expect(await app.prisma.payment.count({ where: { id: payment.id } })).toBe(1)
  })

  test('somebody who has courses stays', async () => {
    const [admin, course] = [await app.rows.admin(), await app.rows.course()]
    const input = { id: gid('User', { id: course.teacherId }) }
    expect(await call(app, admin, 'deleteUser', input)).toMatchObject({ code: 'CONFLICT' })
  })

  test('the token of somebody deleted is no token any more', async () => {
    const [admin, user] = [await app.rows.admin(), await app.rows.user()]
    await call(app, admin, 'deleteUser', { id: gid('User', user) })
    const { code, payload } = await call(app, user, 'updateProfile', { name: 'A ghost' })
    expect({ code, payload }).toEqual({ code: 'UNAUTHENTICATED', payload: null })
  })

  test('admins do not delete themselves', async () => {
    const admin = await app.rows.admin()
    const { code } = await call(app, admin, 'deleteUser', { id: gid('User', admin) })
    expect(code).toBe('CONFLICT')
  })
})

describe('importStudents', () => {
  const selection = 'results { status user { id email name timezone role } }'

  test('makes new accounts, finds old ones, and enrolls them all', async () => {
    const [admin, course] = [await app.rows.admin(), await app.rows.course()]
    const old = await app.rows.user({ email: 'old@example.org', name: 'Old' })
    await app.rows.enrollment({ studentId: old.id, courseId: course.id, status: 'CANCELLED' })

    const { payload } = await call(
      app,
      admin,
      'importStudents',
      {
        courseId: gid('Course', course),
        rows: [
          { email: ' New@Example.ORG ', name: 'New', timezone: 'Asia/Tokyo' },
          { email: 'old@example.org', name: 'Another name' },
          { email: 'newer@example.org', name: 'Newer' },
        ],
      },
      selection,
    )

    expect(payload.results).toEqual([
      {
        status: 'CREATED',
        user: {
          id: expect.any(String),
          email: 'new@example.org',
          name: 'New',
          timezone: 'Asia/Tokyo',
          role: 'STUDENT',
        },
      },
      { status: 'EXISTING', user: expect.objectContaining({ id: gid('User', old), name: 'Old' }) },
      { status: 'CREATED', user: expect.objectContaining({ name: 'Newer', timezone: 'UTC' }) },
    ])
    const where = { courseId: course.id, status: 'ACTIVE' } as const
    expect(await app.prisma.enrollment.count({ where })).toBe(3)
  })

  test('one bad row fails them all, and every bad row is named', async () => {
    const admin = await app.rows.admin()
    await app.rows.teacher({ email: 'teacher@example.org' })
    const rows = [
      { email: 'fine@example.org', name: 'Fine' },
      { email: 'not an address', name: 'Bad' },
      { email: 'other@example.org', name: ' ', timezone: 'Mars/Base' },
    ]
    const bad = await call(app, admin, 'importStudents', { rows })
    expect(bad).toMatchObject({ code: 'BAD_USER_INPUT', field: 'input.rows.1.email' })
    expect(bad.issues.map(({ field }) => field)).toEqual([
      'input.rows.1.email',
      'input.rows.2.name',
      'input.rows.2.timezone',
    ])

    const notStudent = { email: 'teacher@example.org', name: 'T' }
    const input = { rows: [{ email: 'fine@example.org', name: 'Fine' }, notStudent] }
    expect(await call(app, admin, 'importStudents', input)).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'input.rows.1.email',
    })
    expect(await app.prisma.user.count({ where: { email: 'fine@example.org' } })).toBe(0)
  })
})
