import { expect, test } from 'vitest'
import { startTestApp } from '../support/start-test-app.ts'
import { watchReads } from '../support/watch-reads.ts'

const hour = (day: string, title: string) => ({
  title,
  startsAt: `2026-03-${day}T09:00:00.000Z`,
  endsAt: `2026-03-${day}T10:00:00.000Z`,
})

test('a student sees courses taken, progress, credits and what comes next', async () => {
  await using app = await startTestApp()
  const { id: studentId } = await app.rows.user()
  const take = async (title: string, values: object) => {
    const course = await app.rows.course({ title })
    await app.rows.enrollment({ courseId: course.id, studentId, ...values })
  }
  await take('Old', { progress: 0.5, enrolledAt: '2026-01-01T00:00:00.000Z' })
  await take('New', { progress: 0, enrolledAt: '2026-01-02T00:00:00.000Z' })
  await take('Done', { progress: 1, status: 'COMPLETED' })
  await take('Left', { progress: 0.9, status: 'CANCELLED' })
  await app.rows.creditEntry({ userId: studentId, amount: 12 })
  const next = await app.rows.meeting(hour('05', 'attended'))
  await app.rows.attendee({ meetingId: next.id, userId: studentId })
  await app.rows.meeting({ hostId: studentId, ...hour('04', 'hosted'), status: 'LIVE' })
  await app.rows.meeting({ hostId: studentId, ...hour('04', 'called off'), status: 'CANCELLED' })
  await app.rows.meeting({ hostId: studentId, ...hour('03', 'over') })
  await app.rows.calendarEvent({ userId: studentId, ...hour('03', 'past') })
  await app.rows.calendarEvent({ userId: studentId, ...hour('04', 'coming') })

  const { data, errors } = await app.query(
    `query ($now: DateTime!) { viewer { studentDashboard {
      activeEnrollments { totalCount nodes { progress course { title } } }
      completedCount
      averageProgress
      creditBalance
      upcomingMeetings(from: $now) { totalCount nodes { title } }
      nextCalendarEvents(from: $now) { totalCount nodes { title } }
    } } }`,
    { as: studentId, variables: { now: '2026-03-04T09:30:00Z' } },
  )

  expect(errors).toBeUndefined()
  expect(data.viewer.studentDashboard).toEqual({
    activeEnrollments: {
      totalCount: 2,
      nodes: [
        { progress: 0, course: { title: 'New' } },
        { progress: 0.5, course: { title: 'Old' } },
      ],
    },
    completedCount: 1,
    averageProgress: 0.5,
    creditBalance: 12,
    upcomingMeetings: { totalCount: 2, nodes: [{ title: 'hosted' }, { title: 'attended' }] },
    nextCalendarEvents: { totalCount: 1, nodes: [{ title: 'coming' }] },
  })
})

test('what is not over yet is told by the clock unless the client says since when, and only then for a minute', async () => {
  const reads = watchReads()
  await using app = await startTestApp({ plugins: [reads.plugin] })
  const { id: me } = await app.rows.user()
  const aroundNow = (hours: number, title: string) => {
    const at = (offset: number) => new Date(Date.now() + (hours + offset) * 3_600_000).toISOString()
    return { title, startsAt: at(-0.5), endsAt: at(0.5) }
  }
  for (const [hours, title] of [
    [-2, 'over'],
    [2, 'coming'],
  ] as const) {
    await app.rows.meeting({ hostId: me, ...aroundNow(hours, title) })
    await app.rows.calendarEvent({ userId: me, ...aroundNow(hours, title) })
  }
  const ask = async (from: string) => {
    const { data } = await app.query(
      `{ viewer { studentDashboard {
        upcomingMeetings${from} { nodes { title } } nextCalendarEvents${from} { nodes { title } }
      } } }`,
      { as: me },
    )
    return { ...data.viewer.studentDashboard, endsAtMs: reads.last.readSet.endsAtMs }
  }
  const coming = { nodes: [{ title: 'coming' }] }
  const all = { nodes: [{ title: 'over' }, { title: 'coming' }] }

  const since = await ask('(from: "2026-01-01T00:00:00Z")')
  expect(since).toEqual({ upcomingMeetings: all, nextCalendarEvents: all, endsAtMs: null })

  const before = Date.now()
  const { endsAtMs, ...shown } = await ask('')
  expect(shown).toEqual({ upcomingMeetings: coming, nextCalendarEvents: coming })
  expect(endsAtMs % 60_000).toBe(0)
  expect(endsAtMs).toBeGreaterThan(before)
  expect(endsAtMs).toBeLessThanOrEqual(Date.now() + 60_000)
})

