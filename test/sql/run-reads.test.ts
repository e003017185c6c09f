import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { runRead, runReads } from '../../src/sql/run-reads.ts'
import {
  createTestDatabase,
  openTestDatabase,
  testDatabaseKind,
} from '../support/test-databases.ts'

describe.skipIf(testDatabaseKind() === 'pglite')('a statement on a connection', () => {
  test('is described once for each connection when it has a name, each time when it has none', async () => {
    await using first = await open()
    await using second = await open()
    const sum = { name: 'sum', text: 'SELECT $1::int + 1' }

    for (const { client } of [first, first, first, second]) {
      expect(await runRead(client, sum, ['1'])).toEqual([[2]])
    }
    for (let run = 0; run < 2; run += 1) {
      expect(await runRead(second.client, { ...sum, name: '' }, ['1'])).toEqual([[2]])
    }

    expect([first.descriptions(), second.descriptions()]).toEqual([1, 1 + 2])
  })

  test('decodes rows the same whether it was described or is known', async () => {
    await using opened = await open()
    const values = {
      name: 'values',
      text: `SELECT true, 1::int8, ARRAY[1, NULL], NULL::int, 'a', '{"b": 1}'::jsonb
        FROM generate_series(1, $1)`,
    }
    const row = [true, 1n, [1, null], null, 'a', { b: 1 }]

    expect(await runRead(opened.client, values, [2])).toEqual([row, row])
    expect(await runRead(opened.client, values, [1])).toEqual([row])
    expect(await runRead(opened.client, values, [0])).toEqual([])
  })

  test('fails, and is not read with the columns of before, when a column has changed', async () => {
    await using opened = await open()
    const read = { name: 'read', text: 'SELECT value FROM changing' }
    const run = (text: string) => runRead(opened.client, { name: '', text }, [])
    await run(`CREATE TABLE changing AS SELECT 7 AS value`)
    expect(await runRead(opened.client, read, [])).toEqual([[7]])

    await run('ALTER TABLE changing ALTER value TYPE text')

    await expect(runRead(opened.client, read, [])).rejects.toMatchObject({ code: '0A000' })
    expect(await runRead(opened.client, { ...read, name: 'again' }, [])).toEqual([['7']])
  })

  test('that fails leaves the connection as it was, in whichever step it fails', async () => {
    await using opened = await open()
    const fails = async (name: string, text: string, values: readonly unknown[] = []) =>
      runRead(opened.client, { name, text }, values).then(
        () => null,
        (error: Error) => Object(error).code ?? error.message,
      )

    expect(await fails('parse', 'SELECT nonsense')).toBe('42703')
    expect(await fails('parse', 'SELECT nonsense')).toBe('42703')
    expect(await fails('bind', 'SELECT $1::int', ['one'])).toBe('22P02')
    expect(await fails('run', 'SELECT 1 / $1::int', [0])).toBe('22012')
    expect(await fails('', 'SELECT 1; SELECT 2')).toBe('42601')
    expect(await fails('', '')).toBeNull()
    expect(await fails('', 'COPY pg_class TO STDOUT')).toBeNull()
    expect(await runRead(opened.client, { name: 'run', text: 'SELECT 1 / $1::int' }, [1])).toEqual([
      [1],
    ])
  })

  test('sends each kind of value as the server understands it', async () => {
    await using opened = await open()
    const text = `SELECT $1::int8, $2::bool, $3::timestamptz, $4::bytea, $5::int[], $6::jsonb, $7::text, $8::text`
    const time = new Date('2026-01-02T03:04:05.678Z')
    const bytes = new Uint8Array([0, 255])

    const rows = await runRead(opened.client, { name: '', text }, [
      ...[12n, false, time, bytes, [1, null], { a: [1] }, null, undefined],
    ])

    const printed = '2026-01-02 03:04:05.678+00'
    expect(rows).toEqual([[12n, false, printed, bytes, [1, null], { a: [1] }, null, null]])
  })
})

