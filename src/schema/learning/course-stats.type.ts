import { hours } from '../../loaders/answer-policy.ts'
import { anyOf, parent, role, viewerId } from '../../loaders/where.ts'
import { entity, type Rule } from '../builder.ts'
import { enrolled } from './enrolled.ts'

const teacherOrAdmin: Rule<'Course'> = anyOf(role('ADMIN'), { teacherId: viewerId })
const publicIfActive: Rule<'Course'> = anyOf({ status: 'ACTIVE' }, teacherOrAdmin)

export const CourseStats = entity.view('CourseStats', {
  model: 'Course',
  maxAge: hours(1),
  description:
    'Figures about a course. Except for the number of students of an ACTIVE course they are for its teacher and admins.',
  fields: (t) => ({
    enrollmentCount: t.count('enrollments', {
      description:
        'Students enrolled, that is with an ACTIVE or COMPLETED enrollment. Public for an ACTIVE course.',
      guard: publicIfActive,
      where: enrolled,
    }),
    completionRate: t.aggregate('enrollments', {
      type: 'Float',
      nullable: true,
      description:
        'The share of the students enrolled who have completed the course, from 0 to 1; null when nobody is enrolled.',
      guard: teacherOrAdmin,
      where: enrolled,
      of: { all: { count: true }, completed: { count: true, where: { status: 'COMPLETED' } } },
      resolve: ({ all, completed }) => (all === 0 ? null : completed / all),
    }),
    averageProgress: t.average('enrollments', 'progress', {
      description:
        'The mean progress of the students enrolled, from 0 to 1; null when nobody is enrolled.',
      guard: teacherOrAdmin,
      where: enrolled,
    }),
    // A Float, because the sum may exceed an Int: both are whole numbers to JavaScript.
    revenueCents: t.aggregate('payments', {
      type: 'Float',
      nullable: true,
      description:
        "The sum of all COMPLETED payments in the course's own currency, in hundredths of it: a whole number.",
      guard: teacherOrAdmin,
      where: { status: 'COMPLETED', currency: parent('currency') },
      of: { cents: { sum: 'amountCents' } },
      resolve: ({ cents }) => cents,
    }),
  }),
})
