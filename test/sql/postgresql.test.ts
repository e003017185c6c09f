import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { PrismaClient } from '../../src/generated/prisma/client.ts'
import { DatabaseOpenError } from '../../src/sql/database-open-error.ts'
import { openPostgresql } from '../../src/sql/postgresql.ts'
import { findPostgresql, startPrivatePostgresql } from '../support/private-postgresql.ts'
import { findFreePort } from '../support/private-server.ts'
import {
  createTestDatabase,
  openTestDatabase,
  testDatabaseKind,
} from '../support/test-databases.ts'

const one = { name: 'one', text: 'SELECT 1' }
const sleep = { name: 'sleep', text: 'SELECT pg_sleep(20)::text' }
const backend = { name: 'backend', text: 'SELECT pg_backend_pid()' }
const countRunning = {
  name: 'count_running',
  text: `SELECT count(*)::int FROM pg_stat_activity
    WHERE datname = current_database() AND state = 'active' AND query LIKE '%pg_sleep(20)%'
      AND pid <> pg_backend_pid()`,
}

describe.skipIf(testDatabaseKind() === 'pglite')('a pool on PostgreSQL', () => {
  test('sets what decoding relies on, and the timeout, on every connection', async () => {
    await using database = await openTestDatabase({ statementTimeoutMs: 1_234 })
    const show = {
      name: 'show',
      text: `SELECT current_setting('TimeZone'), current_setting('DateStyle'),
        current_setting('statement_timeout'), current_setting('application_name')`,
    }

    expect(await database.query(show, [])).toEqual([['UTC', 'ISO, MDY', '1234ms', 'loadline']])
  })

  test('lets captured writes wake drainers, unless it is told not to', async () => {
    const show = { name: '', text: `SELECT current_setting('loadline.notify', true)` }
    await using outside = await openTestDatabase()
    await using own = await openTestDatabase({ wakesDrainers: false })

    expect(await outside.query(show, [])).toEqual([[null]])
    expect(await own.query(show, [])).toEqual([['off']])
  })

  test('ends a statement that takes longer than its timeout', async () => {
    await using database = await openTestDatabase({ statementTimeoutMs: 50 })

    await expect(database.query(sleep, [])).rejects.toMatchObject({ code: '57014' })
    expect(await database.query(one, [])).toEqual([[1]])
  })

  test('prepares a statement once per connection, and not at all when names are off', async () => {
    const count = {
      name: 'count',
      text: `SELECT count(*)::int FROM pg_prepared_statements WHERE name = 'one'`,
    }
    const namesAfterTwoRuns = async (usePreparedNames: boolean) => {
      await using database = await openTestDatabase({ poolSize: 1, usePreparedNames })
      await database.query(one, [])
      await database.query(one, [])
      return await database.query(count, [])
    }

    expect(await namesAfterTwoRuns(true)).toEqual([[1]])
    expect(await namesAfterTwoRuns(false)).toEqual([[0]])
  })

  test('never opens more connections than its size', async () => {
    await using database = await openTestDatabase({ poolSize: 3 })

    const backends = await Promise.all(
      Array.from({ length: 20 }, () =>
        database.query({ name: 'busy', text: 'SELECT pg_backend_pid() FROM pg_sleep(0.01)' }, []),
      ),
    )

    expect(new Set(backends.flat(2)).size).toBe(3)
  })

  test('an abort rejects the caller at once and cancels the statement on the server', async () => {
    await using database = await openTestDatabase({ poolSize: 2 })
    const controller = new AbortController()
    const running = database.query(sleep, [], { signal: controller.signal })
    await eventually(async () => (await database.query(countRunning, []))[0]?.[0] === 1)

    controller.abort(new Error('the client hung up'))

    await expect(running).rejects.toThrow('the client hung up')
    await eventually(async () => (await database.query(countRunning, []))[0]?.[0] === 0)
  })

  test('a cancelled statement gives its connection back, usable', async () => {
    await using database = await openTestDatabase({ poolSize: 1 })
    const before = await database.query(backend, [])
    const running = database.query(sleep, [], { signal: AbortSignal.timeout(50) })

    await expect(running).rejects.toThrow()

    expect(await database.query(backend, [])).toEqual(before)
  })

  test('a caller that aborts while it waits for a connection costs none', async () => {
    await using database = await openTestDatabase({ poolSize: 1 })
    const first = new AbortController()
    const holder = database.query(sleep, [], { signal: first.signal })
    const waiting = database.query(one, [], { signal: AbortSignal.timeout(20) })

    await expect(waiting).rejects.toThrow()
    first.abort()
    await expect(holder).rejects.toThrow()
    expect(await database.query(one, [])).toEqual([[1]])
  })

  test('an aborted signal sends nothing', async () => {
    await using database = await openTestDatabase()

    await expect(database.query(one, [], { signal: AbortSignal.abort() })).rejects.toThrow()
  })

  test('fifty aborts in flight leave the pool whole', async () => {
    await using created = await createTestDatabase()
    await using database = await openPostgresql({ url: created.url, poolSize: 3 })
    await using observer = await openPostgresql({ url: created.url, poolSize: 1 })
    const warnings: Error[] = []
    process.on('warning', (warning) => warnings.push(warning))
    const controller = new AbortController()
    const running = Array.from({ length: 50 }, () =>
      database.query(sleep, [], { signal: controller.signal }),
    )
    await eventually(async () => (await observer.query(countRunning, []))[0]?.[0] === 3)

    controller.abort()

    const outcomes = await Promise.allSettled(running)
    expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true)
    expect(warnings).toEqual([])
    const after = await Promise.all(Array.from({ length: 6 }, () => database.query(one, [])))
    expect(after).toEqual(Array.from({ length: 6 }, () => [[1]]))
  })

  test('a connection that is ended mid-statement rejects the caller, and the next one works', async () => {
    await using database = await openTestDatabase({ poolSize: 2 })
    const prisma = new PrismaClient({ adapter: database.adapter })
    const running = expect(database.query(sleep, [])).rejects.toMatchObject({ code: '57P01' })
    await eventually(async () => (await database.query(countRunning, []))[0]?.[0] === 1)

    await database.query(
      {
        name: 'terminate',
        text: `SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity
          WHERE datname = current_database() AND query LIKE '%pg_sleep(20)%'
            AND pid <> pg_backend_pid()`,
      },
      [],
    )

    await running
    const after = await Promise.all(Array.from({ length: 4 }, () => database.query(one, [])))
    expect(after).toEqual(Array.from({ length: 4 }, () => [[1]]))
    expect(await prisma.aiProvider.count()).toBe(0)
    await prisma.$disconnect()
  })

  test('a statement prepared before its column changed type works again at the second try', async () => {
    await using database = await openTestDatabase({ poolSize: 1 })
    const read = { name: 'read', text: 'SELECT changed.value FROM changed' }
    const run = (text: string) => database.query({ name: text, text }, [])
    await run('CREATE TABLE changed AS SELECT 1 AS value')
    await database.query(read, [])
    await run('ALTER TABLE changed ALTER value TYPE text USING value::text')

    await expect(database.query(read, [])).rejects.toMatchObject({ code: '0A000' })
    expect(await database.query(read, [])).toEqual([['1']])
  })

  test('disposing twice is one end', async () => {
    const database = await openTestDatabase()

    await database[Symbol.asyncDispose]()
    await database[Symbol.asyncDispose]()

    await expect(database.ping()).rejects.toThrow()
  })
})

