import { expect, test } from 'vitest'
import { startTestApp, type TestApp } from '../support/start-test-app.ts'
import { call, checksum, gid } from './call.ts'

/** From now on the table refuses every new row, as a full disk would. */
async function refuseRows(app: TestApp, table: string): Promise<void> {
  await app.prisma.$executeRawUnsafe(`
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'no more rows'; END $$`)
  await app.prisma.$executeRawUnsafe(
    `CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON "${table}" EXECUTE FUNCTION refuse()`,
  )
}

const times = { startsAt: '2026-05-01T10:00:00Z', endsAt: '2026-05-01T11:00:00Z' }

test('a meeting whose calendar entry fails is not there, nor are its attendees', async () => {
  await using app = await startTestApp()
  const [host, teacher] = [await app.rows.user(), await app.rows.teacher()]
  await app.rows.course({ teacherId: teacher.id })
  await refuseRows(app, 'CalendarEvent')
  const before = await checksum(app)

  const input = { ...times, title: 'M', attendeeIds: [gid('User', teacher)], idempotencyKey: 'k' }
  const { code, message, payload } = await call(app, host, 'createMeeting', input)

  expect({ code, payload }).toEqual({ code: 'INTERNAL_SERVER_ERROR', payload: null })
  expect(message).not.toContain('no more rows')
  expect(await checksum(app)).toBe(before)
})

test('an import whose enrollments fail makes no accounts', async () => {
  await using app = await startTestApp()
  const [admin, course] = [await app.rows.admin(), await app.rows.course()]
  await refuseRows(app, 'Enrollment')
  const before = await checksum(app)
  const rows = [{ email: 'a@example.org', name: 'A' }]
  const input = { rows, courseId: gid('Course', course) }
  expect((await call(app, admin, 'importStudents', input)).code).toBe('INTERNAL_SERVER_ERROR')
  expect(await checksum(app)).toBe(before)
})

test('a lesson that cannot be put in its place is not added', async () => {
  await using app = await startTestApp()
  const course = await app.rows.course()
  await app.rows.lesson({ courseId: course.id, position: 1 })
  await app.prisma.$executeRaw`ALTER TABLE "Lesson" ADD CHECK ("position" < 3)`
  const before = await checksum(app)
  const input = { courseId: gid('Course', course), title: 'T', body: '', position: 1 }
  const { payload } = await call(app, { id: course.teacherId }, 'addLesson', input)
  expect(payload).toBeNull()
  expect(await checksum(app)).toBe(before)
})

test('of several mutations in one operation, one that fails undoes only itself', async () => {
  await using app = await startTestApp()
  const [student, course] = [await app.rows.user(), await app.rows.course()]
  const { data, errors } = await app.query(
    `mutation ($enroll: EnrollInput!) {
      first: enroll(input: $enroll) { enrollment { status } }
      second: enroll(input: $enroll) { enrollment { status } }
      third: updateProfile(input: { name: "After" }) { user { name } }
    }`,
    { as: student, variables: { enroll: { courseId: gid('Course', course) } } },
  )
  expect(data).toEqual({
    first: { enrollment: { status: 'ACTIVE' } },
    second: null,
    third: { user: { name: 'After' } },
  })
  expect(errors).toMatchObject([{ path: ['second'], extensions: { code: 'CONFLICT' } }])
})

test('a payload shows the row as each mutation left it', async () => {
  await using app = await startTestApp()
  const user = await app.rows.user()
  const { data } = await app.query(
    `mutation {
      first: updateProfile(input: { name: "One" }) { user { name } }
      second: updateProfile(input: { name: "Two" }) { user { name } }
    }`,
    { as: user },
  )
  expect(data).toEqual({ first: { user: { name: 'One' } }, second: { user: { name: 'Two' } } })
})

test('a course with payments cannot be deleted, one without takes its own along', async () => {
  await using app = await startTestApp()
  const [paid, free] = [await app.rows.payment(), await app.rows.course()]
  await app.rows.lesson({ courseId: free.id })
  await app.rows.enrollment({ courseId: free.id })
  const { id: meetingId } = await app.rows.meeting({ courseId: free.id })

  await expect(app.prisma.course.delete({ where: { id: paid.courseId } })).rejects.toThrow()
  await app.prisma.course.delete({ where: { id: free.id } })

  expect(await app.prisma.lesson.count({ where: { courseId: free.id } })).toBe(0)
  expect(await app.prisma.enrollment.count({ where: { courseId: free.id } })).toBe(0)
  expect(await app.prisma.meeting.findUnique({ where: { id: meetingId } })).toMatchObject({
    courseId: null,
  })
})
