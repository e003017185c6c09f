import { minutes } from '../../loaders/answer-policy.ts'
import { anyOf, role, viewerId } from '../../loaders/where.ts'
import { entity, type Rule } from '../builder.ts'
import { AdminDashboard } from '../learning/admin-dashboard.type.ts'
import { courseOrder } from '../learning/course.order.ts'
import { enrolled } from '../learning/enrolled.ts'
import { CourseStatus, EnrollmentStatus } from '../learning/learning.enums.ts'
import { StudentDashboard } from '../learning/student-dashboard.type.ts'
import { TeacherDashboard } from '../learning/teacher-dashboard.type.ts'
import { meetingOrder } from '../meetings/meeting.order.ts'
import { meetingVisible } from '../meetings/meeting.type.ts'
import { participant } from '../meetings/participant.ts'

const studentOfViewer: Rule<'User'> = {
  enrollments: { some: { ...enrolled, course: { teacherId: viewerId } } },
}

/**
 * Who sees a person at all, by name. A person reached through a row that the viewer sees (a course's
 * teacher, an enrollment's student, a meeting's host and attendees) is seen with it. On the
 * leaderboard people have a name, a rank and credits, nothing that leads here.
 */
export const userVisible: Rule<'User'> = anyOf(
  role('ADMIN'),
  { id: viewerId },
  { courses: { some: { status: 'ACTIVE' } } },
  studentOfViewer,
  { hostedMeetings: { some: meetingVisible } },
  { attendances: { some: { meeting: meetingVisible } } },
)

const self: Rule<'User'> = { id: viewerId }
const selfOrAdmin: Rule<'User'> = anyOf(role('ADMIN'), self)
const selfAdminOrTeacher: Rule<'User'> = anyOf(selfOrAdmin, studentOfViewer)
/** What lies behind a guard is the person's own: its rows are not asked again. */
const personal = { guard: selfOrAdmin, inherits: true } as const

export const User = entity.object('User', {
  model: 'User',
  maxAge: minutes(30),
  description:
    'A person with an account. Seen by themselves and admins, by their teachers, by whoever sees a meeting with them, and by everybody if they teach an ACTIVE course. What is personal (see the fields) answers FORBIDDEN to all but themselves and admins.',
  visible: userVisible,
  fields: (t) => ({
    email: t.column('email', {
      description:
        'Their address, for themselves, admins, and teachers of courses they are enrolled in.',
      guard: selfAdminOrTeacher,
    }),
    name: t.column('name', { description: 'Their name as others see it.' }),
    role: t.column('role', { description: 'What they do on the platform.' }),
    timezone: t.column('timezone', {
      description: 'The time zone that they live in, as IANA names it: `Europe/Berlin`.',
    }),
    avatarUrl: t.column('avatarUrl', {
      description: 'The address of their picture; null when they have none.',
    }),
    createdAt: t.column('createdAt', { description: 'When the account was made.' }),
    updatedAt: t.column('updatedAt', { description: 'When the account itself changed last.' }),
    profile: t.one('profile', {
      description: 'What they tell about themselves; null until saved. Personal.',
      ...personal,
    }),
    subscription: t.one('subscription', {
      description: 'The plan that they are on; null until they choose one. Personal.',
      ...personal,
    }),
    botSettings: t.one('botSettings', {
      description: 'What the meeting bot does for them; null until saved. Personal.',
      ...personal,
    }),
    usage: t.many('usageRecords', {
      description: 'What they used, latest first. Personal.',
      ...personal,
      args: {
        since: { type: 'DateTime', description: 'Only what was used at this time or later.' },
      },
      where: (args) => ({ recordedAt: { gte: args.since ?? undefined } }),
      orderBy: [{ recordedAt: 'desc' }],
    }),
    creditBalance: t.sum('creditEntries', 'amount', {
      description: 'Their credits: the sum of all credit entries. Personal.',
      guard: selfOrAdmin,
    }),
    creditEntries: t.many('creditEntries', {
      description: 'The lines of their credit account, latest first. Personal.',
      ...personal,
      orderBy: [{ createdAt: 'desc' }],
    }),
    enrollments: t.many('enrollments', {
      description:
        'Their enrollments, newest first: all of them for themselves and admins, for a teacher those in courses of the teacher.',
      args: {
        status: { type: EnrollmentStatus, description: 'Only enrollments with this status.' },
      },
      where: (args) => ({ status: args.status ?? undefined }),
      orderBy: [{ enrolledAt: 'desc' }],
    }),
    courses: t.many('courses', {
      description: 'The courses that they teach, those that the viewer may see.',
      args: {
        status: { type: CourseStatus, description: 'Only courses with this status.' },
      },
      where: (args) => ({ status: args.status ?? undefined }),
      orderBy: courseOrder,
    }),
    payments: t.many('payments', {
      description:
        'Their payments, open ones first, then the latest: all of them for themselves and admins, for a teacher those for courses of the teacher.',
      orderBy: [{ paidAt: 'desc' }],
    }),
    meetings: t.list('Meeting', {
      description: 'Meetings that they host or attend, those that the viewer may see.',
      where: participant,
      orderBy: meetingOrder,
    }),
    calendarEvents: t.many('calendarEvents', {
      description: 'The entries of their calendar, earliest first. Personal.',
      ...personal,
      args: {
        from: { type: 'DateTime', description: 'Only entries that end after this time.' },
        to: { type: 'DateTime', description: 'Only entries that begin before this time.' },
      },
      where: (args) => ({
        endsAt: { gt: args.from ?? undefined },
        startsAt: { lt: args.to ?? undefined },
      }),
      orderBy: [{ startsAt: 'asc' }],
    }),
    integrations: t.many('integrations', {
      description: 'The services that their account is connected with. Personal.',
      ...personal,
      orderBy: [{ provider: 'asc' }],
    }),
    conversations: t.many('conversations', {
      description:
        'Their conversations with the assistant, latest first. For themselves alone, not even for admins.',
      guard: self,
      inherits: true,
      orderBy: [{ lastMessageAt: 'desc' }],
    }),
    studentDashboard: t.view(StudentDashboard, {
      description: 'What a student sees first. Personal.',
      guard: selfOrAdmin,
    }),
    teacherDashboard: t.view(TeacherDashboard, {
      description: 'What a teacher sees first. Personal.',
      guard: selfOrAdmin,
    }),
    adminDashboard: t.view(AdminDashboard, {
      description: 'What an admin sees first. For admins.',
      guard: role('ADMIN'),
    }),
  }),
})
