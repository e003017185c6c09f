import type { Context } from '../../context.ts'
import { allOf } from '../../loaders/where.ts'
import type { Rule } from '../builder.ts'
import { from, startOf } from './not-over.ts'
import { participant } from './participant.ts'

/** The list of meetings to come on a dashboard, which is guarded as a whole. */
export const upcomingMeetings = {
  description: 'Meetings hosted or attended that are not over or called off, soonest first.',
  inherits: true,
  args: { from },
  where: (args: Parameters<typeof startOf>[0], context: Pick<Context, 'now'>): Rule<'Meeting'> =>
    allOf(
      { endsAt: { gt: startOf(args, context) }, status: { in: ['SCHEDULED', 'LIVE'] } },
      participant,
    ),
  orderBy: [{ startsAt: 'asc' }],
} as const
