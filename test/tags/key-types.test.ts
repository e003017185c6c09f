import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { generateTriggers } from '../../src/capture/generate-triggers.ts'
import type { Database } from '../../src/sql/database.ts'
import type { Tag } from '../../src/tags/tag.ts'
import { createProbe } from '../capture/probe.ts'
import { createAsker } from '../loaders/ask-loaders.ts'
import { openTestDatabase } from '../support/test-databases.ts'
import { type ColumnType, createKeySchema, createKeyTables, enumType } from './key-tables.ts'

const text: ColumnType = { sqlType: 'text', type: 'String' }
const varchar: ColumnType = { sqlType: 'varchar', type: 'String' }
const char: ColumnType = { sqlType: 'bpchar', type: 'String' }
const int2: ColumnType = { sqlType: 'int2', type: 'Int' }
const int4: ColumnType = { sqlType: 'int4', type: 'Int' }
const int8: ColumnType = { sqlType: 'int8', type: 'BigInt' }
const date: ColumnType = { sqlType: 'date', type: 'DateTime' }
const timestamp: ColumnType = { sqlType: 'timestamp', type: 'DateTime' }
const numeric: ColumnType = { sqlType: 'numeric', type: 'Decimal' }
const kind: ColumnType = { sqlType: `"${enumType.dbName}"`, type: enumType.name, isEnum: true }

const texts = [
  'a',
  'A',
  'a,b',
  'a/note',
  'x=y',
  '*',
  '~',
  '',
  ' ',
  "it's",
  'é',
  'e\u0301',
  '1',
  '{}',
]
const times = ['00:00:00', '00:00:00.1', '23:59:59.999999', '24:00:00']
const days = ['2026-01-01', '0001-01-01', '0044-03-15 BC', '12026-01-31', 'infinity', '-infinity']
const moments = [
  ...['2026-01-01 00:00:00', '2026-01-01 00:00:00.1', '2026-01-01 00:00:00.000001'],
  ...['9999-12-31 23:59:59.999999', '12026-01-31 10:00:00.5', '0044-03-15 12:00:00 BC', 'infinity'],
]

interface Pair {
  readonly parent: ColumnType
  readonly child?: ColumnType
  /** As PostgreSQL takes them. */
  readonly keys: readonly string[]
}

/** Keys that read the same wherever they are printed: a tag names their set. */
const named: Readonly<Record<string, Pair>> = {
  uuid: {
    parent: { sqlType: 'uuid', type: 'String' },
    keys: ['00000000-0000-7000-8000-00000000000a', 'ABCDEF00-0000-7000-8000-00000000000F'],
  },
  int2: { parent: int2, keys: ['0', '-1', '32767'] },
  int4: { parent: int4, keys: ['0', '-1', '2147483647'] },
  int8: { parent: int8, keys: ['0', '-1', '9007199254740993', '-9223372036854775808'] },
  bool: { parent: { sqlType: 'bool', type: 'Boolean' }, keys: ['true', 'false'] },
  text: { parent: text, keys: texts },
  varchar: { parent: varchar, keys: texts },
  enum: { parent: kind, keys: enumType.members },
  date: { parent: date, keys: days },
  time: { parent: { sqlType: 'time', type: 'DateTime' }, keys: times },
  timestamp: { parent: timestamp, keys: moments },
  timestamptz: { parent: { sqlType: 'timestamptz', type: 'DateTime' }, keys: moments },
  int4_in_int8: { parent: int4, child: int8, keys: ['0', '-1', '7'] },
  text_in_varchar: { parent: text, child: varchar, keys: texts },
}

/** Keys that may be printed in several ways, or differently on the two sides: no tag names their set. */
const unnamed: Readonly<Record<string, Pair>> = {
  numeric: { parent: numeric, keys: ['1', '1.50', '-0.0', '1e3'] },
  float8: { parent: { sqlType: 'float8', type: 'Float' }, keys: ['1', '0.1', '1e300'] },
  bpchar: { parent: char, keys: ['a', 'b '] },
  bytea: { parent: { sqlType: 'bytea', type: 'Bytes' }, keys: ['\\x00ff', '\\x'] },
  date_in_timestamp: { parent: date, child: timestamp, keys: ['2026-01-01', '2026-01-02'] },
  int4_in_numeric: { parent: int4, child: numeric, keys: ['1', '2'] },
  numeric_in_int4: { parent: numeric, child: int4, keys: ['1.0', '2'] },
}

