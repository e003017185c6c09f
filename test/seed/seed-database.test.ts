import { expect, test } from 'vitest'
import { seedDatabase } from '../../prisma/seed.ts'
import { openTestDatabase } from '../support/test-databases.ts'
import {
  listTables,
  openEmptyPglite,
  openSeeded,
  readDigests,
  readNumber,
  readRows,
} from './seeded-database.ts'

test('the same number gives the same rows byte for byte, another number other ones in every table', async () => {
  await using database = await openSeeded('demo', 7)
  await using other = await openSeeded('demo', 7)
  const digests = await readDigests(database)
  expect(await readDigests(other)).toEqual(digests)

  await seedDatabase(other, { size: 'demo', seed: 8, force: true })
  for (const [table, digest] of await readDigests(other)) {
    expect(digest, table).not.toBe(digests.get(table))
  }

  await seedDatabase(other, { size: 'demo', seed: 7, force: true })
  expect(await readDigests(other)).toEqual(digests)
})

test('a database with users is refused and left as it is', async () => {
  await using database = await openSeeded('demo', 1)
  const digests = await readDigests(database)

  await expect(seedDatabase(database, { size: 'demo', seed: 2 })).rejects.toMatchObject({
    code: 'CONFLICT',
    message: expect.stringContaining('--force'),
  })
  expect(await readDigests(database)).toEqual(digests)
})

test('an embedded database keeps nothing of a seed that failed half way', async () => {
  await using database = await openEmptyPglite()
  await readRows(
    database,
    `INSERT INTO "AiProvider" (id, name, slug)
      VALUES ('018cc400-7a00-7a11-8d3e-000000000000', 'In the way', 'provider-1')`,
  )

  await expect(seedDatabase(database, { size: 'demo' })).rejects.toMatchObject({ code: '23505' })
  expect(await readNumber(database, 'SELECT count(*) FROM "User"')).toBe(0)

  await seedDatabase(database, { size: 'demo', force: true })
  expect(await readNumber(database, 'SELECT count(*) FROM "User"')).toBe(300)
})

test('progress rises by whole statements to the total, through every table', async () => {
  await using database = await openTestDatabase()
  const told: { done: number; total: number; what: string }[] = []
  await seedDatabase(database, {
    size: 'demo',
    onProgress: (done, total, what) => told.push({ done, total, what }),
  })

  const steps = told.map(({ done }) => done)
  expect(steps).toEqual([...steps].sort((a, b) => a - b))
  expect(steps.at(-1)).toBe(told[0]?.total)
  const tables = await listTables(database)
  expect(new Set(told.map(({ what }) => what))).toEqual(new Set([...tables, 'statistics']))
})

test('the planner knows the tables when the seed is done', async () => {
  await using database = await openSeeded('demo', 1)

  const estimate = `SELECT reltuples FROM pg_class WHERE relname = 'Enrollment'`
  expect(await readNumber(database, estimate)).toBe(4_000)
})

test('an embedded database and the run’s own get the same rows', async () => {
  await using database = await openSeeded('demo', 3)
  await using embedded = await openEmptyPglite()
  await seedDatabase(embedded, { size: 'demo', seed: 3 })

  expect(await readDigests(embedded)).toEqual(await readDigests(database))
})
