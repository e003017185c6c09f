import { expect, test } from 'vitest'
import { globalId } from '../support/global-id.ts'
import { startTestApp, type TestApp } from '../support/start-test-app.ts'

test('a course is found by its id and by its slug, with all its texts', async () => {
  await using app = await startTestApp()
  const teacher = await app.rows.teacher({ name: 'Tara' })
  const course = await app.rows.course({
    teacherId: teacher.id,
    title: 'Weaving',
    slug: 'weaving',
    summary: 'How to weave.',
    description: 'Warp and weft.',
    priceCents: 1_900,
    currency: 'USD',
  })
  const id = globalId('Course', course.id)
  const fields = `{ id title slug summary description status priceCents currency publishedAt
    createdAt updatedAt teacher { name } }`

  const { data } = await app.query(
    `{ byId: course(id: "${id}") ${fields} bySlug: course(slug: "weaving") ${fields} }`,
  )

  expect(data.byId).toEqual({
    id,
    title: 'Weaving',
    slug: 'weaving',
    summary: 'How to weave.',
    description: 'Warp and weft.',
    status: 'ACTIVE',
    priceCents: 1_900,
    currency: 'USD',
    publishedAt: '2026-01-02T03:04:05.678Z',
    createdAt: expect.any(String),
    updatedAt: expect.any(String),
    teacher: { name: 'Tara' },
  })
  expect(data.bySlug).toEqual(data.byId)
})

test.each([
  ['neither an id nor a slug', '', 'id'],
  ['both of them', 'id: "x", slug: "y"', 'slug'],
  ['an id of another type', `id: "${globalId('User', crypto.randomUUID())}"`, 'id'],
  ['an id that is none', 'id: "7"', 'id'],
])(
  'a course asked for with %s is a bad input that names the argument',
  async (_what, args, field) => {
    await using app = await startTestApp()

    const { data, errors } = await app.query(`{ course${args && `(${args})`} { title } }`)

    expect(data).toEqual({ course: null })
    expect(errors).toMatchObject([
      { path: ['course'], extensions: { code: 'BAD_USER_INPUT', field } },
    ])
  },
)

test('courses are filtered by status, teacher and text, and every order is kept', async () => {
  await using app = await startTestApp()
  const teacher = await app.rows.teacher()
  const own = { teacherId: teacher.id }
  const b = await app.rows.course({ ...own, title: 'B', publishedAt: '2026-01-03T00:00:00.000Z' })
  await app.rows.course({ ...own, title: 'A', publishedAt: '2026-01-02T00:00:00.000Z' })
  await app.rows.course({ ...own, title: 'D', status: 'DRAFT', publishedAt: null })
  const c = await app.rows.course({
    title: 'C',
    summary: 'Of 100% wool',
    publishedAt: '2026-01-01T00:00:00.000Z',
  })
  await app.rows.enrollment({ courseId: c.id })
  await app.rows.enrollment({ courseId: c.id, status: 'COMPLETED' })
  await app.rows.enrollment({ courseId: b.id })
  for (const _ of [1, 2]) await app.rows.enrollment({ courseId: b.id, status: 'CANCELLED' })
  const titles = async (args: string, as: string | null = null) => {
    const { data } = await app.query(`{ courses${args} { totalCount nodes { title } } }`, { as })
    expect(data.courses.totalCount).toBe(data.courses.nodes.length)
    return data.courses.nodes.map(({ title }: { title: string }) => title).join('')
  }

  expect(await titles('')).toBe('BAC')
  expect(await titles('', teacher.id)).toBe('DBAC')
  expect(await titles('(orderBy: TITLE)')).toBe('ABC')
  expect(await titles('(orderBy: MOST_ENROLLED, filter: { status: ACTIVE })')).toBe('CBA')
  expect(await titles(`(filter: { teacherId: "${globalId('User', teacher.id)}" })`)).toBe('BA')
  expect(await titles('(filter: { status: DRAFT })', teacher.id)).toBe('D')
  expect(await titles('(filter: { search: "100%" })')).toBe('C')
  expect(await titles('(filter: { search: "WHAT course" })')).toBe('BA')
})

test('a course shows its lessons in order, its figures, students, payments and meetings', async () => {
  await using app = await startTestApp()
  const { teacher, course } = await createTaughtCourse(app)

  const { data, errors } = await app.query(
    `{ course(id: "${globalId('Course', course.id)}") {
      lessons { totalCount nodes { position title body durationMinutes course { title } } }
      stats { enrollmentCount completionRate averageProgress revenueCents }
      enrollments { totalCount nodes {
        progress status enrolledAt student { name email } course { title }
        payments { nodes { amountCents } }
      } }
      left: enrollments(status: CANCELLED) { totalCount nodes { student { name } } }
      payments { totalCount nodes {
        amountCents currency status paidAt student { name } course { title } enrollment { status }
      } }
      meetings { totalCount nodes { title } }
    } }`,
    { as: teacher },
  )

  const weaving = { title: 'Weaving' }
  const paid = { currency: 'EUR', course: weaving }
  // Who has left is not the teacher's student any more.
  expect(errors).toMatchObject([
    {
      path: ['course', 'enrollments', 'nodes', 0, 'student', 'email'],
      extensions: { code: 'FORBIDDEN' },
    },
  ])
  expect(data.course).toEqual({
    lessons: {
      totalCount: 2,
      nodes: [
        { position: 1, title: 'Warp', body: 'About warp', durationMinutes: 15, course: weaving },
        { position: 2, title: 'Weft', body: 'About weft', durationMinutes: 0, course: weaving },
      ],
    },
    stats: { enrollmentCount: 2, completionRate: 0.5, averageProgress: 0.625, revenueCents: 4_900 },
    enrollments: {
      totalCount: 3,
      nodes: [
        {
          progress: 0.1,
          status: 'CANCELLED',
          enrolledAt: '2026-01-03T00:00:00Z',
          student: { name: 'Cleo', email: null },
          course: weaving,
          payments: { nodes: [{ amountCents: 100 }] },
        },
        {
          progress: 1,
          status: 'COMPLETED',
          enrolledAt: '2026-01-02T00:00:00Z',
          student: { name: 'Ben', email: 'ben@example.org' },
          course: weaving,
          payments: { nodes: [] },
        },
        {
          progress: 0.25,
          status: 'ACTIVE',
          enrolledAt: '2026-01-01T00:00:00Z',
          student: { name: 'Ann', email: 'ann@example.org' },
          course: weaving,
          payments: { nodes: [{ amountCents: 4_900 }] },
        },
      ],
    },
    left: { totalCount: 1, nodes: [{ student: { name: 'Cleo' } }] },
    payments: {
      totalCount: 2,
      nodes: [
        {
          ...paid,
          amountCents: 100,
          status: 'PENDING',
          paidAt: null,
          student: { name: 'Cleo' },
          enrollment: { status: 'CANCELLED' },
        },
        {
          ...paid,
          amountCents: 4_900,
          status: 'COMPLETED',
          paidAt: '2026-02-03T04:05:06.007Z',
          student: { name: 'Ann' },
          enrollment: { status: 'ACTIVE' },
        },
      ],
    },
    meetings: { totalCount: 1, nodes: [{ title: 'Loom hour' }] },
  })
})