const pairs = Object.entries({ ...named, ...unnamed }).map(
  ([name, { parent, child = parent }]) => ({
    name,
    parent,
    child,
  }),
)
const { datamodel, sql } = createKeyTables(pairs)
const schema = createKeySchema(pairs, datamodel)

let database: Database
let probe: ReturnType<typeof createProbe>
let ask: ReturnType<typeof createAsker>

beforeAll(async () => {
  database = await openTestDatabase()
  const adapter = await database.adapter.connect()
  await adapter.executeScript(sql)
  await adapter.executeScript(generateTriggers(datamodel))
  probe = createProbe(database)
  ask = createAsker({ schema, datamodel, queryable: database })
})
afterAll(() => database[Symbol.asyncDispose]())

/** One parent for each key, each with one child, numbered alike. */
async function fill(name: string, { keys, parent, child = parent }: Pair): Promise<void> {
  await probe.run(`TRUNCATE "parent_${name}", "child_${name}"`)
  for (const [index, key] of keys.entries()) {
    await probe.run(`INSERT INTO "parent_${name}" VALUES ($1::text::${parent.sqlType})`, [key])
    await probe.run(
      `INSERT INTO "child_${name}" VALUES ($1, $2::text::${parent.sqlType}::${child.sqlType}, 'n')`,
      [index, key],
    )
  }
}

/** The parents' global ids in the order of their children's numbers. */
async function idsOf(name: string, { parent, child = parent }: Pair): Promise<readonly string[]> {
  const { data } = await ask(`{ parents_${name}(first: 100) { nodes { id } } }`)
  const ids: readonly string[] = data[`parents_${name}`].nodes.map(
    (node: { id: string }) => node.id,
  )
  const numbers = await probe.run(
    `SELECT c.id FROM "parent_${name}" p JOIN "child_${name}" c ON c."parent key" = p."the key"::${child.sqlType} ORDER BY p."the key"`,
  )
  return [...ids.entries()]
    .sort(([left], [right]) => Number(numbers[left]?.[0]) - Number(numbers[right]?.[0]))
    .map(([, id]) => id)
}

function common(left: ReadonlySet<Tag>, announced: readonly Tag[]): readonly Tag[] {
  return announced.filter((tag) => left.has(tag))
}

const writes = (name: string, at: number, other: number): readonly string[] => {
  const keyOf = (number: number) =>
    `(SELECT "parent key" FROM "child_${name}" WHERE id = ${number})`
  return [
    `UPDATE "child_${name}" SET note = 'changed' WHERE id = ${at}`,
    `INSERT INTO "child_${name}" VALUES (1001, ${keyOf(at)}, 'new')`,
    `INSERT INTO "child_${name}" SELECT number, ${keyOf(at)}, 'many' FROM generate_series(1002, 1005) AS number`,
    `UPDATE "child_${name}" SET "parent key" = ${keyOf(other)} WHERE id = 1001`,
    `UPDATE "child_${name}" SET "parent key" = ${keyOf(at)} WHERE id = 1001`,
    `UPDATE "child_${name}" SET note = id::text WHERE id > 1001`,
    `DELETE FROM "child_${name}" WHERE id > 1000`,
  ]
}

