import { demoPeople } from '../demo-people.ts'
import { createClock, day, type Instant, laterChange, midnight, seedPresent } from './instant.ts'
import type { SeedPlan } from './seed-plan.ts'
import { commonColumns, defineSeedTable, type SeedTable } from './seed-table.ts'
import { createTexts } from './texts.ts'
import { familyNames, givenNames, timezones } from './words.ts'

export interface Person {
  readonly id: string
  readonly email: string
  readonly name: string
  readonly role: 'STUDENT' | 'TEACHER' | 'ADMIN'
  readonly createdAt: Instant
}

/** Places in the list of people. */
export const demoStudent = 0
export const demoTeacher = 1
export const demoAdmin = 2
export const demoPlaces: readonly number[] = [demoStudent, demoTeacher, demoAdmin]

/** In order of sign-up: the demo people, the other teachers and admins, then the students. */
export function planPeople(plan: SeedPlan): readonly Person[] {
  const { users, teachers, admins } = plan.counts
  const random = plan.random('people')
  const rowId = plan.rowId('User')
  const clock = createClock(random, {
    from: midnight('2024-01-02'),
    to: midnight('2024-12-20'),
    count: users - demoPeople.length,
  })
  const people: Person[] = demoPeople.map((person) => ({ ...person, createdAt: timeOf(person.id) }))
  while (people.length < users) {
    const index = people.length
    const createdAt = clock(0.2)
    const name = `${random.pick(givenNames)} ${random.pick(familyNames)}`
    people.push({
      id: rowId(index, createdAt),
      email: `${toMailbox(name)}.${index}@example.com`,
      name,
      role: index < 2 + teachers ? 'TEACHER' : index < 1 + teachers + admins ? 'ADMIN' : 'STUDENT',
      createdAt,
    })
  }
  return people
}

export function userTable(plan: SeedPlan, people: readonly Person[]): SeedTable {
  return defineSeedTable({
    name: 'User',
    columns: {
      ...commonColumns,
      email: 'text',
      name: 'text',
      role: '"Role"',
      timezone: 'text',
      avatarUrl: 'text',
    },
    planned: people.length,
    *rows() {
      const random = plan.random('users')
      for (const person of people) {
        yield {
          ...person,
          updatedAt: laterChange(random, person.createdAt),
          timezone: random.pick(timezones),
          avatarUrl: random.chance(0.6) ? `https://images.example.com/${person.id}.webp` : null,
        }
      }
    },
  })
}

export function profileTable(plan: SeedPlan, people: readonly Person[]): SeedTable {
  return defineSeedTable({
    name: 'Profile',
    columns: {
      ...commonColumns,
      userId: 'uuid',
      headline: 'text',
      bio: 'text',
      website: 'text',
    },
    planned: Math.round(people.length * 0.8),
    *rows() {
      const random = plan.random('profiles')
      const texts = createTexts(random)
      const rowId = plan.rowId('Profile')
      for (const [index, person] of people.entries()) {
        if (!isDemo(index) && random.chance(0.2)) continue
        yield {
          id: rowId(index, person.createdAt),
          createdAt: person.createdAt,
          updatedAt: laterChange(random, person.createdAt),
          userId: person.id,
          headline: isDemo(index) || random.chance(0.8) ? texts.title() : null,
          bio: isDemo(index) || random.chance(0.7) ? texts.prose(random.between(2, 6)) : null,
          website: random.chance(0.3) ? `https://example.com/~${toMailbox(person.name)}` : null,
        }
      }
    },
  })
}

export function subscriptionTable(plan: SeedPlan, people: readonly Person[]): SeedTable {
  return defineSeedTable({
    name: 'Subscription',
    columns: {
      ...commonColumns,
      userId: 'uuid',
      plan: '"Plan"',
      status: '"SubscriptionStatus"',
      renewsAt: 'timestamptz',
    },
    planned: Math.round(people.length * 0.9),
    *rows() {
      const random = plan.random('subscriptions')
      const rowId = plan.rowId('Subscription')
      const plans = ['FREE', 'FREE', 'FREE', 'PRO', 'PRO', 'TEAM']
      const statuses = ['ACTIVE', 'ACTIVE', 'ACTIVE', 'ACTIVE', 'PAST_DUE', 'CANCELLED']
      for (const [index, person] of people.entries()) {
        if (!isDemo(index) && random.chance(0.1)) continue
        const chosen = isDemo(index) ? 'PRO' : random.pick(plans)
        const status = isDemo(index) || chosen === 'FREE' ? 'ACTIVE' : random.pick(statuses)
        const renews = chosen !== 'FREE' && status !== 'CANCELLED'
        const cycle = (person.createdAt % (30 * day)) + random.between(0, 11) * 30 * day
        yield {
          id: rowId(index, person.createdAt),
          createdAt: person.createdAt,
          updatedAt: laterChange(random, person.createdAt),
          userId: person.id,
          plan: chosen,
          status,
          renewsAt: renews ? seedPresent + cycle : null,
        }
      }
    },
  })
}

export function botSettingsTable(plan: SeedPlan, people: readonly Person[]): SeedTable {
  return defineSeedTable({
    name: 'BotSettings',
    columns: {
      ...commonColumns,
      userId: 'uuid',
      autoJoin: 'boolean',
      recordingEnabled: 'boolean',
      language: 'text',
    },
    planned: Math.round(people.length * 0.6),
    *rows() {
      const random = plan.random('bot settings')
      const rowId = plan.rowId('BotSettings')
      for (const [index, person] of people.entries()) {
        if (!isDemo(index) && random.chance(0.4)) continue
        yield {
          id: rowId(index, person.createdAt),
          createdAt: person.createdAt,
          updatedAt: laterChange(random, person.createdAt),
          userId: person.id,
          autoJoin: random.chance(0.4),
          recordingEnabled: random.chance(0.3),
          language: random.pick(['en', 'en', 'en', 'de', 'es', 'fr', 'ja', 'tr']),
        }
      }
    },
  })
}

export function isDemo(place: number): boolean {
  return place < demoPeople.length
}

/** The instant that a UUIDv7 was made from, as `createRowId` writes it. */
function timeOf(id: string): Instant {
  const ms = Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)
  const fraction = Number.parseInt(id.slice(15, 18), 16)
  return ms * 1000 + Math.ceil((fraction * 1000) / 4096)
}

/** ASCII letters and dots, as a mail address may have them. */
function toMailbox(name: string): string {
  const ascii = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z ]/g, '')
  return ascii.trim().replaceAll(/ +/g, '.') || 'user'
}