describe.skipIf(!findPostgresql())('a PostgreSQL server that fails', () => {
  test('statements fail while it is down, and the pool recovers when it is back', async () => {
    await using server = await startPrivatePostgresql()
    await using database = await openPostgresql({ url: server.url(), poolSize: 3 })
    const running = expect(database.query(sleep, [])).rejects.toThrow()
    await Promise.all([database.query(one, []), database.query(one, [])])

    await server.stop('kill')

    await running
    await expect(database.ping()).rejects.toThrow()
    await server.start()
    await database.ping()
    const after = await Promise.all(Array.from({ length: 6 }, () => database.query(one, [])))
    expect(after).toEqual(Array.from({ length: 6 }, () => [[1]]))
  })

  test('the first connection waits for a server that starts late', async () => {
    await using server = await startPrivatePostgresql()
    await server.stop('fast')

    const opening = openPostgresql({ url: server.url(), startTimeoutMs: 20_000 })
    await pause(300)
    await server.start()

    await using database = await opening
    await database.ping()
  })

  test('a database that does not exist is said at once', async () => {
    await using server = await startPrivatePostgresql()

    const opening = openPostgresql({ url: server.url('nowhere') })

    await expect(opening).rejects.toThrow(/"nowhere" does not exist/)
    await expect(opening).rejects.toThrow(/1 attempt in/)
  })
})

test('a server that never comes is given up with one line that names it, without its password', async () => {
  const port = await findFreePort()
  const url = `postgresql://someone:secret@127.0.0.1:${port}/app`

  const error = await openPostgresql({ url, startTimeoutMs: 500 }).catch(
    (caught: unknown) => caught,
  )

  expect(error).toBeInstanceOf(DatabaseOpenError)
  expect(String(error)).toMatch(
    new RegExp(
      `Cannot connect to postgresql://someone@127.0.0.1:${port}/app \\([2-9] attempts in .* s\\): ` +
        `connect ECONNREFUSED 127.0.0.1:${port}. Check DATABASE_URL.$`,
    ),
  )
  expect(String(error)).not.toContain('secret')
})

/** Tries until it holds; a test that never gets there fails by its own time limit. */
async function eventually(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await pause(10)
}
