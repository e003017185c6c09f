import { describe, expect, test } from 'vitest'
import { createNow, type Granularity } from '../../src/loaders/clock.ts'
import { createReadSet } from '../../src/tags/read-set.ts'

function look(granularity: Granularity, at: string) {
  const readSet = createReadSet()
  const now = createNow(readSet, () => Date.parse(at))(granularity)
  const { endsAtMs } = readSet
  return { now, ends: endsAtMs === null ? null : new Date(endsAtMs).toISOString() }
}

describe('the time of an operation', () => {
  test.for<readonly [Granularity, at: string, now: string, ends: string]>([
    ['day', '2026-01-31T23:59:59.999Z', '2026-01-31T00:00:00Z', '2026-02-01T00:00:00.000Z'],
    ['day', '2026-03-01T01:30:00+02:00', '2026-02-28T00:00:00Z', '2026-03-01T00:00:00.000Z'],
    ['day', '2028-02-29T12:00:00Z', '2028-02-29T00:00:00Z', '2028-03-01T00:00:00.000Z'],
    ['hour', '2026-01-31T23:59:59.999Z', '2026-01-31T23:00:00Z', '2026-02-01T00:00:00.000Z'],
    ['minute', '2026-12-31T23:59:00.000Z', '2026-12-31T23:59:00Z', '2027-01-01T00:00:00.000Z'],
    // A moment that is a boundary begins what follows it.
    ['minute', '2026-06-01T10:00:00.000Z', '2026-06-01T10:00:00Z', '2026-06-01T10:01:00.000Z'],
  ])('by the %s, at %s, is %s until %s', ([granularity, at, now, ends]) => {
    expect(look(granularity, at)).toEqual({ now, ends })
  })

  test('is one, however long the operation takes', () => {
    let ms = Date.parse('2026-01-01T10:00:59.999Z')
    const readSet = createReadSet()
    const now = createNow(readSet, () => ms)

    expect(now('minute')).toBe('2026-01-01T10:00:00Z')
    ms += 5_000
    expect(now('minute')).toBe('2026-01-01T10:00:00Z')
    expect(now('hour')).toBe('2026-01-01T10:00:00Z')
  })

  test('ends the answer at the first boundary of those that it was asked for', () => {
    const readSet = createReadSet()
    const now = createNow(readSet, () => Date.parse('2026-01-01T10:58:30Z'))
    now('day')
    now('minute')
    now('hour')

    expect(readSet.endsAtMs).toBe(Date.parse('2026-01-01T10:59:00Z'))
  })

  test('ends no answer that did not ask', () => {
    const readSet = createReadSet()
    createNow(readSet, () => 0)

    expect(readSet.endsAtMs).toBeNull()
  })
})
