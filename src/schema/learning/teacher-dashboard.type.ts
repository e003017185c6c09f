import { minutes } from '../../loaders/answer-policy.ts'
import { parent } from '../../loaders/where.ts'
import { entity, type Rule } from '../builder.ts'
import { upcomingMeetings } from '../meetings/upcoming-meetings.ts'
import { courseOrder } from './course.order.ts'
import { currency, parseCurrency } from './currency.ts'
import { enrolled } from './enrolled.ts'
import { CourseStatus } from './learning.enums.ts'

const ownStudent: Rule<'User'> = {
  enrollments: { some: { ...enrolled, course: { teacherId: parent('id') } } },
}

export const TeacherDashboard = entity.view('TeacherDashboard', {
  model: 'User',
  maxAge: minutes(5),
  description: 'What a teacher sees first, for the teacher and admins.',
  fields: (t) => ({
    courses: t.many('courses', {
      description: 'All courses of the teacher, drafts included; figures are in their `stats`.',
      inherits: true,
      args: {
        status: { type: CourseStatus, description: 'Only courses with this status.' },
      },
      where: (args) => ({ status: args.status ?? undefined }),
      orderBy: courseOrder,
    }),
    activeCourseCount: t.count('courses', {
      description: 'How many courses of the teacher are ACTIVE.',
      where: { status: 'ACTIVE' },
    }),
    students: t.list('User', {
      description: 'Everybody enrolled in a course of the teacher, each once, by name.',
      inherits: true,
      where: ownStudent,
      orderBy: [{ name: 'asc' }],
    }),
    studentCount: t.count('User', {
      description: 'How many people are enrolled in a course of the teacher, each counted once.',
      where: ownStudent,
    }),
    enrollmentCount: t.count('Enrollment', {
      description: 'How many enrollments, ACTIVE or COMPLETED, the courses of the teacher have.',
      where: { ...enrolled, course: { teacherId: parent('id') } },
    }),
    revenueCents: t.aggregate('Payment', {
      type: 'Float',
      nullable: false,
      description:
        'The sum of all COMPLETED payments for courses of the teacher in one currency, in hundredths of it: a whole number.',
      args: { currency },
      where: (args) => ({
        status: 'COMPLETED',
        currency: parseCurrency(args),
        course: { teacherId: parent('id') },
      }),
      of: { cents: { sum: 'amountCents' } },
      resolve: ({ cents }) => cents,
    }),
    upcomingMeetings: t.list('Meeting', upcomingMeetings),
  }),
})
