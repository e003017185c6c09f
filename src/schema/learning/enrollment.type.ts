import { anyOf, role, viewerId } from '../../loaders/where.ts'
import { entity, type Rule } from '../builder.ts'

/** Who sees an enrollment, and with it the student and the payments. */
export const enrollmentVisible: Rule<'Enrollment'> = anyOf(
  role('ADMIN'),
  { studentId: viewerId },
  { course: { teacherId: viewerId } },
)

export const Enrollment = entity.object('Enrollment', {
  model: 'Enrollment',
  description:
    "A student's place in a course, seen by the student, the course's teacher and admins. A student has at most one in each course.",
  visible: enrollmentVisible,
  fields: (t) => ({
    progress: t.column('progress', {
      description: 'How much of the course is done, from 0 (nothing) to 1 (everything).',
    }),
    status: t.column('status', { description: 'How the student stands in the course.' }),
    enrolledAt: t.column('enrolledAt', { description: 'When the student enrolled last.' }),
    createdAt: t.column('createdAt', { description: 'When the enrollment was created.' }),
    updatedAt: t.column('updatedAt', { description: 'When the enrollment changed last.' }),
    // No `inherits`: a student who has left an ARCHIVED course keeps the enrollment, not the course.
    course: t.one('course', {
      description:
        'The course; null when the viewer may not see it any more, as after leaving an ARCHIVED one.',
    }),
    student: t.one('student', { description: 'The student.', inherits: true }),
    payments: t.many('payments', {
      description: 'What was paid for this enrollment, open payments first, then the latest.',
      inherits: true,
      orderBy: [{ paidAt: 'desc' }],
    }),
  }),
})
