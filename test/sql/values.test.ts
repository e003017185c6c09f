import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PrismaClient } from '../../src/generated/prisma/client.ts'
import type { Database, Queryable } from '../../src/sql/database.ts'
import { openPglite } from '../../src/sql/pglite.ts'
import { createTransactionQueryable } from '../../src/sql/transaction.ts'
import { openTestDatabase, testDatabaseKind } from '../support/test-databases.ts'

/** What PostgreSQL computes, and what the program must see of it. */
const cases: readonly (readonly [expression: string, value: unknown])[] = [
  ['true', true],
  ['NULL::int', null],
  ['-7::int2', -7],
  ['2147483647::int4', 2147483647],
  ['9007199254740993::int8', 9007199254740993n],
  ['1.5::float4', 1.5],
  ["'NaN'::float8", Number.NaN],
  ["'-Infinity'::float8", Number.NEGATIVE_INFINITY],
  ['1.10::numeric(10,2)', '1.10'],
  [`'{"a": [1, null]}'::json`, { a: [1, null] }],
  [`'[1]'::jsonb`, [1]],
  [`'"text"'::jsonb`, 'text'],
  [`'null'::jsonb`, null],
  [String.raw`'\x00ff'::bytea`, new Uint8Array([0, 255])],
  ["'2024-02-29'::date", '2024-02-29'],
  ["'10:11:12.000001'::time", '10:11:12.000001'],
  ["'2024-01-02 03:04:05.123456'::timestamp", '2024-01-02 03:04:05.123456'],
  ["'2024-01-02 03:04:05.123456+02'::timestamptz", '2024-01-02 01:04:05.123456+00'],
  ["'0044-03-15 12:00:00+00 BC'::timestamptz", '0044-03-15 12:00:00+00 BC'],
  ["'1 day 2 hours'::interval", '1 day 02:00:00'],
  ["'EUR'::char(3)", 'EUR'],
  ["'0190a000-0000-7000-8000-000000000000'::uuid", '0190a000-0000-7000-8000-000000000000'],
  ["'[1,5)'::int4range", '[1,5)'],
  ["'TEACHER'::pg_temp.kind", 'TEACHER'],
  ["ARRAY['TEACHER']::pg_temp.kind[]", '{TEACHER}'],
  ["ARRAY['TEACHER']::pg_temp.kind[]::text[]", ['TEACHER']],
  ['point(1,2)', '(1,2)'],
  ['ARRAY[point(1,2)]', '{"(1,2)"}'],
  ['ARRAY[]::text[]', []],
  [String.raw`ARRAY['a b', '"', 'c\d', NULL, 'NULL', '']`, ['a b', '"', 'c\\d', null, 'NULL', '']],
  ['ARRAY[1, NULL]::int8[]', [1n, null]],
  [
    'ARRAY[[1, 2], [3, 4]]',
    [
      [1, 2],
      [3, 4],
    ],
  ],
  ['ARRAY[true, false]', [true, false]],
  ['ARRAY[1.10]', ['1.10']],
  [String.raw`ARRAY['\x01'::bytea]`, [new Uint8Array([1])]],
  [`ARRAY['{"a":"}"}'::jsonb]`, [{ a: '}' }]],
  ["ARRAY['2024-01-02 03:04:05.5+00'::timestamptz]", ['2024-01-02 03:04:05.5+00']],
]

const everything = {
  name: 'everything',
  text: `SELECT ${cases.map(([expression], index) => `${expression} AS c${index}`).join(', ')}`,
}

const echo = {
  name: 'echo',
  text: `SELECT $1::uuid[], $2::int8, $3::bytea, $4::jsonb, $5::timestamptz[], $6::bool, $7::text, $8::numeric`,
}
const echoed = [
  ['0190a000-0000-7000-8000-000000000000', null],
  9007199254740993n,
  new Uint8Array([0, 1, 255]),
  '{"a":1}',
  ['2024-01-02 03:04:05.123456+00'],
  true,
  `quote " backslash \\ brace {`,
  '1.10',
]

const databases = testDatabaseKind() === 'pglite' ? ['this run'] : ['this run', 'PGlite']

describe.each(databases)('on the database of %s', (which) => {
  let database: Database
  let prisma: PrismaClient

  beforeAll(async () => {
    database =
      which === 'PGlite'
        ? await openPglite({ dataDir: 'memory://' })
        : await openTestDatabase({ poolSize: 1 })
    prisma = new PrismaClient({ adapter: database.adapter })
    await database.query(
      { name: 'kind', text: `CREATE TYPE pg_temp.kind AS ENUM ('STUDENT', 'TEACHER')` },
      [],
    )
  })
  afterAll(async () => {
    await prisma.$disconnect()
    await database[Symbol.asyncDispose]()
  })

  const inTransaction = <T>(run: (queryable: Queryable) => Promise<T>) =>
    prisma.$transaction((transaction) => run(createTransactionQueryable(transaction)))

  test('each type arrives as the contract of Queryable says', async () => {
    const [row] = await database.query(everything, [])

    expect(row).toEqual(cases.map(([, value]) => value))
  })

  test('a transaction gives the same values as the pool', async () => {
    const [row] = await inTransaction((queryable) => queryable.query(everything, []))

    expect(row).toEqual(cases.map(([, value]) => value))
  })

  test('parameters of every kind arrive at the server, from the pool and from a transaction', async () => {
    const expected = [...echoed.slice(0, 3), { a: 1 }, ...echoed.slice(4)]

    expect(await database.query(echo, echoed)).toEqual([expected])
    expect(await inTransaction((queryable) => queryable.query(echo, echoed))).toEqual([expected])
  })

  test('a statement that fails gives the same error inside a transaction as outside', async () => {
    const wrong = { name: 'wrong', text: 'SELECT 1 / $1::int' }

    const outside = await database.query(wrong, [0]).catch((error: unknown) => error)
    const inside = await inTransaction((queryable) => queryable.query(wrong, [0])).catch(
      (error: unknown) => error,
    )

    expect(outside).toMatchObject({ code: '22012', message: 'division by zero' })
    expect(inside).toMatchObject({ code: '22012', message: 'division by zero' })
  })

  test('rows come to Prisma as before', async () => {
    const rows =
      await prisma.$queryRaw`SELECT '2024-01-02 03:04:05+00'::timestamptz AS at, 1::int8 AS n`

    expect(rows).toEqual([{ at: new Date('2024-01-02T03:04:05Z'), n: 1n }])
  })
})

test('a transaction reads what it has written', async () => {
  await using database = await openTestDatabase()
  const prisma = new PrismaClient({ adapter: database.adapter })
  const find = { name: 'find', text: 'SELECT name FROM "AiProvider" WHERE slug = $1' }

  const seen = await prisma.$transaction(async (transaction) => {
    await transaction.aiProvider.create({ data: { name: 'Open Models', slug: 'open-models' } })
    return createTransactionQueryable(transaction).query(find, ['open-models'])
  })

  expect(seen).toEqual([['Open Models']])
})

test('a client of another adapter is refused by name', async () => {
  const foreign = { $queryRawUnsafe: async <T>() => [{ row: 'text' }] as T }

  await expect(createTransactionQueryable(foreign).query(echo, [])).rejects.toThrow(
    'createTransactionQueryable needs a transaction of a PrismaClient made with database.adapter',
  )
})
