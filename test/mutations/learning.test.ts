import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestApp, type TestApp } from '../support/start-test-app.ts'
import { call, gid } from './call.ts'

let app: TestApp
beforeAll(async () => {
  app = await startTestApp()
})
afterAll(() => app[Symbol.asyncDispose]())

const courseFields = 'title slug summary description status priceCents currency publishedAt'

describe('a course', () => {
  test('begins as a DRAFT of its teacher, free unless priced', async () => {
    const teacher = await app.rows.teacher()
    const texts = { title: 'Knots', slug: 'knots', summary: 'To tie.', description: 'All of them.' }
    const { payload } = await call(
      app,
      teacher,
      'createCourse',
      texts,
      `course { ${courseFields} teacher { id } }`,
    )
    expect(payload.course).toEqual({
      ...texts,
      status: 'DRAFT',
      priceCents: 0,
      currency: 'EUR',
      publishedAt: null,
      teacher: { id: gid('User', teacher) },
    })
  })

  test('of an admin can be for any teacher, not for a student', async () => {
    const admin = await app.rows.admin()
    const [teacher, student] = [await app.rows.teacher(), await app.rows.user()]
    const input = { title: 'T', slug: 'for-another', summary: 'S', description: '' }
    const forStudent = { ...input, teacherId: gid('User', student) }
    expect(await call(app, admin, 'createCourse', forStudent)).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'input.teacherId',
    })
    const forTeacher = { ...input, teacherId: gid('User', teacher) }
    const { payload } = await call(
      app,
      admin,
      'createCourse',
      forTeacher,
      'course { teacher { id } }',
    )
    expect(payload.course.teacher.id).toBe(gid('User', teacher))
  })

  test('changes only where something is given', async () => {
    const course = await app.rows.course({ title: 'Before', priceCents: 100 })
    const teacher = { id: course.teacherId }
    const input = { id: gid('Course', course), title: 'After', currency: 'USD' }
    const { payload } = await call(
      app,
      teacher,
      'updateCourse',
      input,
      `course { ${courseFields} }`,
    )
    expect(payload.course).toMatchObject({
      title: 'After',
      currency: 'USD',
      priceCents: 100,
      slug: course.slug,
      summary: course.summary,
      description: course.description,
      status: 'ACTIVE',
    })
  })

  test('keeps its own slug, and never takes that of another', async () => {
    const [course, other] = [await app.rows.course(), await app.rows.course()]
    const teacher = { id: course.teacherId }
    const id = gid('Course', course)
    const same = await call(app, teacher, 'updateCourse', { id, slug: course.slug })
    expect(same.code).toBeUndefined()
    const taken = await call(app, teacher, 'updateCourse', { id, slug: other.slug })
    expect(taken).toMatchObject({ code: 'CONFLICT', field: 'input.slug' })
  })

  test('is published once, then archived once', async () => {
    const course = await app.rows.course({ status: 'DRAFT', publishedAt: null })
    const teacher = { id: course.teacherId }
    const input = { id: gid('Course', course) }
    expect((await call(app, teacher, 'archiveCourse', input)).code).toBe('CONFLICT')

    const published = await call(
      app,
      teacher,
      'publishCourse',
      input,
      'course { status publishedAt }',
    )
    expect(published.payload.course).toEqual({
      status: 'ACTIVE',
      publishedAt: expect.stringMatching(/^20.*Z$/),
    })
    expect((await call(app, teacher, 'publishCourse', input)).code).toBe('CONFLICT')

    const archived = await call(
      app,
      teacher,
      'archiveCourse',
      input,
      'course { status publishedAt }',
    )
    expect(archived.payload.course).toEqual({ ...published.payload.course, status: 'ARCHIVED' })
    expect((await call(app, teacher, 'archiveCourse', input)).code).toBe('CONFLICT')
  })
})

