import type { Prisma } from '../../generated/prisma/client.ts'
import { notFound, type Writer } from '../authorize.ts'
import { globalId, integer, list, maybe, text } from '../input-values.ts'
import { mutation } from '../mutation.ts'
import { deleted, one } from '../payload.ts'
import { present } from '../present.ts'
import { badInput, issue } from '../validate.ts'
import { Course } from './course.type.ts'
import { getOwnCourse } from './get-course.ts'
import { Lesson } from './lesson.type.ts'
import { findLessonIds, writeLessonOrder } from './lesson-order.ts'

/** As many as one call can put in order. */
const maxLessons = 1_000

const fields = {
  title: text(200).describe('Its name, at most 200 characters.'),
  body: text(50_000, { mayBeEmpty: true }).describe('Its text, at most 50,000 characters.'),
  durationMinutes: integer(0, 1_440).describe('How long it takes, in minutes: a day at most.'),
}

mutation('addLesson', {
  description: `Adds a lesson to a course, which can have ${maxLessons} of them.`,
  allow: ['TEACHER', 'ADMIN'],
  input: {
    courseId: globalId('Course').describe('The course.'),
    ...fields,
    durationMinutes: maybe(fields.durationMinutes).describe(
      'How long it takes, in minutes; 0 when left out.',
    ),
    position: maybe(integer(1, maxLessons)).describe(
      'Its place, counted from 1; later lessons move up. At the end when left out.',
    ),
  },
  payload: {
    lesson: one(Lesson, 'The new lesson.'),
    course: one(Course, 'Its course.'),
  },
  async run({ input: { courseId, position, durationMinutes = 0, ...texts }, tx, viewer }) {
    await getOwnCourse(tx, viewer, courseId, { field: 'input.courseId' })
    const ids = await findLessonIds(tx, courseId)
    const end = ids.length + 1
    if (end > maxLessons || (position ?? end) > end) {
      const most = Math.min(end, maxLessons)
      throw badInput([
        issue(
          ['input', 'position'],
          `must be from 1 to ${most}: the course has ${ids.length} lessons`,
        ),
      ])
    }
    const lesson = await tx.lesson.create({
      data: { ...texts, durationMinutes, courseId, position: end },
      select: { id: true },
    })
    if (position !== undefined && position < end) {
      await writeLessonOrder(tx, courseId, ids.toSpliced(position - 1, 0, lesson.id))
    }
    return { lesson: lesson.id, course: courseId }
  },
})

mutation('updateLesson', {
  description: 'Changes what is given of a lesson; what is left out stays.',
  allow: ['TEACHER', 'ADMIN'],
  input: {
    id: globalId('Lesson').describe('The lesson to change.'),
    title: fields.title.optional(),
    body: fields.body.optional(),
    durationMinutes: fields.durationMinutes.optional(),
  },
  payload: { lesson: one(Lesson, 'The lesson, as it is now.') },
  async run({ input: { id, ...data }, tx, viewer }) {
    await getOwnLesson(tx, viewer, id)
    await tx.lesson.update({ where: { id }, data: present(data) })
    return { lesson: id }
  },
})

mutation('reorderLessons', {
  description: 'Puts all lessons of a course in a new order.',
  allow: ['TEACHER', 'ADMIN'],
  input: {
    courseId: globalId('Course').describe('The course.'),
    lessonIds: list(globalId('Lesson'), { max: maxLessons }).describe(
      'Every lesson of the course, each once, in the order in which they are to be taught.',
    ),
  },
  payload: { course: one(Course, 'The course, with its lessons as they are now.') },
  async run({ input: { courseId, lessonIds }, tx, viewer }) {
    await getOwnCourse(tx, viewer, courseId, { field: 'input.courseId' })
    const missing = new Set(await findLessonIds(tx, courseId))
    const strange = lessonIds.flatMap((id, index) =>
      missing.delete(id)
        ? []
        : [issue(['input', 'lessonIds', index], 'is no lesson of the course, or there twice')],
    )
    if (strange.length > 0) throw badInput(strange)
    if (missing.size > 0) {
      throw badInput([
        issue(['input', 'lessonIds'], `must name every lesson: ${missing.size} are missing`),
      ])
    }
    await writeLessonOrder(tx, courseId, lessonIds)
    return { course: courseId }
  },
})

mutation('deleteLesson', {
  description: 'Deletes a lesson; later ones move up, so that no gap stays.',
  allow: ['TEACHER', 'ADMIN'],
  input: { id: globalId('Lesson').describe('The lesson to delete.') },
  payload: {
    deletedLessonId: deleted('Lesson', 'The id that the lesson had.'),
    course: one(Course, 'The course, without it.'),
  },
  async run({ input: { id }, tx, viewer }) {
    const { courseId } = await getOwnLesson(tx, viewer, id)
    await tx.lesson.delete({ where: { id } })
    await writeLessonOrder(tx, courseId, await findLessonIds(tx, courseId))
    return { deletedLessonId: id, course: courseId }
  },
})

/** A lesson of a course that the viewer may change; it is not deleted meanwhile. */
async function getOwnLesson(tx: Prisma.TransactionClient, viewer: Writer, id: string) {
  const found = await tx.lesson.findUnique({ where: { id }, select: { courseId: true } })
  if (!found) throw notFound('lesson', 'input.id')
  await getOwnCourse(tx, viewer, found.courseId, { what: 'lesson' })
  // Whoever deletes a lesson has the course's lock, so from here on it is there or it is not.
  const lesson = await tx.lesson.findUnique({ where: { id }, select: { courseId: true } })
  if (!lesson) throw notFound('lesson', 'input.id')
  return lesson
}
