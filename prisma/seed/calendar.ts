import {
  createClock,
  day,
  hour,
  laterChange,
  midnight,
  minute,
  nextSlot,
  seedPresent,
} from './instant.ts'
import type { PlannedMeeting } from './meetings.ts'
import { demoPlaces, isDemo, type Person } from './people.ts'
import type { SeedPlan } from './seed-plan.ts'
import { commonColumns, defineSeedTable, type SeedTable } from './seed-table.ts'
import { drawSizes, interleave } from './spread.ts'
import { createTexts } from './texts.ts'

/** Half are meetings in their host's calendar, half are events of a person's own. */
export function calendarEventTable(
  plan: SeedPlan,
  people: readonly Person[],
  meetings: readonly PlannedMeeting[],
): SeedTable {
  const { calendarEvents: total, largestCalendar: largest } = plan.counts
  const synced = Math.min(Math.floor(total / 2), meetings.length)
  const own = total - synced
  return defineSeedTable({
    name: 'CalendarEvent',
    columns: {
      ...commonColumns,
      userId: 'uuid',
      meetingId: 'uuid',
      title: 'text',
      startsAt: 'timestamptz',
      endsAt: 'timestamptz',
    },
    planned: total,
    *rows() {
      const random = plan.random('calendar')
      const texts = createTexts(random)
      const rowId = plan.rowId('CalendarEvent')
      for (let index = 0; index < synced; index++) {
        const meeting = meetings[Math.floor((index * meetings.length) / synced)]
        if (!meeting) continue
        const { id: meetingId, title, startsAt, endsAt, createdAt } = meeting
        const userId = people[meeting.host]?.id ?? null
        const id = rowId(index, createdAt)
        yield { id, createdAt, updatedAt: createdAt, userId, meetingId, title, startsAt, endsAt }
      }
      const sizes = drawSizes(random, { owners: people.length, total: own, largest }, demoPlaces)
      const clock = createClock(random, {
        from: midnight('2025-06-01'),
        to: seedPresent - day,
        count: own,
      })
      for (const [turn, owner] of interleave(random, sizes, 2).entries()) {
        const createdAt = clock(0.3)
        const startsAt = nextSlot(createdAt + random.below(120) * day, 6 * hour)
        yield {
          id: rowId(synced + turn, createdAt),
          createdAt,
          updatedAt: laterChange(random, createdAt),
          userId: people[owner]?.id ?? null,
          meetingId: null,
          title: texts.title(),
          startsAt,
          endsAt: startsAt + random.pick([30, 60, 120, 1_440]) * minute,
        }
      }
    },
  })
}

export function integrationTable(plan: SeedPlan, people: readonly Person[]): SeedTable {
  const providers = ['GOOGLE_CALENDAR', 'SLACK', 'ZOOM'] as const
  return defineSeedTable({
    name: 'Integration',
    columns: {
      ...commonColumns,
      userId: 'uuid',
      provider: '"IntegrationProvider"',
      status: '"IntegrationStatus"',
      lastSyncedAt: 'timestamptz',
    },
    planned: people.length,
    *rows() {
      const random = plan.random('integrations')
      const rowId = plan.rowId('Integration')
      let index = 0
      for (const [place, person] of people.entries()) {
        for (const provider of providers) {
          if (!isDemo(place) && random.chance(0.67)) continue
          const syncedAt = nextSlot(seedPresent - random.between(1, 60) * day, hour)
          yield {
            id: rowId(index++, person.createdAt),
            createdAt: person.createdAt,
            updatedAt: laterChange(random, person.createdAt),
            userId: person.id,
            provider,
            status: random.chance(0.85) ? 'CONNECTED' : 'ERROR',
            lastSyncedAt: random.chance(0.7) ? syncedAt : null,
          }
        }
      }
    },
  })
}