describe.skipIf(testDatabaseKind() === 'pglite')('statements that run in one go', () => {
  const read = (name: string, text: string, ...values: string[]) => ({
    statement: { name, text },
    values,
  })

  test('take one round trip, each with its rows, also when they are prepared at the same time', async () => {
    await using opened = await open()
    const one = read('one', 'SELECT $1::int', '1')
    const reads = [
      one,
      read('', 'SELECT true'),
      { ...one, values: ['2'] },
      read('two', `SELECT 'a'`),
    ]
    const outcomes = [{ rows: [[1]] }, { rows: [[true]] }, { rows: [[2]] }, { rows: [['a']] }]

    expect(await runReads(opened.client, reads)).toEqual(outcomes)
    expect(opened.roundTrips()).toBe(1)
    expect(await runReads(opened.client, reads)).toEqual(outcomes)
    expect([opened.roundTrips(), opened.descriptions()]).toEqual([2, 4 + 1])
  })

  test('are run up to the one that fails', async () => {
    await using opened = await open()
    const good = read('good', 'SELECT 1')
    const bad = read('bad', 'SELECT 1 / $1::int', '0')

    const [first, failed, ...rest] = await runReads(opened.client, [good, bad, good, good])

    expect([first, rest]).toEqual([{ rows: [[1]] }, [null, null]])
    expect(failed).toMatchObject({ error: { code: '22012' } })
    expect(await runReads(opened.client, [good])).toEqual([{ rows: [[1]] }])
  })
})

describe.skipIf(testDatabaseKind() === 'pglite')('quick statements', () => {
  const quick = { name: 'quick', text: 'SELECT $1::int, pg_backend_pid()', isQuick: true }

  test('of one turn share a connection, and others do not', async () => {
    await using database = await openTestDatabase({ poolSize: 3 })
    const backendsOf = async (isQuick: boolean) => {
      const rows = await Promise.all(
        Array.from({ length: 12 }, (_, index) => database.query({ ...quick, isQuick }, [index])),
      )
      expect(rows.map(([row]) => row?.[0])).toEqual(Array.from({ length: 12 }, (_, index) => index))
      return new Set(rows.map(([row]) => row?.[1])).size
    }

    expect(await backendsOf(true)).toBe(1)
    expect(await backendsOf(false)).toBe(3)
  })

  test('of one turn fail each for itself', async () => {
    await using database = await openTestDatabase({ poolSize: 2 })
    const divide = { name: 'divide', text: 'SELECT 6 / $1::int', isQuick: true }

    const outcomes = await Promise.allSettled(
      ['1', '0', '2', 'none', '3'].map((by) => database.query(divide, [by])),
    )

    expect(
      outcomes.map((one) => (one.status === 'fulfilled' ? one.value : one.reason.code)),
    ).toEqual([[[6]], '22012', [[3]], '22P02', [[2]]])
    expect(await database.query(divide, ['6'])).toEqual([[1]])
  })

  test('go on for others when one who asked has gone', async () => {
    await using database = await openTestDatabase({ poolSize: 1 })
    const leaving = new AbortController()
    const gone = database.query(quick, [1], { signal: leaving.signal })
    const stays = database.query(quick, [2])

    leaving.abort(new Error('gone'))

    await expect(gone).rejects.toThrow('gone')
    expect((await stays)[0]?.[0]).toBe(2)
    await expect(database.query(quick, [3], { signal: leaving.signal })).rejects.toThrow('gone')
  })

  test('that share a connection which breaks fail or are run again, and the next one works', async () => {
    await using database = await openTestDatabase({ poolSize: 2 })
    const suicide = {
      name: '',
      text: 'SELECT pg_terminate_backend(pg_backend_pid())::text',
      isQuick: true,
    }

    const [killed, next] = await Promise.allSettled([
      database.query(suicide, []),
      database.query(quick, [1]),
    ])

    expect(killed).toMatchObject({ status: 'rejected', reason: { code: '57P01' } })
    expect(next.status).toBe('fulfilled')
  })
})

/** A connection to a database of its own, and how often the server described columns on it. */
async function open() {
  const database = await createTestDatabase()
  const client = new pg.Client({
    connectionString: database.url,
    options: '-c TimeZone=UTC -c bytea_output=hex',
  })
  await client.connect()
  let descriptions = 0
  let roundTrips = 0
  // pg has it, and does not declare it.
  const { connection } = client as unknown as { connection: NodeJS.EventEmitter }
  connection.on('rowDescription', () => {
    descriptions += 1
  })
  connection.on('readyForQuery', () => {
    roundTrips += 1
  })
  return {
    client,
    descriptions: () => descriptions,
    roundTrips: () => roundTrips,
    async [Symbol.asyncDispose]() {
      await client.end()
      await database[Symbol.asyncDispose]()
    },
  }
}