test('a student finds enrollments, payments and lessons from their own side', async () => {
  await using app = await startTestApp()
  const { ann } = await createTaughtCourse(app)

  const { data, errors } = await app.query(
    `{ viewer {
      enrollments { totalCount nodes { course { title lessons { nodes { body } } } } }
      done: enrollments(status: COMPLETED) { totalCount }
      payments { totalCount nodes { amountCents enrollment { progress } } }
    } }`,
    { as: ann },
  )

  expect(errors).toBeUndefined()
  expect(data.viewer).toEqual({
    enrollments: {
      totalCount: 1,
      nodes: [
        {
          course: {
            title: 'Weaving',
            lessons: { nodes: [{ body: 'About warp' }, { body: 'About weft' }] },
          },
        },
      ],
    },
    done: { totalCount: 0 },
    payments: { totalCount: 1, nodes: [{ amountCents: 4_900, enrollment: { progress: 0.25 } }] },
  })
})

test('figures over no students are 0 or null', async () => {
  await using app = await startTestApp()
  const { id, teacherId } = await app.rows.course()

  const { data } = await app.query(
    `{ course(id: "${globalId('Course', id)}") {
      stats { enrollmentCount completionRate averageProgress revenueCents }
    } }`,
    { as: teacherId },
  )

  expect(data.course.stats).toEqual({
    enrollmentCount: 0,
    completionRate: null,
    averageProgress: null,
    revenueCents: 0,
  })
})

test('sums of money beyond 32 bits are exact, and currencies are not added up', async () => {
  await using app = await startTestApp()
  const course = await app.rows.course()
  const { id: enrollmentId } = await app.rows.enrollment({ courseId: course.id })
  for (const amountCents of [2_000_000_001, 2_000_000_002]) {
    await app.rows.payment({ enrollmentId, amountCents })
  }
  await app.rows.payment({ enrollmentId, amountCents: 7, currency: 'USD' })
  await app.rows.payment({ enrollmentId, amountCents: 100, status: 'REFUNDED' })

  const { data, errors } = await app.query(
    `{
      course(id: "${globalId('Course', course.id)}") { stats { revenueCents } }
      viewer { teacherDashboard { revenueCents inDollars: revenueCents(currency: "USD") } }
    }`,
    { as: course.teacherId },
  )

  expect(errors).toBeUndefined()
  expect(data.course.stats.revenueCents).toBe(4_000_000_003)
  expect(data.viewer.teacherDashboard).toEqual({ revenueCents: 4_000_000_003, inDollars: 7 })
})

/** Tara teaches weaving to Ann (ACTIVE) and Ben (COMPLETED); Cleo has left. */
async function createTaughtCourse({ rows }: TestApp) {
  const teacher = await rows.teacher({ name: 'Tara' })
  const course = await rows.course({ teacherId: teacher.id, title: 'Weaving' })
  const courseId = course.id
  await rows.lesson({ courseId, position: 2, title: 'Weft', body: 'About weft' })
  await rows.lesson({
    courseId,
    position: 1,
    title: 'Warp',
    body: 'About warp',
    durationMinutes: 15,
  })
  await rows.meeting({ courseId, title: 'Loom hour' })
  const [ann, ben, cleo] = await Promise.all(
    ['Ann', 'Ben', 'Cleo'].map((name) =>
      rows.user({ name, email: `${name.toLowerCase()}@example.org` }),
    ),
  )
  const enroll = (studentId: string | undefined, values: object) =>
    rows.enrollment({ courseId, ...values, ...(studentId ? { studentId } : {}) })
  const first = await enroll(ann?.id, { progress: 0.25, enrolledAt: '2026-01-01T00:00:00.000Z' })
  await enroll(ben?.id, {
    progress: 1,
    status: 'COMPLETED',
    enrolledAt: '2026-01-02T00:00:00.000Z',
  })
  const last = await enroll(cleo?.id, {
    progress: 0.1,
    status: 'CANCELLED',
    enrolledAt: '2026-01-03T00:00:00.000Z',
  })
  await rows.payment({ enrollmentId: first.id })
  await rows.payment({ enrollmentId: last.id, amountCents: 100, status: 'PENDING', paidAt: null })
  return { teacher, course, ann: first.studentId }
}
