import type { Prisma } from '../../generated/prisma/client.ts'
import { conflict, forbidden, notFound, type Writer } from '../authorize.ts'
import { type Lock, lockRows } from '../lock-row.ts'
import { whereVisible } from '../visible-where.ts'
import { courseVisible } from './course.type.ts'

/** A course that the viewer may change, which nobody else changes until the transaction ends. */
export async function getOwnCourse(
  tx: Prisma.TransactionClient,
  viewer: Writer,
  id: string,
  { field = 'input.id', what = 'course' } = {},
) {
  const course = await getCourse(tx, viewer, { id, field, what, lock: 'change' })
  if (course.teacherId !== viewer.id && viewer.role !== 'ADMIN') {
    throw forbidden('Only its teacher and admins change a course and its lessons', field)
  }
  return course
}

/** A course that takes new students, and still will when the transaction ends. */
export async function getOpenCourse(
  tx: Prisma.TransactionClient,
  viewer: Writer,
  id: string,
  field = 'input.courseId',
) {
  const course = await getCourse(tx, viewer, { id, field, what: 'course', lock: 'hold' })
  if (course.status !== 'ACTIVE') {
    throw conflict(`Only an ACTIVE course takes students, and this one is ${course.status}`, field)
  }
  return course
}

interface CourseRequest {
  readonly id: string
  readonly lock: Lock
  /** The input field by which the course is reached. */
  readonly field: string
  /** What that field names: the course, or something that hangs on it. */
  readonly what: string
}

async function getCourse(
  tx: Prisma.TransactionClient,
  viewer: Writer,
  { id, field, what, lock }: CourseRequest,
) {
  await lockRows(tx, 'Course', [id], lock)
  const course = await tx.course.findFirst({
    where: { id, AND: whereVisible(viewer, 'Course', courseVisible) },
    select: { id: true, teacherId: true, status: true, priceCents: true, currency: true },
  })
  if (!course) throw notFound(what, field)
  return course
}
