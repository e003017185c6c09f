import type { Row } from './history.ts'
import { every, no, some, type Tri, whether, yes } from './kleene.ts'
import type { View } from './view.ts'

/**
 * Who may see what: the table of the domain, told once more and by itself, because what is checked
 * against the product's own rules would share their faults.
 */
export type Rule = (view: View, row: Row) => Tri

const admin = (view: View) => () => view.isRole('ADMIN')

function isViewer(view: View, id: unknown): Tri {
  return whether(view.viewerId !== null && view.viewerId === id)
}

export const isEnrolled: Rule = (_view, { status }) =>
  whether(status === 'ACTIVE' || status === 'COMPLETED')

const isTaughtByViewer = (view: View, courseId: unknown) =>
  typeof courseId === 'string'
    ? view.one('Course', courseId, (course) => isViewer(view, course.teacherId))
    : no

const isViewersEnrollment = (view: View, enrollment: Row) =>
  every(isViewer(view, enrollment.studentId), () => isEnrolled(view, enrollment))

const course: Rule = (view, { id, status, teacherId }) =>
  some(whether(status === 'ACTIVE'), admin(view), isViewer(view, teacherId), () =>
    every(whether(status === 'ARCHIVED'), () =>
      view.some('Enrollment', 'courseId', id, (row) => isViewersEnrollment(view, row)),
    ),
  )

const meeting: Rule = (view, { id, hostId, courseId }) =>
  some(
    isViewer(view, hostId),
    admin(view),
    () => view.some('Attendee', 'meetingId', id, ({ userId }) => isViewer(view, userId)),
    () => isTaughtByViewer(view, courseId),
  )

/** Enrolled in a course of the viewer. */
const isStudentOfViewer = (view: View, userId: unknown) =>
  view.some('Enrollment', 'studentId', userId, (enrollment) =>
    every(isEnrolled(view, enrollment), () => isTaughtByViewer(view, enrollment.courseId)),
  )

const user: Rule = (view, { id }) =>
  some(
    isViewer(view, id),
    admin(view),
    () => view.some('Course', 'teacherId', id, ({ status }) => whether(status === 'ACTIVE')),
    () => isStudentOfViewer(view, id),
    () => view.some('Meeting', 'hostId', id, (row) => meeting(view, row)),
    () =>
      view.some('Attendee', 'userId', id, ({ meetingId }) =>
        view.one('Meeting', String(meetingId), (row) => meeting(view, row)),
      ),
  )

const ownersAndAdmins: Rule = (view, { userId }) => some(isViewer(view, userId), admin(view))

/** Who sees a row of a model at all. */
export const visible: Readonly<Record<string, Rule>> = {
  User: user,
  Course: course,
  Lesson: (view, { courseId }) => view.one('Course', String(courseId), (row) => course(view, row)),
  Enrollment: (view, { studentId, courseId }) =>
    some(isViewer(view, studentId), admin(view), () => isTaughtByViewer(view, courseId)),
  Meeting: meeting,
  Attendee: (view, { meetingId }) =>
    view.one('Meeting', String(meetingId), (row) => meeting(view, row)),
  Profile: ownersAndAdmins,
  Subscription: ownersAndAdmins,
  BotSettings: ownersAndAdmins,
  UsageRecord: ownersAndAdmins,
  CreditEntry: ownersAndAdmins,
  CalendarEvent: ownersAndAdmins,
  AiModel: () => yes,
  AiProvider: () => yes,
}

/** Who sees what is behind a guard of a row that they see. */
export const guards = {
  selfOrAdmin: (view, { id }) => some(isViewer(view, id), admin(view)),
  selfAdminOrTeacher: (view, { id }) =>
    some(isViewer(view, id), admin(view), () => isStudentOfViewer(view, id)),
  admin: (view) => view.isRole('ADMIN'),
  teacherOrAdmin: (view, { teacherId }) => some(isViewer(view, teacherId), admin(view)),
  publicIfActive: (view, { status, teacherId }) =>
    some(whether(status === 'ACTIVE'), isViewer(view, teacherId), admin(view)),
  lessonBody: (view, { courseId }) =>
    some(
      admin(view),
      () => isTaughtByViewer(view, courseId),
      () => view.some('Enrollment', 'courseId', courseId, (row) => isViewersEnrollment(view, row)),
    ),
} as const satisfies Readonly<Record<string, Rule>>
