import { hours } from '../../loaders/answer-policy.ts'
import { everybody } from '../../loaders/where.ts'
import { entity } from '../builder.ts'

const LeaderboardEntry = entity.view('LeaderboardEntry', {
  model: 'User',
  maxAge: hours(1),
  description:
    'A place on the leaderboard. It is public, and therefore says a name and figures and nothing else.',
  fields: (t) => ({
    rank: t.rank({
      description: 'Its place, counted from 1; people with equally many credits share one.',
    }),
    name: t.column('name', { description: "The person's name." }),
    credits: t.sum('creditEntries', 'amount', { description: "The person's credits." }),
  }),
})

entity.query((t) => ({
  leaderboard: t.connection(LeaderboardEntry, {
    description: 'Everybody who ever got credits, those with the most first. Public.',
    inherits: true,
    where: () => ({ creditEntries: { some: everybody } }),
    orderBy: [{ sum: 'creditEntries.amount', direction: 'desc' }, { id: 'asc' }],
  }),
}))
