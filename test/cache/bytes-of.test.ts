import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bytesOf } from '../../src/cache/bytes-of.ts'

test('a text of any length is the bytes that Buffer makes of it, and stays so', () => {
  const unit = fc.constantFrom('a', 'é', '中', '😀', '\ud800')
  const length = fc.constantFrom(0, 1, 1_000, 32_768, 65_535, 65_536, 65_537)
  fc.assert(
    fc.property(fc.array(unit, { minLength: 1, maxLength: 5 }), length, (units, length) => {
      const text = units.join('').repeat(length).slice(0, length)
      const bytes = bytesOf(text)
      bytesOf('x'.repeat(1_000)) // takes the same room
      expect(bytes.equals(Buffer.from(text))).toBe(true)
    }),
  )
})