describe('lessons', () => {
  const order = 'course { lessons { nodes { title position } } }'

  async function courseOfThree() {
    const course = await app.rows.course()
    const lessons = []
    for (const [index, title] of ['one', 'two', 'three'].entries()) {
      lessons.push(await app.rows.lesson({ courseId: course.id, title, position: index + 1 }))
    }
    return { course, lessons, courseId: gid('Course', course), teacher: { id: course.teacherId } }
  }

  function inOrder(...titles: string[]) {
    return {
      course: { lessons: { nodes: titles.map((title, i) => ({ title, position: i + 1 })) } },
    }
  }

  test('are added at the end, or where asked', async () => {
    const { courseId, teacher } = await courseOfThree()
    const lesson = { courseId, title: 'last', body: 'B', durationMinutes: 20 }
    const added = await call(
      app,
      teacher,
      'addLesson',
      lesson,
      `lesson { title body durationMinutes position } ${order}`,
    )
    expect(added.payload).toEqual({
      lesson: { title: 'last', body: 'B', durationMinutes: 20, position: 4 },
      ...inOrder('one', 'two', 'three', 'last'),
    })
    const first = { courseId, title: 'first', body: '', position: 1 }
    const moved = await call(app, teacher, 'addLesson', first, order)
    expect(moved.payload).toEqual(inOrder('first', 'one', 'two', 'three', 'last'))
    const end = { courseId, title: 'end', body: '', position: 6 }
    expect((await call(app, teacher, 'addLesson', end, 'lesson { position }')).payload).toEqual({
      lesson: { position: 6 },
    })
    const beyond = { courseId, title: 'beyond', body: '', position: 8 }
    expect(await call(app, teacher, 'addLesson', beyond)).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'input.position',
    })
  })

  test('change only where something is given', async () => {
    const { lessons, teacher } = await courseOfThree()
    const [lesson] = lessons
    if (!lesson) throw new Error('there are three')
    const input = { id: gid('Lesson', lesson), body: 'New' }
    const { payload } = await call(
      app,
      teacher,
      'updateLesson',
      input,
      'lesson { title body position }',
    )
    expect(payload.lesson).toEqual({ title: 'one', body: 'New', position: 1 })
  })

  test('are put in any order, in which each stands once', async () => {
    const { courseId, lessons, teacher } = await courseOfThree()
    const [one, two, three] = lessons.map((lesson) => gid('Lesson', lesson))
    const reorder = (...lessonIds: unknown[]) =>
      call(app, teacher, 'reorderLessons', { courseId, lessonIds }, order)

    expect((await reorder(three, one, two)).payload).toEqual(inOrder('three', 'one', 'two'))
    expect((await reorder(three, two, one)).payload).toEqual(inOrder('three', 'two', 'one'))

    const stranger = gid('Lesson', await app.rows.lesson())
    expect(await reorder(one, two)).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'input.lessonIds',
    })
    expect(await reorder(one, two, two)).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'input.lessonIds.2',
    })
    expect(await reorder(one, two, three, stranger)).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: 'input.lessonIds.3',
    })
    expect((await reorder(three, two, one)).payload).toEqual(inOrder('three', 'two', 'one'))
  })

  test('leave no gap when one is deleted', async () => {
    const { lessons, teacher } = await courseOfThree()
    const [, two] = lessons
    if (!two) throw new Error('there are three')
    const input = { id: gid('Lesson', two) }
    const { payload } = await call(app, teacher, 'deleteLesson', input, `deletedLessonId ${order}`)
    expect(payload).toEqual({ deletedLessonId: input.id, ...inOrder('one', 'three') })
    expect((await call(app, teacher, 'deleteLesson', input)).code).toBe('NOT_FOUND')
  })
})