test('a teacher sees all own courses with their figures, and every student once', async () => {
  await using app = await startTestApp()
  const { id: teacherId } = await app.rows.teacher()
  const ann = await app.rows.user({ name: 'Ann' })
  const ben = await app.rows.user({ name: 'Ben' })
  const first = await app.rows.course({ teacherId, title: 'First' })
  const second = await app.rows.course({ teacherId, title: 'Second', status: 'ARCHIVED' })
  await app.rows.course({ teacherId, title: 'Third', status: 'DRAFT', publishedAt: null })
  const paid = await app.rows.enrollment({ courseId: first.id, studentId: ann.id })
  await app.rows.payment({ enrollmentId: paid.id, amountCents: 1_500 })
  await app.rows.enrollment({ courseId: second.id, studentId: ann.id, status: 'COMPLETED' })
  await app.rows.enrollment({ courseId: first.id, studentId: ben.id })
  await app.rows.enrollment({ courseId: second.id, status: 'CANCELLED' })
  await app.rows.payment({ amountCents: 9_999 })
  await app.rows.meeting({ hostId: teacherId, ...hour('05', 'hosted') })

  const { data, errors } = await app.query(
    `{ viewer { teacherDashboard {
      courses(orderBy: TITLE) {
        totalCount
        nodes { title status stats { enrollmentCount completionRate revenueCents } }
      }
      drafts: courses(status: DRAFT) { nodes { title } }
      activeCourseCount
      studentCount
      students { totalCount nodes { name email } }
      enrollmentCount
      revenueCents
      upcomingMeetings(from: "2026-03-04T00:00:00Z") { nodes { title } }
    } } }`,
    { as: teacherId },
  )

  expect(errors).toBeUndefined()
  expect(data.viewer.teacherDashboard).toEqual({
    courses: {
      totalCount: 3,
      nodes: [
        {
          title: 'First',
          status: 'ACTIVE',
          stats: { enrollmentCount: 2, completionRate: 0, revenueCents: 1_500 },
        },
        {
          title: 'Second',
          status: 'ARCHIVED',
          stats: { enrollmentCount: 1, completionRate: 1, revenueCents: 0 },
        },
        {
          title: 'Third',
          status: 'DRAFT',
          stats: { enrollmentCount: 0, completionRate: null, revenueCents: 0 },
        },
      ],
    },
    drafts: { nodes: [{ title: 'Third' }] },
    activeCourseCount: 1,
    studentCount: 2,
    students: {
      totalCount: 2,
      nodes: [
        { name: 'Ann', email: ann.email },
        { name: 'Ben', email: ben.email },
      ],
    },
    enrollmentCount: 3,
    revenueCents: 1_500,
    upcomingMeetings: { nodes: [{ title: 'hosted' }] },
  })
})

test('an admin sees the figures of the platform, on the dashboard and by themselves', async () => {
  await using app = await startTestApp()
  const admin = await app.rows.admin({ name: 'Ada' })
  const course = await app.rows.course({ title: 'Weaving' })
  await app.rows.course({ teacherId: course.teacherId, title: 'Draft', status: 'DRAFT' })
  const pay = async (paidAt: string | null, amountCents: number, currency = 'EUR') => {
    const { id: enrollmentId } = await app.rows.enrollment({ courseId: course.id })
    const status = paidAt === null ? 'PENDING' : 'COMPLETED'
    await app.rows.payment({ enrollmentId, paidAt, amountCents, currency, status })
  }
  await pay('2026-03-31T23:59:59.999Z', 100)
  await pay('2026-03-01T00:00:00.000Z', 20)
  await pay('2026-02-28T23:59:59.999Z', 3)
  await pay('2026-03-15T00:00:00.000Z', 4_000, 'USD')
  await pay(null, 50_000)
  await app.rows.enrollment({ courseId: course.id, status: 'CANCELLED' })
  const figures = `usersByRole { role count } activeCourseCount enrollmentCount
    revenueByMonth { month revenueCents } dollars: revenueByMonth(currency: "USD") { month revenueCents }`

  const { data, errors } = await app.query(
    `{
      platformStats { ${figures} }
      viewer { adminDashboard {
        platform { ${figures} }
        newestUsers(last: 1) { totalCount nodes { name } }
        newestCourses { totalCount nodes { title } }
      } }
    }`,
    { as: admin },
  )

  expect(errors).toBeUndefined()
  expect(data.platformStats).toEqual({
    usersByRole: [
      { role: 'STUDENT', count: 6 },
      { role: 'TEACHER', count: 1 },
      { role: 'ADMIN', count: 1 },
    ],
    activeCourseCount: 1,
    enrollmentCount: 5,
    revenueByMonth: [
      { month: '2026-02', revenueCents: 3 },
      { month: '2026-03', revenueCents: 120 },
    ],
    dollars: [{ month: '2026-03', revenueCents: 4_000 }],
  })
  expect(data.viewer.adminDashboard).toEqual({
    platform: data.platformStats,
    newestUsers: { totalCount: 8, nodes: [{ name: 'Ada' }] },
    newestCourses: { totalCount: 2, nodes: [{ title: 'Draft' }, { title: 'Weaving' }] },
  })
})

test.each([
  ['a currency that is none', 'platformStats { revenueByMonth(currency: "euros") { month } }'],
  ['a currency that is none', 'viewer { teacherDashboard { revenueCents(currency: "XXXX") } }'],
])('%s is a bad input that names the argument', async (_what, field) => {
  await using app = await startTestApp()
  const admin = await app.rows.admin()

  const { errors } = await app.query(`{ ${field} }`, { as: admin })

  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', field: 'currency' } }])
})

test.each([1, 5])(
  'a teacher dashboard with %d courses and all their figures costs eight statements',
  async (count) => {
    await using app = await startTestApp()
    const { id: teacherId } = await app.rows.teacher()
    for (let made = 0; made < count; made++) {
      const course = await app.rows.course({ teacherId })
      await app.rows.lesson({ courseId: course.id })
      await app.rows.enrollment({ courseId: course.id })
    }

    const { statements, errors } = await app.query(
      `{ viewer { teacherDashboard {
      courses { nodes {
        title
        stats { enrollmentCount completionRate averageProgress revenueCents }
        lessons(first: 3) { nodes { title body } }
        enrollments(first: 3) { nodes { student { name email } } }
      } }
      studentCount
      revenueCents
    } } }`,
      { as: teacherId },
    )

    expect(errors).toBeUndefined()
    expect(statements).toHaveLength(8)
  },
)
