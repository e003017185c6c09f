import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseDateTime as parseOnServer } from '../../src/loaders/date-time.ts'
import { parseDateTime, toDate } from '../../src/sdk/date-time.ts'

test('a time keeps all its digits, and can be made of a Date and into one', () => {
  expect(parseDateTime('2026-01-31T09:30:00.123456Z')).toBe('2026-01-31T09:30:00.123456Z')
  expect(parseDateTime(new Date(0))).toBe('1970-01-01T00:00:00.000Z')
  expect(toDate(parseDateTime('2026-01-31T09:30:00.123456+02:00')).toISOString()).toBe(
    '2026-01-31T07:30:00.123Z',
  )
})

test.for([
  '',
  '2026-01-31',
  '2026-01-31T09:30:00',
  '2026-02-30T00:00:00Z',
  '2026-01-31T24:00:00Z',
  '2026-01-31T09:30:00.1234567Z',
  '0000-01-01T00:00:00Z',
  ' 2026-01-31T09:30:00Z',
  '2026-01-31T09:30:60Z',
])('"%s" is none', (text) => {
  expect(() => parseDateTime(text)).toThrow(RangeError)
})

test('an invalid Date is none', () => {
  expect(() => parseDateTime(new Date('nonsense'))).toThrow(RangeError)
})

test('client and server agree on what is a time', () => {
  const two = fc.integer({ min: 0, max: 62 }).map((n) => String(n).padStart(2, '0'))
  const parts = fc.tuple(two, two, two, two, two, fc.constantFrom('Z', '+02:00', '-23:59', '', 'z'))
  fc.assert(
    fc.property(parts, ([month, day, hour, minute, second, zone]) => {
      const text = `2024-${month}-${day}T${hour}:${minute}:${second}${zone}`
      expect(isTime(parseDateTime, text)).toBe(isTime(parseOnServer, text))
    }),
    { numRuns: 2_000 },
  )
})

function isTime(parse: (text: string) => unknown, text: string): boolean {
  try {
    parse(text)
    return true
  } catch {
    return false
  }
}