describe('enrolling', () => {
  const fields = 'enrollment { id status progress student { id } course { id } }'

  test('gives a student a place in an ACTIVE course, once', async () => {
    const [student, course] = [await app.rows.user(), await app.rows.course()]
    const input = { courseId: gid('Course', course) }
    const selection = `${fields} course { stats { enrollmentCount } }`

    const { payload } = await call(app, student, 'enroll', input, selection)

    expect(payload).toEqual({
      enrollment: {
        id: expect.any(String),
        status: 'ACTIVE',
        progress: 0,
        student: { id: gid('User', student) },
        course: { id: gid('Course', course) },
      },
      course: { stats: { enrollmentCount: 1 } },
    })
    expect(await call(app, student, 'enroll', input)).toMatchObject({ code: 'CONFLICT' })
  })

  test('is refused by a course that is not ACTIVE', async () => {
    const admin = await app.rows.admin()
    const studentId = gid('User', await app.rows.user())
    for (const status of ['DRAFT', 'ARCHIVED'] as const) {
      const course = await app.rows.course({ status })
      const courseId = gid('Course', course)
      expect(await call(app, admin, 'enroll', { courseId, studentId })).toMatchObject({
        code: 'CONFLICT',
        field: 'input.courseId',
      })
      // For a student such a course does not exist.
      const student = await app.rows.user()
      expect((await call(app, student, 'enroll', { courseId })).code).toBe('NOT_FOUND')
    }
  })

  test('again after leaving takes up the same enrollment with its progress', async () => {
    const [student, course] = [await app.rows.user(), await app.rows.course()]
    const left = await app.rows.enrollment({
      studentId: student.id,
      courseId: course.id,
      status: 'CANCELLED',
      progress: 0.25,
      enrolledAt: '2020-01-01T00:00:00Z',
    })
    const input = { courseId: gid('Course', course) }
    const { payload } = await call(
      app,
      student,
      'enroll',
      input,
      'enrollment { id status progress enrolledAt }',
    )
    expect(payload.enrollment).toMatchObject({
      id: gid('Enrollment', left),
      status: 'ACTIVE',
      progress: 0.25,
    })
    expect(payload.enrollment.enrolledAt > '2026').toBe(true)
  })

  test('is for students: an admin names one, and cannot name a teacher', async () => {
    const [admin, student] = [await app.rows.admin(), await app.rows.user()]
    const course = await app.rows.course()
    const courseId = gid('Course', course)
    const named = { courseId, studentId: gid('User', student) }
    const { payload } = await call(app, admin, 'enroll', named, fields)
    expect(payload.enrollment.student.id).toBe(gid('User', student))
    for (const studentId of [gid('User', { id: course.teacherId }), undefined]) {
      expect(await call(app, admin, 'enroll', { courseId, studentId })).toMatchObject({
        code: 'BAD_USER_INPUT',
        field: 'input.studentId',
      })
    }
  })

  test('lasts until it is cancelled or completed', async () => {
    const enrollment = await app.rows.enrollment()
    const student = { id: enrollment.studentId }
    const id = gid('Enrollment', enrollment)
    const progress = (value: number) =>
      call(
        app,
        student,
        'updateProgress',
        { enrollmentId: id, progress: value },
        'enrollment { status progress }',
      )

    expect((await progress(0.5)).payload.enrollment).toEqual({ status: 'ACTIVE', progress: 0.5 })
    expect((await progress(1)).payload.enrollment).toEqual({ status: 'COMPLETED', progress: 1 })
    expect((await progress(0.9)).code).toBe('CONFLICT')
    expect((await call(app, student, 'cancelEnrollment', { id })).code).toBe('CONFLICT')
  })

  test('ends by cancelling, which happens once', async () => {
    const enrollment = await app.rows.enrollment()
    const student = { id: enrollment.studentId }
    const input = { id: gid('Enrollment', enrollment) }
    const { payload } = await call(app, student, 'cancelEnrollment', input, 'enrollment { status }')
    expect(payload).toEqual({ enrollment: { status: 'CANCELLED' } })
    expect((await call(app, student, 'cancelEnrollment', input)).code).toBe('CONFLICT')
  })
})

