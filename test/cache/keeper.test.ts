import { describe, expect, test, vi } from 'vitest'
import { createKeeping, KeptElsewhereError } from '../../src/cache/keeper.ts'
import { createHistoryWatch } from '../../src/cache/watch-history.ts'
import type { Database } from '../../src/sql/database.ts'
import { hasTestRedis } from '../support/private-redis.ts'
import {
  type CachedAppOptions,
  type CachedPlace,
  openCachedPlace,
  patience,
} from '../support/start-cached-apps.ts'
import { openTestDatabase } from '../support/test-databases.ts'

const run = (database: Database, text: string) => database.query({ name: '', text }, [])

/** One process on the database, whose store is what the test says. */
function createProcess(database: Database) {
  const watch = createHistoryWatch(database)
  const keeping = createKeeping(database)
  return {
    keeping,
    async pass(store: string) {
      await watch.read()
      return keeping.keep(store, watch.keeper)
    },
    async keeper() {
      await watch.read()
      return watch.keeper.store
    },
    read: () => watch.read(),
  }
}

const aMinuteAgo = `UPDATE loadline.history SET kept_at = now() - interval '1 minute'`

describe('the keeper of a database', () => {
  test('is the store that came first, until nobody says so any more', async () => {
    await using database = await openTestDatabase()
    const [first, second] = [createProcess(database), createProcess(database)]

    expect(await first.pass('redis a')).toBe(true)
    expect(await first.pass('redis a')).toBe(false)
    await expect(second.pass('redis b')).rejects.toThrow(KeptElsewhereError)
    expect([first.keeping.here, second.keeping.here]).toEqual(['redis a', null])

    await run(database, aMinuteAgo)
    expect(await second.pass('redis b')).toBe(true)
    await expect(first.pass('redis a')).rejects.toThrow('kept in another store, redis b')
    expect([first.keeping.here, second.keeping.here]).toEqual([null, 'redis b'])
  })

  test('says so again before anybody could think that it is gone', async () => {
    await using database = await openTestDatabase()
    const [first, second] = [createProcess(database), createProcess(database)]
    await first.pass('redis a')
    await run(database, aMinuteAgo)
    await first.pass('redis a')

    await expect(second.pass('redis b')).rejects.toThrow(KeptElsewhereError)
  })

  test('is what its processes find in its place, for whoever sees it first', async () => {
    await using database = await openTestDatabase()
    const processes = [createProcess(database), createProcess(database), createProcess(database)]
    for (const one of processes) await one.pass('redis a')

    const before = { store: 'redis a', quietMs: 0 }
    const moved = await Promise.allSettled(
      processes.map(({ keeping }) => keeping.keep('redis b', before)),
    )

    // One took over; the others see it at their next reading.
    expect(moved.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const one of processes) expect(await one.pass('redis b')).toBe(false)
  })

  test('changes the history with each change, so that no reading is confirmed across it', async () => {
    await using database = await openTestDatabase()
    const one = createProcess(database)
    const histories = [await one.read()]
    for (const store of ['redis a', 'redis b', 'redis a']) {
      await one.pass(store)
      histories.push(await one.read())
    }

    expect(new Set(histories).size).toBe(4)
    await one.pass('redis a')
    expect(await one.read()).toBe(histories[3])
  })

  test('in a process gives way at once to that of the next process, but to no other', async () => {
    await using database = await openTestDatabase()
    await createProcess(database).pass('process 1')

    await expect(createProcess(database).pass('redis a')).rejects.toThrow(KeptElsewhereError)
    expect(await createProcess(database).pass('process 2')).toBe(true)
  })
})

describe.skipIf(!hasTestRedis())('beside the store that keeps the answers,', () => {
  test.for<[what: string, options: (place: CachedPlace) => Partial<CachedAppOptions>]>([
    ['one of another namespace', ({ redis }) => ({ namespace: `${redis?.namespace}.elsewhere` })],
    ['one in a process, as of a job that was given no Redis', () => ({ redisUrl: null })],
  ])('%s keeps none, and what is written through it is seen at once', async ([, optionsOn]) => {
    await using place = await openCachedPlace('redis')
    const options = optionsOn(place)
    const keeper = await place.start()
    // A URL of its own says that nobody waits until it serves.
    const other = await place.start({ redisUrl: place.redis?.url ?? null, ...options })
    const user = await keeper.rows.user()
    for (const name of ['One', 'Two', 'Three']) {
      await vi.waitFor(async () => {
        expect((await keeper.ask(me, { as: user })).cache.outcome).toBe('hit')
      }, patience)
      const call = `mutation { updateProfile(input: { name: "${name}" }) { user { name } } }`
      expect((await other.query(call, { as: user })).errors).toBeUndefined()

      expect((await keeper.ask(me, { as: user })).data.viewer.name).toBe(name)
      expect((await other.ask(me, { as: user })).cache.outcome).toBe('bypass')
    }
    expect(other.cacheLog.map(({ msg }) => msg)).toContainEqual(
      expect.stringContaining('kept in another store'),
    )
  })
})

const me = '{ viewer { name } }'
