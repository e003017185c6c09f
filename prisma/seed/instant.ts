import { mix32, type Random } from './random.ts'

/** Microseconds since 1970; a number holds them exactly until the year 2255. */
export type Instant = number

export const minute: Instant = 60_000_000
export const hour: Instant = 60 * minute
export const day: Instant = 24 * hour

/** Midnight UTC of a date such as `2025-03-01`. */
export function midnight(date: string): Instant {
  return Date.parse(`${date}T00:00:00Z`) * 1000
}

/** What the seed takes for the present, so that its rows do not depend on the day it runs. */
export const seedPresent: Instant = midnight('2026-11-01')

/** As PostgreSQL reads it, with all six digits. */
export function toTimestamp(instant: Instant): string {
  const ms = Math.floor(instant / 1000)
  const micros = String(instant - ms * 1000).padStart(3, '0')
  return `${new Date(ms).toISOString().slice(0, -1)}${micros}Z`
}

/** The same millisecond, and 1 to 999 microseconds into it. */
function withMicroseconds(random: Random, instant: Instant): Instant {
  return Math.floor(instant / 1000) * 1000 + random.between(1, 999)
}

/**
 * The next multiple of `length` and a few microseconds, which are the same for whoever meets in that
 * slot: this is where ties come from.
 */
export function nextSlot(instant: Instant, length: Instant): Instant {
  const slot = Math.ceil(instant / length)
  return slot * length + 1 + (mix32(slot) % 999)
}

/** When a row was last changed: often never, else up to 30 days later, but not in the future. */
export function laterChange(random: Random, createdAt: Instant): Instant {
  const changed = random.chance(0.4)
  const age = Math.floor(random.unit() * 30 * day)
  if (!changed) return createdAt
  const latest = Math.max(createdAt, seedPresent - 1)
  return Math.min(withMicroseconds(random, createdAt + age + 1000), latest)
}

export interface ClockOptions {
  readonly from: Instant
  readonly to: Instant
  /** How often the clock will be asked. */
  readonly count: number
}

/** Rising instants, evenly over the time; with the given probability the same one again. */
export function createClock(random: Random, { from, to, count }: ClockOptions) {
  const step = (to - from) / count
  let asked = 0
  let instant = from
  return (repeat: number): Instant => {
    const again = random.chance(repeat) && asked > 0
    if (!again) instant = withMicroseconds(random, from + step * (asked + random.unit()))
    asked++
    return instant
  }
}