describe('bulkUpdateProgress', () => {
  async function courseWith(count: number) {
    const course = await app.rows.course()
    const students = await app.prisma.user.createManyAndReturn({
      data: Array.from({ length: count }, (_, index) => ({
        email: `${course.slug}-${index}@example.org`,
        name: `Student ${index}`,
      })),
    })
    const enrollments = await app.prisma.enrollment.createManyAndReturn({
      data: students.map(({ id }) => ({ courseId: course.id, studentId: id })),
    })
    return {
      teacher: { id: course.teacherId },
      ids: enrollments.map((row) => gid('Enrollment', row)),
    }
  }

  test('writes a thousand rows', async () => {
    const { teacher, ids } = await courseWith(1_000)
    const rows = ids.map((enrollmentId, index) => ({ enrollmentId, progress: index / 999 }))
    const selection = 'enrollments { id progress status }'
    const { payload } = await call(app, teacher, 'bulkUpdateProgress', { rows }, selection)
    expect(payload.enrollments).toEqual(
      rows.map(({ enrollmentId, progress }) => ({
        id: enrollmentId,
        progress,
        status: progress === 1 ? 'COMPLETED' : 'ACTIVE',
      })),
    )
  })

  test('writes nothing when one row is missing, another teacher’s, over or repeated', async () => {
    const [own, foreign] = [await courseWith(2), await courseWith(1)]
    const over = await app.rows.enrollment({ status: 'COMPLETED', progress: 1 })
    const admin = await app.rows.admin()
    const first = { enrollmentId: own.ids[0], progress: 0.5 }
    const withRow = (as: { id: string }, enrollmentId: unknown) =>
      call(app, as, 'bulkUpdateProgress', { rows: [first, { enrollmentId, progress: 0.5 }] })

    const field = 'input.rows.1.enrollmentId'
    expect(await withRow(own.teacher, foreign.ids[0])).toMatchObject({ code: 'NOT_FOUND', field })
    expect(await withRow(admin, gid('Enrollment', over))).toMatchObject({ code: 'CONFLICT', field })
    expect(await withRow(own.teacher, own.ids[0])).toMatchObject({ code: 'BAD_USER_INPUT', field })
    const where = { course: { teacherId: own.teacher.id }, progress: { not: 0 } }
    expect(await app.prisma.enrollment.count({ where })).toBe(0)
  })
})

describe('payments', () => {
  const fields = 'payment { amountCents currency status paidAt enrollment { id } student { id } }'

  test('are recorded with the price of the course, unless told otherwise', async () => {
    const admin = await app.rows.admin()
    const course = await app.rows.course({ priceCents: 12_300, currency: 'USD' })
    const enrollment = await app.rows.enrollment({ courseId: course.id })
    const enrollmentId = gid('Enrollment', enrollment)

    const usual = await call(app, admin, 'recordPayment', { enrollmentId }, fields)
    expect(usual.payload.payment).toEqual({
      amountCents: 12_300,
      currency: 'USD',
      status: 'COMPLETED',
      paidAt: expect.stringMatching(/^20.*Z$/),
      enrollment: { id: enrollmentId },
      student: { id: gid('User', { id: enrollment.studentId }) },
    })

    const paidAt = '2026-02-01T00:00:00.000001+02:00'
    const told = { enrollmentId, amountCents: 1, currency: 'EUR', paidAt }
    const other = await call(app, admin, 'recordPayment', told, fields)
    expect(other.payload.payment).toMatchObject({
      amountCents: 1,
      currency: 'EUR',
      paidAt: '2026-01-31T22:00:00.000001Z',
    })
  })

  test('are refunded once, and only when completed', async () => {
    const admin = await app.rows.admin()
    const [paid, pending] = [
      await app.rows.payment(),
      await app.rows.payment({ status: 'PENDING', paidAt: null }),
    ]
    const refund = (payment: { id: string }) =>
      call(app, admin, 'refundPayment', { id: gid('Payment', payment) }, 'payment { status }')
    expect((await refund(paid)).payload).toEqual({ payment: { status: 'REFUNDED' } })
    expect((await refund(paid)).code).toBe('CONFLICT')
    expect((await refund(pending)).code).toBe('CONFLICT')
  })
})
