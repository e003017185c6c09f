import { globalIdOf } from './cast.ts'
import {
  active,
  by,
  byAdmin,
  byOwner,
  byTeacherOf,
  id,
  isStudent,
  type Mutations,
  next,
  progress,
  roomFor,
} from './draw-write.ts'

/** What happens to courses, lessons, enrollments and payments. */
export const learningMutations: Mutations = {
  updateCourse: [
    5,
    byOwner('Course', 'teacherId', (course, { version, random }) => ({
      id: globalIdOf('Course', course),
      title: `${random.pick([...'abcdefgh'])}${next(course.title, version).slice(1)}`,
      ...(random.chance(0.3) && { summary: `v${version}`, priceCents: version % 1000 }),
      ...(random.chance(0.1) && { slug: next(course.slug, version) }),
    })),
  ],
  createCourse: [
    1,
    (draw) => {
      const teacher = draw.cast.find(draw.random, 'User', ({ role }) => role === 'TEACHER')
      const slug = `c${draw.version}`
      if (!teacher || !roomFor(draw, 'Course', 14)) return null
      return by(teacher.id, { title: `z${slug}v0`, slug, summary: 'v0', description: '' })
    },
  ],
  publishCourse: [
    2,
    byOwner('Course', 'teacherId', id('Course'), ({ status }) => status === 'DRAFT'),
  ],
  archiveCourse: [1, byOwner('Course', 'teacherId', id('Course'), active)],
  addLesson: [
    1,
    (draw) => {
      const { version, random, cast } = draw
      const course = cast.find(random, 'Course')
      if (!course || !roomFor(draw, 'Lesson', 40)) return null
      const title = `l${version}v0`
      return by(course.teacherId, {
        ...{ courseId: globalIdOf('Course', course), title, body: 'v0' },
        ...(random.chance(0.5) && { position: 1 }),
      })
    },
  ],
  updateLesson: [
    2,
    byTeacherOf('Lesson', (lesson, { version }) => ({
      ...{
        id: globalIdOf('Lesson', lesson),
        title: next(lesson.title, version),
        body: `v${version}`,
      },
    })),
  ],
  reorderLessons: [
    1,
    byTeacherOf('Lesson', ({ courseId }, { cast, random }) => ({
      courseId: globalIdOf('Course', { id: courseId }),
      lessonIds: cast
        .rows('Lesson', (lesson) => lesson.courseId === courseId)
        .map((lesson) => ({ id: globalIdOf('Lesson', lesson), place: random.share() }))
        .sort((a, b) => a.place - b.place)
        .map((lesson) => lesson.id),
    })),
  ],
  deleteLesson: [1, byTeacherOf('Lesson', id('Lesson'))],
  enroll: [
    3,
    (draw) => {
      const { cast, random } = draw
      const student = cast.find(random, 'User', isStudent)
      const course = cast.find(random, 'Course', active)
      return student && course && by(student.id, { courseId: globalIdOf('Course', course) })
    },
  ],
  updateProgress: [
    8,
    byOwner(
      'Enrollment',
      'studentId',
      (row, { random }) => ({
        enrollmentId: globalIdOf('Enrollment', row),
        progress: progress(random),
      }),
      active,
    ),
  ],
  cancelEnrollment: [2, byOwner('Enrollment', 'studentId', id('Enrollment'), active)],
  bulkUpdateProgress: [
    1,
    byTeacherOf('Enrollment', ({ courseId }, { cast, random }) => {
      const rows = cast.rows('Enrollment', (row) => row.courseId === courseId && active(row))
      return rows.length === 0
        ? null
        : {
            rows: rows.map((row) => ({
              enrollmentId: globalIdOf('Enrollment', row),
              progress: progress(random),
            })),
          }
    }),
  ],
  recordPayment: [
    1,
    (draw) => {
      const enrollment = draw.cast.find(draw.random, 'Enrollment', active)
      if (!enrollment || !roomFor(draw, 'Payment', 40)) return null
      const enrollmentId = globalIdOf('Enrollment', enrollment)
      return byAdmin(draw, { enrollmentId, amountCents: 100 + (draw.version % 50) })
    },
  ],
  refundPayment: [
    1,
    (draw) => {
      const payment = draw.cast.find(draw.random, 'Payment', ({ status }) => status === 'COMPLETED')
      return byAdmin(draw, payment && { id: globalIdOf('Payment', payment) })
    },
  ],
}
