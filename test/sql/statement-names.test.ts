import { describe, expect, test } from 'vitest'
import { openPostgresql } from '../../src/sql/postgresql.ts'
import { createSessionLock } from '../../src/sql/session-lock.ts'
import { createStatementNames } from '../../src/sql/statement-names.ts'
import { createStatement } from '../../src/sql/statements.ts'
import {
  createTestDatabase,
  openTestDatabase,
  testDatabaseKind,
} from '../support/test-databases.ts'

const int = { scalarType: 'int', arity: 'scalar' } as const

describe('names of statements', () => {
  test('are the same for the same text, until one has been outgrown', () => {
    const names = createStatementNames()
    const before = names.nameOf('SELECT 1')

    expect(names.nameOf('SELECT 1')).toBe(before)
    expect(names.nameOf('SELECT 2')).not.toBe(before)
    names.noteFailure({ cause: { originalCode: '23505' } })
    expect(names.nameOf('SELECT 1')).toBe(before)
    names.noteFailure({ cause: { originalCode: '0A000' } })
    expect(names.nameOf('SELECT 1')).not.toBe(before)
    expect(names.nameOf('SELECT 1')).toMatch(/^llp1_/)
  })

  test('are given to what is planned, and to no more than a connection can keep', () => {
    const names = createStatementNames()

    expect(['BEGIN', 'COMMIT', 'SAVEPOINT s'].map(names.nameOf)).toEqual(['', '', ''])
    const given = Array.from({ length: 400 }, (_, index) => names.nameOf(`SELECT ${index}`))
    expect(given.filter((name) => name !== '')).toHaveLength(300)
    expect(names.nameOf('SELECT 7')).toBe(given[7])
  })
})

describe.skipIf(testDatabaseKind() === 'pglite')("Prisma's statements", () => {
  const insert = { sql: 'INSERT INTO t (n) VALUES ($1)', args: [1], argTypes: [int] }
  const select = { sql: 'SELECT n FROM t', args: [], argTypes: [] }

  test('stay prepared on each connection, not at all when names are off', async () => {
    await using created = await createTestDatabase()
    for (const usePreparedNames of [true, false]) {
      await using database = await openPostgresql({
        url: created.url,
        poolSize: 1,
        usePreparedNames,
      })
      await database.adapter.connect().then((adapter) => adapter.executeScript(createTable))
      const adapter = await database.adapter.connect()
      for (let run = 0; run < 3; run += 1) await adapter.executeRaw(insert)

      const [prepared] = await database.query(countPrepared, [])
      expect(prepared?.[0]).toBe(usePreparedNames ? 1 : 0)
    }
  })

  test('work again at the second try where a column has changed since, on every connection', async () => {
    await using database = await openTestDatabase({ poolSize: 2 })
    const adapter = await database.adapter.connect()
    await adapter.executeScript(createTable)
    await adapter.executeRaw(insert)
    /** In two transactions at a time, so that each has a connection of its own. */
    const both = async () => {
      const transactions = [await adapter.startTransaction(), await adapter.startTransaction()]
      const outcomes = await Promise.allSettled(transactions.map((one) => one.queryRaw(select)))
      for (const one of transactions) {
        await one.executeRaw({ sql: 'ROLLBACK', args: [], argTypes: [] })
        await one.rollback()
      }
      return outcomes
    }
    await both()
    await adapter.executeScript('ALTER TABLE t ALTER n TYPE text')

    const refused = { reason: { cause: { originalCode: '0A000' } } }
    expect(await both()).toMatchObject([refused, refused])

    const outcomes = await both()
    expect(outcomes.map((one) => one.status === 'fulfilled' && one.value.rows)).toEqual([
      [['1']],
      [['1']],
    ])
  })
})

test.skipIf(testDatabaseKind() === 'pglite')(
  'the session of a lock runs what comes at a time one after the other',
  async () => {
    await using created = await createTestDatabase()
    await using lock = createSessionLock({ url: created.url, key: [1, 2] })
    const warnings: Error[] = []
    process.on('warning', (warning) => warnings.push(warning))
    await lock.tried
    const divide = createStatement('SELECT 6 / $1::int')

    const outcomes = await Promise.allSettled([1, 0, 2].map((by) => lock.query(divide, [by])))

    expect(outcomes.map((one) => (one.status === 'fulfilled' ? one.value : null))).toEqual([
      [[6]],
      null,
      [[3]],
    ])
    expect(warnings).toEqual([])
  },
)

const createTable = 'DROP TABLE IF EXISTS t; CREATE TABLE t (n int)'
const countPrepared = createStatement(
  `SELECT count(*)::int FROM pg_prepared_statements WHERE name LIKE 'llp%'`,
)