describe('a list below a key of type', () => {
  test.for(Object.entries(named))(
    '%s is announced by its name, and by no other',
    async ([name, pair]) => {
      await fill(name, pair)
      const ids = await idsOf(name, pair)
      expect(ids).toHaveLength(pair.keys.length)
      const read = (at: number) =>
        ask(`{ node(id: "${ids[at]}") { ... on Parent_${name} { children { nodes { note } } } } }`)

      for (const at of pair.keys.keys()) {
        const other = (at + 1) % pair.keys.length
        for (const write of writes(name, at, other)) {
          const [mine, theirs] = [await read(at), await read(other)]
          expect([...mine.errors, ...theirs.errors]).toEqual([])
          const announced = await probe.tagsOf(write)
          const context = `${write} of ${pair.keys[at]}\n${announced.join('\n')}`
          expect(common(mine.readSet.tags, announced), context).not.toEqual([])
          expect(JSON.stringify((await read(at)).data), context).not.toBe(JSON.stringify(mine.data))
          const movesThere = write.includes('"parent key" =')
          if (!movesThere) expect(common(theirs.readSet.tags, announced), context).toEqual([])
        }
      }
    },
  )

  test.for(Object.entries(unnamed))('%s is announced, but named nowhere', async ([name, pair]) => {
    await fill(name, pair)
    const read = () => ask(`{ parents_${name} { nodes { children { nodes { note } } } } }`)

    for (const write of writes(name, 0, 1)) {
      const before = await read()
      expect(before.errors).toEqual([])
      const announced = await probe.tagsOf(write)
      const context = `${write}\n${announced.join('\n')}`
      expect(common(before.readSet.tags, announced), context).not.toEqual([])
      expect((await read()).data, context).not.toEqual(before.data)
      expect([...before.readSet.tags].filter((tag) => tag.includes('='))).toEqual([])
    }
  })
})

test('a row by a key that cannot be named is announced with all rows', async () => {
  await fill('numeric', { parent: numeric, keys: ['1.50'] })
  const { readSet } = await ask('{ parents_numeric { nodes { id } } }')
  expect([...readSet.tags].sort()).toEqual(['Parent_numeric.*', 'Parent_numeric:~'])

  const announced = await probe.tagsOf('UPDATE "parent_numeric" SET "the key" = 1.5')

  expect(common(readSet.tags, announced)).toContain('Parent_numeric:~')
})

/** A key as a client may write it, and whether it is certain how PostgreSQL prints it. */
const written: readonly (readonly [name: string, key: string, isCertain: boolean])[] = [
  ['uuid', '00000000-0000-7000-8000-00000000000a', true],
  ['uuid', '00000000-0000-7000-8000-00000000000A', true],
  ['uuid', '{00000000-0000-7000-8000-00000000000a}', false],
  ['uuid', '0000000000007000800000000000000a', false],
  ['int4', '0', true],
  ['int4', '000', false],
  ['int4', ' 0', false],
  ['int4', '-0', false],
  ['int8', '9007199254740993', true],
  ['int8', '+0', false],
  ['bool', 'true', true],
  ['bool', 'yes', false],
  ['text', 'a,b', true],
  ['text', '', true],
  ['date', '2026-01-01', true],
  ['date', '2026-01-01T00:00:00Z', true],
  ['date', 'January 1, 2026', false],
  ['timestamp', '2026-01-01T00:00:00.100Z', true],
  ['timestamp', '2026-01-01 00:00', false],
  ['timestamptz', '2026-01-01T01:00:00+01:00', true],
  ['timestamptz', '2026-01-01 00:00:00.100000+00', true],
  ['timestamptz', '12026-01-31 10:00:00.50+00', false],
  ['timestamptz', '12026-01-31 10:00:00.5+00', true],
  ['timestamptz', '12026-01-31 10:00:00.5', false],
  ['timestamptz', '2026-01-01 00:00:00.0000004+00', false],
  // Of an enum clients know the members' own names.
  ['enum', 'M0', true],
]

test.for(written)(
  '%s %j of a client names a set only if it is certain: %s',
  async ([name, key, isCertain]) => {
    const pair = named[name]
    if (!pair) throw new Error(`There are no keys of type ${name}`)
    await fill(name, pair)
    const read = () =>
      ask(`query ($of: String!) { children_${name}(of: $of) { nodes { id } } }`, {
        variables: { of: key },
      })
    const before = await read()
    expect(before.errors).toEqual([])
    const [child, ...others] = before.data[`children_${name}`].nodes
    expect(others).toEqual([])
    const [, number] = Buffer.from(child.id, 'base64url').toString().split(':')
    expect([...before.readSet.tags].some((tag) => tag.includes('='))).toBe(isCertain)

    const announced = await probe.tagsOf(
      `INSERT INTO "child_${name}" SELECT 1001, "parent key", 'new' FROM "child_${name}" WHERE id = ${number}`,
    )

    expect(common(before.readSet.tags, announced)).not.toEqual([])
    expect((await read()).data[`children_${name}`].nodes).toHaveLength(2)
  },
)
