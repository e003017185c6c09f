import { minutes } from '../../loaders/answer-policy.ts'
import { anyOf, role, viewerId } from '../../loaders/where.ts'
import { entity, type Rule } from '../builder.ts'
import { meetingOrder } from '../meetings/meeting.order.ts'
import { CourseStats } from './course-stats.type.ts'
import { enrolled } from './enrolled.ts'
import { EnrollmentStatus } from './learning.enums.ts'

/** Who sees a course: everybody an ACTIVE one, which therefore asks the viewer nothing. */
export const courseVisible: Rule<'Course'> = anyOf(
  { status: 'ACTIVE' },
  role('ADMIN'),
  { teacherId: viewerId },
  { status: 'ARCHIVED', enrollments: { some: { studentId: viewerId, ...enrolled } } },
)

export const Course = entity.object('Course', {
  model: 'Course',
  maxAge: minutes(30),
  description:
    'A course that a teacher offers. Everybody sees ACTIVE courses; a DRAFT is seen by its teacher and admins, an ARCHIVED one also by the students enrolled in it.',
  visible: courseVisible,
  fields: (t) => ({
    title: t.column('title', { description: 'Its name, at most 80 characters in practice.' }),
    slug: t.column('slug', {
      description: 'Its unique name in web addresses: lower case letters, digits and hyphens.',
    }),
    summary: t.column('summary', { description: 'One or two sentences for lists and previews.' }),
    description: t.column('description', {
      description: 'The full text of the course page; ask for it only where it is shown.',
    }),
    status: t.column('status', { description: 'Where the course is in its life.' }),
    priceCents: t.column('priceCents', {
      description: 'What enrolling costs, in hundredths of `currency`; 0 is free.',
    }),
    currency: t.column('currency', {
      description: 'The currency of the price, as three letters of ISO 4217: `EUR`.',
    }),
    publishedAt: t.column('publishedAt', {
      description: 'When the course was published first; null while it never was.',
    }),
    createdAt: t.column('createdAt', { description: 'When the course was created.' }),
    updatedAt: t.column('updatedAt', {
      description: 'When the course itself (not its lessons or students) changed last.',
    }),
    teacher: t.one('teacher', {
      description: 'The teacher whose course it is.',
      inherits: true,
    }),
    lessons: t.many('lessons', {
      description: 'The lessons in the order in which they are taught.',
      inherits: true,
      orderBy: [{ position: 'asc' }],
    }),
    enrollments: t.many('enrollments', {
      description:
        'Enrollments in the course, newest first: all of them for its teacher and admins, for a student only their own. For the number of students see `stats`.',
      args: {
        status: { type: EnrollmentStatus, description: 'Only enrollments with this status.' },
      },
      where: (args) => ({ status: args.status ?? undefined }),
      orderBy: [{ enrolledAt: 'desc' }],
    }),
    payments: t.many('payments', {
      description:
        'Payments for the course, open ones first, then the latest: all of them for its teacher and admins, for a student only their own.',
      orderBy: [{ paidAt: 'desc' }],
    }),
    meetings: t.many('meetings', {
      description:
        'Meetings that belong to the course: all of them for its teacher and admins, for others only those that they host or attend.',
      orderBy: meetingOrder,
    }),
    stats: t.view(CourseStats, {
      description:
        'Figures about the course; of an ACTIVE course everybody sees `enrollmentCount`.',
    }),
  }),
})
