import { createClock, day, midnight, nextSlot, seedPresent } from './instant.ts'
import { demoPlaces, type Person } from './people.ts'
import type { SeedPlan } from './seed-plan.ts'
import { commonColumns, defineSeedTable, type SeedTable } from './seed-table.ts'
import { drawSizes, interleave } from './spread.ts'
import { creditReasons } from './words.ts'

/** Usage is metered once a day, so that a person's metrics of one day share their time. */
export function usageRecordTable(plan: SeedPlan, people: readonly Person[]): SeedTable {
  const { usageRecords: total, largestUsage: largest } = plan.counts
  return defineSeedTable({
    name: 'UsageRecord',
    columns: {
      ...commonColumns,
      userId: 'uuid',
      metric: '"UsageMetric"',
      quantity: 'int',
      recordedAt: 'timestamptz',
    },
    planned: total,
    *rows() {
      const random = plan.random('usage')
      const rowId = plan.rowId('UsageRecord')
      const sizes = drawSizes(random, { owners: people.length, total, largest }, demoPlaces)
      const owners = interleave(random, sizes, 3)
      const clock = createClock(random, {
        from: midnight('2025-12-01'),
        to: seedPresent - day,
        count: total,
      })
      for (const [index, owner] of owners.entries()) {
        const recordedAt = nextSlot(clock(0), day)
        const metric = random.pick(['MEETING_MINUTES', 'AI_TOKENS', 'STORAGE_MB'])
        yield {
          id: rowId(index, recordedAt),
          createdAt: recordedAt,
          updatedAt: recordedAt,
          userId: people[owner]?.id ?? null,
          metric,
          quantity: random.below(metric === 'AI_TOKENS' ? 20_000 : 240),
          recordedAt,
        }
      }
    },
  })
}

/** Amounts come in steps of five, so that balances tie on the leaderboard. */
export function creditEntryTable(plan: SeedPlan, people: readonly Person[]): SeedTable {
  const { creditEntries: total, largestCredit: largest } = plan.counts
  return defineSeedTable({
    name: 'CreditEntry',
    columns: { ...commonColumns, userId: 'uuid', amount: 'int', reason: 'text' },
    planned: total,
    *rows() {
      const random = plan.random('credits')
      const rowId = plan.rowId('CreditEntry')
      const sizes = drawSizes(random, { owners: people.length, total, largest }, demoPlaces)
      const owners = interleave(random, sizes, 2)
      const clock = createClock(random, {
        from: midnight('2025-01-01'),
        to: seedPresent - day,
        count: total,
      })
      for (const [index, owner] of owners.entries()) {
        const createdAt = clock(0.3)
        const spent = random.chance(0.25)
        yield {
          id: rowId(index, createdAt),
          createdAt,
          updatedAt: createdAt,
          userId: people[owner]?.id ?? null,
          amount: 5 * random.between(1, 20) * (spent ? -1 : 1),
          reason: spent ? 'Spent' : random.pick(creditReasons),
        }
      }
    },
  })
}
