import type { Prisma } from '../../generated/prisma/client.ts'
import { conflict, getSubjectId, notFound, type Writer } from '../authorize.ts'
import { globalId, maybe, progress } from '../input-values.ts'
import { lockRows } from '../lock-row.ts'
import { mutation } from '../mutation.ts'
import { one } from '../payload.ts'
import { badInput, issue } from '../validate.ts'
import { whereVisible } from '../visible-where.ts'
import { Course } from './course.type.ts'
import { enrollStudents } from './enroll-students.ts'
import { Enrollment, enrollmentVisible } from './enrollment.type.ts'
import { getOpenCourse } from './get-course.ts'

mutation('enroll', {
  description:
    'Enrolls a student in an ACTIVE course, once. Who had left comes back with the progress they had.',
  allow: ['STUDENT', 'ADMIN'],
  input: {
    courseId: globalId('Course').describe('The course.'),
    studentId: maybe(globalId('User')).describe(
      'The student; the viewer when left out. Admins name one, nobody else may.',
    ),
  },
  payload: {
    enrollment: one(Enrollment, 'The enrollment.'),
    course: one(Course, 'The course, with the enrollment counted.'),
  },
  async run({ input: { courseId, studentId: given }, tx, viewer }) {
    const studentId = await getSubjectId(tx, viewer, given, 'input.studentId')
    const student = await tx.user.findUniqueOrThrow({ where: { id: studentId } })
    if (student.role !== 'STUDENT') {
      throw badInput([issue(['input', 'studentId'], 'must be a student: nobody else is enrolled')])
    }
    await getOpenCourse(tx, viewer, courseId)
    const [enrollment] = await enrollStudents(tx, courseId, [studentId])
    if (!enrollment)
      throw conflict('The student is enrolled in this course already', 'input.courseId')
    return { enrollment, course: courseId }
  },
})

mutation('updateProgress', {
  description: 'Notes how far a student is in a course; 1 completes the enrollment.',
  allow: ['STUDENT', 'ADMIN'],
  input: {
    enrollmentId: globalId('Enrollment').describe('The enrollment, which must be ACTIVE.'),
    progress: progress().describe('How much of the course is done, from 0 to 1.'),
  },
  payload: { enrollment: one(Enrollment, 'The enrollment, as it is now.') },
  async run({ input: { enrollmentId: id, progress }, tx, viewer }) {
    await getActiveEnrollment(tx, viewer, id, 'input.enrollmentId')
    const status = progress === 1 ? 'COMPLETED' : 'ACTIVE'
    await tx.enrollment.update({ where: { id }, data: { progress, status } })
    return { enrollment: id }
  },
})

mutation('cancelEnrollment', {
  description: 'Takes a student out of a course that they have not completed.',
  allow: ['STUDENT', 'ADMIN'],
  input: { id: globalId('Enrollment').describe('The enrollment, which must be ACTIVE.') },
  payload: { enrollment: one(Enrollment, 'The enrollment, as it is now.') },
  async run({ input: { id }, tx, viewer }) {
    await getActiveEnrollment(tx, viewer, id, 'input.id')
    await tx.enrollment.update({ where: { id }, data: { status: 'CANCELLED' } })
    return { enrollment: id }
  },
})

/** An ACTIVE enrollment that the viewer sees: a student's own, for an admin anybody's. */
async function getActiveEnrollment(
  tx: Prisma.TransactionClient,
  viewer: Writer,
  id: string,
  field: string,
): Promise<void> {
  await lockRows(tx, 'Enrollment', [id], 'change')
  const enrollment = await tx.enrollment.findFirst({
    where: { id, AND: whereVisible(viewer, 'Enrollment', enrollmentVisible) },
    select: { status: true },
  })
  if (!enrollment) throw notFound('enrollment', field)
  if (enrollment.status !== 'ACTIVE') {
    throw conflict(`Only an ACTIVE enrollment changes, and this is ${enrollment.status}`, field)
  }
}
