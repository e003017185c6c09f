import { hours, withPolicy } from '../../loaders/answer-policy.ts'
import { builder } from '../builder.ts'
import { Role } from '../people/people.enums.ts'
import { currency, parseCurrency } from './currency.ts'
import { enrolled } from './enrolled.ts'

type RoleName = typeof Role.$inferType

const RoleCount = builder
  .objectRef<{ readonly role: RoleName; readonly count: number }>('RoleCount')
  .implement({
    description: 'How many people have a role.',
    fields: (t) => ({
      role: t.expose('role', { type: Role, description: 'The role that is counted.' }),
      count: t.exposeInt('count', { description: 'How many people have it.' }),
    }),
  })

const MonthlyRevenue = builder
  .objectRef<{ readonly month: string; readonly cents: number }>('MonthlyRevenue')
  .implement({
    description: 'What was received in a month.',
    fields: (t) => ({
      month: t.exposeString('month', { description: 'The month in UTC: `2026-03`.' }),
      revenueCents: t.float({
        description:
          'The sum of the COMPLETED payments received in it, in hundredths of the currency: a whole number.',
        resolve: (revenue) => revenue.cents,
      }),
    }),
  })

/** Reads nothing by itself: each figure is one grouped statement, and only when it is asked for. */
export const PlatformStats = builder.objectRef<Record<never, never>>('PlatformStats').implement({
  description: 'Figures about the whole platform, for admins.',
  extensions: withPolicy({ maxAge: hours(1) }),
  fields: (t) => ({
    usersByRole: t.field({
      type: [RoleCount],
      description: 'How many people there are, role by role; roles that nobody has count 0.',
      resolve: async (_stats, _args, { loaders }, info) => {
        const groups = await loaders.groups({ model: 'User', by: 'role' }, info)
        return roles.map((role) => ({ role, count: countOf(groups, [role]) }))
      },
    }),
    activeCourseCount: t.int({
      description: 'How many courses are ACTIVE.',
      resolve: async (_stats, _args, { loaders }, info) =>
        countOf(await loaders.groups({ model: 'Course', by: 'status' }, info), ['ACTIVE']),
    }),
    enrollmentCount: t.int({
      description: 'How many enrollments there are, ACTIVE or COMPLETED.',
      resolve: async (_stats, _args, { loaders }, info) =>
        countOf(
          await loaders.groups({ model: 'Enrollment', by: 'status' }, info),
          enrolled.status.in,
        ),
    }),
    revenueByMonth: t.field({
      type: [MonthlyRevenue],
      description:
        'What was received, month by month, earliest first; months without it are absent.',
      args: { currency: t.arg(currency) },
      resolve: async (_stats, args, { loaders }, info) => {
        const groups = await loaders.groups(
          {
            model: 'Payment',
            by: { month: 'paidAt' },
            sum: 'amountCents',
            where: { status: 'COMPLETED', currency: parseCurrency(args), paidAt: { not: null } },
          },
          info,
        )
        return groups
          .map(({ key, sum }) => ({ month: key, cents: sum }))
          .sort((a, b) => a.month.localeCompare(b.month))
      },
    }),
  }),
})

const roles = ['STUDENT', 'TEACHER', 'ADMIN'] as const satisfies readonly RoleName[]

function countOf(
  groups: readonly { readonly key: string; readonly count: number }[],
  keys: readonly string[],
): number {
  return groups.reduce((sum, group) => (keys.includes(group.key) ? sum + group.count : sum), 0)
}
