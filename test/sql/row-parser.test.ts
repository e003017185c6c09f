import fc from 'fast-check'
import { Parser } from 'pg-protocol/dist/parser.js'
import { expect, test } from 'vitest'
import { RowParser } from '../../src/sql/row-parser.ts'

const texts = fc.oneof(
  fc.string({ unit: 'grapheme-ascii', maxLength: 20 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom('', 'ü', '日本', '🎓', 'x'.repeat(128), 'x'.repeat(129), 'é'.repeat(64)),
  fc.integer({ min: 500, max: 2_000 }).map((length) => 'long '.repeat(length / 5)),
)
const rows = fc.array(fc.array(fc.option(texts), { maxLength: 12 }), { maxLength: 8 })

test("reads the same rows as pg-protocol's parser, in whatever pieces they come", () => {
  fc.assert(
    fc.property(rows, fc.array(fc.nat(2_000), { maxLength: 20 }), (given, cuts) => {
      const bytes = Buffer.concat([...given.map(writeRow), readyForQuery])

      const read = parse(new RowParser(), bytes, cuts)

      expect(read).toEqual(parse(new Parser() as unknown as RowParser, bytes, cuts))
      expect(read.slice(0, -1)).toEqual(given)
    }),
    { numRuns: 2_000 },
  )
})

/** The fields of each row, the names of other messages. */
function parse(parser: RowParser, bytes: Buffer, cuts: readonly number[]): unknown[] {
  const read: unknown[] = []
  const ends = [...new Set(cuts)].filter((at) => at < bytes.length).sort((a, b) => a - b)
  let start = 0
  for (const end of [...ends, bytes.length]) {
    // Each piece in memory of its own, as they come from a socket.
    parser.parse(Buffer.from(bytes.subarray(start, end)), (message) => {
      read.push('fields' in message ? message.fields : message.name)
    })
    start = end
  }
  return read
}

function writeRow(values: readonly (string | null)[]): Buffer {
  const fields = values.map((value) => {
    if (value === null) return Buffer.from([0xff, 0xff, 0xff, 0xff])
    const text = Buffer.from(value)
    const length = Buffer.alloc(4)
    length.writeInt32BE(text.length)
    return Buffer.concat([length, text])
  })
  const head = Buffer.alloc(7)
  const body = Buffer.concat(fields)
  head.write('D')
  head.writeInt32BE(4 + 2 + body.length, 1)
  head.writeInt16BE(values.length, 5)
  return Buffer.concat([head, body])
}

const readyForQuery = Buffer.from([0x5a, 0, 0, 0, 5, 0x49])
