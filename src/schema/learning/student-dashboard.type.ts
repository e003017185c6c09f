import { minutes } from '../../loaders/answer-policy.ts'
import { entity } from '../builder.ts'
import { from, startOf } from '../meetings/not-over.ts'
import { upcomingMeetings } from '../meetings/upcoming-meetings.ts'
import { enrolled } from './enrolled.ts'

export const StudentDashboard = entity.view('StudentDashboard', {
  model: 'User',
  maxAge: minutes(5),
  description: 'What a student sees first, for the student and admins.',
  fields: (t) => ({
    activeEnrollments: t.many('enrollments', {
      description: 'The courses being taken, those enrolled in last first.',
      inherits: true,
      where: { status: 'ACTIVE' },
      orderBy: [{ enrolledAt: 'desc' }],
    }),
    completedCount: t.count('enrollments', {
      description: 'How many courses the student has completed.',
      where: { status: 'COMPLETED' },
    }),
    averageProgress: t.average('enrollments', 'progress', {
      description:
        'The mean progress over all courses being taken or completed, from 0 to 1; null when there are none.',
      where: enrolled,
    }),
    creditBalance: t.sum('creditEntries', 'amount', {
      description: 'The credits: the sum of all credit entries.',
    }),
    upcomingMeetings: t.list('Meeting', upcomingMeetings),
    nextCalendarEvents: t.many('calendarEvents', {
      description: 'Entries of the calendar that are not over, soonest first.',
      inherits: true,
      args: { from },
      where: (args, context) => ({ endsAt: { gt: startOf(args, context) } }),
      orderBy: [{ startsAt: 'asc' }],
    }),
  }),
})
