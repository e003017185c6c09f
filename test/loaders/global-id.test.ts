import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createIdEncoder, decodeGlobalId } from '../../src/loaders/global-id.ts'
import type { Model } from '../../src/sql/datamodel.ts'

const keys: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  uuid: fc.uuid(),
  int4: fc.integer(),
  int8: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  text: fc.string({ unit: 'grapheme', maxLength: 40 }),
}
const typeName = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,20}$/)

/** As Relay's servers do it. */
function printId(typeName: string, key: string): string {
  return Buffer.from(`${typeName}:${key}`).toString('base64url')
}

function keyedBy(sqlType: string): Model {
  const column = { dbName: 'key', type: '', sqlType, isEnum: false, isList: false }
  return { primaryKey: ['key'], columns: { key: column } } as unknown as Model // all that ids look at
}

for (const [sqlType, key] of Object.entries(keys)) {
  test(`an id of a row with a key of type ${sqlType} is base64url of type and key, and is read back`, () => {
    fc.assert(
      fc.property(typeName, key, (typeName, key) => {
        const id = createIdEncoder(typeName, keyedBy(sqlType))({ key })
        expect(id).toBe(printId(typeName, String(key)))
        expect(decodeGlobalId(id)).toEqual(
          id.length > 400 ? undefined : { typeName, key: String(key) },
        )
      }),
      { numRuns: 500 },
    )
  })
}

test('whatever is read as an id is read as Buffer reads it', () => {
  const letters = fc.stringMatching(/^[\w+/=-]{0,60}$/)
  const printed = fc.string({ unit: 'binary', maxLength: 40 }).map((text) => printId('Book', text))
  fc.assert(
    fc.property(fc.oneof(letters, printed), (id) => {
      const text = Buffer.from(id, 'base64url').toString()
      const [, typeName, key] = /^([A-Za-z_]\w*):(.*)$/s.exec(text) ?? []
      const isLegal = /^[\w-]+$/.test(id) && id.length <= 400 && typeName !== undefined
      expect(decodeGlobalId(id)).toEqual(isLegal ? { typeName, key } : undefined)
    }),
    { numRuns: 2_000 },
  )
})
