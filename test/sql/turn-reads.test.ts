import { describe, expect, test, vi } from 'vitest'
import type { Database } from '../../src/sql/database.ts'
import { openTestDatabase, testDatabaseKind } from '../support/test-databases.ts'

const backend = { name: 'backend', text: 'SELECT $1::int, pg_backend_pid()' }
const sleep = { name: 'sleep', text: 'SELECT pg_sleep(30)::text' }
const divide = { name: 'divide', text: 'SELECT 6 / $1::int' }

describe.skipIf(testDatabaseKind() === 'pglite')('the statements of one turn of a request', () => {
  test('share a connection while others are at work, and are spread when none are', async () => {
    await using database = await openTestDatabase({ poolSize: 4 })
    const backends = async () => {
      const { signal } = new AbortController()
      const rows = await Promise.all(
        [0, 1, 2].map((index) => database.query(backend, [index], { signal })),
      )
      expect(rows.map(([row]) => row?.[0])).toEqual([0, 1, 2])
      return new Set(rows.map(([row]) => row?.[1])).size
    }

    expect(await backends()).toBe(3)
    await whileBusy(database, async () => {
      expect(await backends()).toBe(1)
    })
    expect(await backends()).toBe(3)
  })

  test('do not share it with those of another request', async () => {
    await using database = await openTestDatabase({ poolSize: 4 })
    await whileBusy(database, async () => {
      const requests = [new AbortController(), new AbortController()]
      const rows = await Promise.all(
        [0, 1, 2, 3].map((index) =>
          database.query(backend, [index], { signal: requests[index % 2]?.signal }),
        ),
      )
      const [first, second, third, fourth] = rows.map(([row]) => row?.[1])

      expect([third, fourth]).toEqual([first, second])
      expect(second).not.toBe(first)
    })
  })

  test('fail each for itself', async () => {
    await using database = await openTestDatabase({ poolSize: 3 })
    await whileBusy(database, async () => {
      const { signal } = new AbortController()
      const outcomes = await Promise.allSettled(
        ['1', '0', '2', 'none', '3'].map((by) => database.query(divide, [by], { signal })),
      )

      expect(
        outcomes.map((one) => (one.status === 'fulfilled' ? one.value : one.reason.code)),
      ).toEqual([[[6]], '22012', [[3]], '22P02', [[2]]])
    })
  })

  test('are cancelled together, and leave the connection usable', async () => {
    await using database = await openTestDatabase({ poolSize: 2 })
    await whileBusy(database, async () => {
      const leaving = new AbortController()
      const { signal } = leaving
      const running = [sleep, backend, sleep].map((statement) =>
        database.query(statement, statement === backend ? [1] : [], { signal }),
      )
      setTimeout(() => leaving.abort(new Error('gone')), 50)

      const outcomes = await Promise.allSettled(running)

      expect(outcomes.map((one) => one.status === 'rejected' && one.reason.message)).toEqual(
        Array(3).fill('gone'),
      )
      // The only connection that is free, long before it would have slept enough.
      expect((await database.query(backend, [7]))[0]?.[0]).toBe(7)
    })
  })
})

/** Does it beside somebody who keeps a connection busy. */
async function whileBusy(database: Database, act: () => Promise<void>): Promise<void> {
  const working = new AbortController()
  const work = database.query(sleep, [], { signal: working.signal }).catch(() => null)
  const untilInUse = (count: number) =>
    vi.waitFor(() => expect(database.connections?.().inUse).toBe(count))
  await untilInUse(1)
  try {
    await act()
  } finally {
    working.abort()
    await work
    await untilInUse(0)
  }
}
