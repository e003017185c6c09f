import type { FieldSpec, Subject } from './field-spec.ts'
import { countOf, type Possible, type Rows, sumsOf } from './figures.ts'
import type { Row } from './history.ts'
import { every, whether } from './kleene.ts'
import { lists } from './lists.ts'
import { guards, isEnrolled, type Rule } from './rules.ts'
import type { View } from './view.ts'

/** `Type.field` for every count, sum and mean. */
export const figureFields: Readonly<Record<string, FieldSpec>> = {
  'User.creditBalance': figure(creditsOf, guards.selfOrAdmin),
  'CourseStats.enrollmentCount': figure(
    (subject) => countOf(subject.view, enrolledIn(subject)),
    guards.publicIfActive,
  ),
  'CourseStats.averageProgress': figure(
    (subject) => sumsOf(subject.view, enrolledIn(subject), { terms: progress, figure: mean }),
    guards.teacherOrAdmin,
  ),
  'CourseStats.completionRate': figure(
    (subject) =>
      sumsOf(subject.view, enrolledIn(subject), {
        terms: ({ status }) => [status === 'COMPLETED' ? 1 : 0, 1],
        figure: mean,
      }),
    guards.teacherOrAdmin,
  ),
  'CourseStats.revenueCents': figure((subject) => {
    const { view, id } = subject
    const ids = view.related('Payment', 'courseId', id)
    return revenueOf(subject, (row) => every(whether(row.courseId === id), isCompleted(row)), ids)
  }, guards.teacherOrAdmin),
  'StudentDashboard.completedCount': figure((subject) =>
    countOf(
      subject.view,
      enrollmentsOf(subject, ({ status }) => status === 'COMPLETED'),
    ),
  ),
  'StudentDashboard.averageProgress': figure((subject) =>
    sumsOf(
      subject.view,
      enrollmentsOf(subject, ({ status }) => status !== 'CANCELLED'),
      {
        ...{ terms: progress, figure: mean },
      },
    ),
  ),
  'StudentDashboard.creditBalance': figure(creditsOf),
  'TeacherDashboard.activeCourseCount': figure(({ view, id }) =>
    countOf(view, {
      ...{ model: 'Course', ids: view.related('Course', 'teacherId', id) },
      where: ({ teacherId, status }) => whether(teacherId === id && status === 'ACTIVE'),
    }),
  ),
  'TeacherDashboard.enrollmentCount': figure(({ view, id }) =>
    countOf(view, {
      ...{ model: 'Enrollment', ids: view.ids('Enrollment') },
      where: (row) => every(isEnrolled(view, row), () => isTaughtBy(view, row.courseId, id)),
    }),
  ),
  'TeacherDashboard.studentCount': figure(({ view, id }) => {
    const spec = lists['TeacherDashboard.students']
    return countOf(view, {
      ...{ model: 'User', ids: view.ids('User') },
      where: (row) => spec.where(view, row, id),
    })
  }),
  'TeacherDashboard.revenueCents': figure((subject) => {
    const { view, id } = subject
    return revenueOf(
      subject,
      (row) => every(isCompleted(row), () => isTaughtBy(view, row.courseId, id)),
      view.ids('Payment'),
    )
  }),
  'PlatformStats.activeCourseCount': figure(({ view }) =>
    countOf(view, {
      ...{ model: 'Course', ids: view.ids('Course') },
      where: ({ status }) => whether(status === 'ACTIVE'),
    }),
  ),
  'PlatformStats.enrollmentCount': figure(({ view }) =>
    countOf(view, {
      ...{ model: 'Enrollment', ids: view.ids('Enrollment') },
      where: (row) => isEnrolled(view, row),
    }),
  ),
  'PlatformStats.usersByRole': {
    kind: 'figures',
    possible: ({ view }) => ({
      ...{ nameField: 'role', valueField: 'count' },
      figures: new Map(
        ['STUDENT', 'TEACHER', 'ADMIN'].map((role) => [
          role,
          countOf(view, {
            ...{ model: 'User', ids: view.ids('User') },
            where: (row) => whether(row.role === role),
          }),
        ]),
      ),
    }),
  },
  'PlatformStats.revenueByMonth': {
    kind: 'figures',
    possible: (subject) => ({
      ...{ nameField: 'month', valueField: 'revenueCents' },
      figures: revenueByMonth(subject),
    }),
  },
}

function figure(possible: (subject: Subject) => Possible, guard?: Rule): FieldSpec {
  return { kind: 'figure', possible, ...(guard && { guard }) }
}

function enrolledIn({ view, id }: Subject): Rows {
  return {
    ...{ model: 'Enrollment', ids: view.related('Enrollment', 'courseId', id) },
    where: (row) => every(whether(row.courseId === id), () => isEnrolled(view, row)),
  }
}

function enrollmentsOf({ view, id }: Subject, isCounted: (row: Row) => boolean): Rows {
  return {
    ...{ model: 'Enrollment', ids: view.related('Enrollment', 'studentId', id) },
    where: (row) => whether(row.studentId === id && isCounted(row)),
  }
}

const mean = ([sum = 0, count = 0]: readonly number[]) => (count === 0 ? null : sum / count)
const total = ([sum = 0]: readonly number[]) => sum
const progress = (row: Row) => [Number(row.progress), 1]

function creditsOf({ view, id }: Subject): Possible {
  const ids = view.related('CreditEntry', 'userId', id)
  return sumsOf(
    view,
    { model: 'CreditEntry', ids, where: ({ userId }) => whether(userId === id) },
    { terms: ({ amount }) => [Number(amount)], figure: total },
  )
}

function revenueOf(subject: Subject, isCounted: Rows['where'], ids: Iterable<string>): Possible {
  const rows = { model: 'Payment', ids, where: isCounted }
  const terms = ({ amountCents }: Row) => [Number(amountCents)]
  return sumsOf(subject.view, rows, { terms, figure: total })
}

const isTaughtBy = (view: View, courseId: unknown, teacherId: string) =>
  view.one('Course', String(courseId), (course) => whether(course.teacherId === teacherId))

const isCompleted = ({ status, currency }: Row) =>
  whether(status === 'COMPLETED' && currency === 'EUR')

function revenueByMonth(subject: Subject): ReadonlyMap<string, Possible> {
  const { view } = subject
  const monthOf = ({ paidAt }: Row) => String(paidAt).slice(0, 7)
  const ids = [...view.ids('Payment')]
  const months = new Set(
    ids.flatMap((id) => view.possible('Payment', id).flatMap((row) => (row ? [monthOf(row)] : []))),
  )
  return new Map(
    [...months].map((month) => [
      month,
      revenueOf(
        subject,
        (row) => every(isCompleted(row), whether(row.paidAt !== null && monthOf(row) === month)),
        ids,
      ),
    ]),
  )
}
