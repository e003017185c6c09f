import { allOf } from '../../loaders/where.ts'
import type { Rule } from '../builder.ts'
import { participant } from './participant.ts'

/** The list of meetings to come on a dashboard, which is guarded as a whole. */
export const upcomingMeetings = {
  description: 'Meetings hosted or attended that are not over or called off, soonest first.',
  inherits: true,
  args: {
    from: {
      type: 'DateTime',
      required: true,
      description: "The client's now: meetings that end before it are left out.",
    },
  },
  where: (args: { readonly from: string }): Rule<'Meeting'> =>
    allOf({ endsAt: { gt: args.from }, status: { in: ['SCHEDULED', 'LIVE'] } }, participant),
  orderBy: [{ startsAt: 'asc' }],
} as const
