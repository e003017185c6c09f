import { describe, expect, test, vi } from 'vitest'
import { createMemoryStore } from '../../src/cache/memory-store.ts'
import { createStandbyStore } from '../../src/cache/standby-store.ts'
import type { CacheStore } from '../../src/cache/store.ts'
import { openPostgresql } from '../../src/sql/postgresql.ts'
import { createSessionLock, LockNotHeldError } from '../../src/sql/session-lock.ts'
import { patience, startCachedApp } from '../support/start-cached-apps.ts'
import { createTestDatabase, testDatabaseKind } from '../support/test-databases.ts'
import { confirmReading } from '../support/test-stores.ts'

const keys = { public: 'p', role: null, own: null }

/** A standby store on a lock that the test holds in its hands. */
function openStandby(lapseMs = 0) {
  const lock = {
    heldSinceMs: null as number | null,
    isReachable: true,
    async query() {
      if (!lock.isReachable) throw new LockNotHeldError('gone')
      return [[true]]
    },
  }
  const generation = () => ({ database: 'one history', answers: 'one build' })
  const createStore = () => createMemoryStore({ generation })
  return { lock, store: createStandbyStore({ lock, createStore, lapseMs }) }
}

async function fill(store: CacheStore) {
  const found = await store.lookUp(keys)
  if (found.outcome !== 'miss') throw new Error(`No epoch: ${JSON.stringify(found)}`)
  const options = { epoch: found.epoch, tags: ['A:1'], ttlMs: 60_000 }
  return store.fill('p', Buffer.from('text'), options)
}

describe('a store that stands by', () => {
  test('has no part in anything without the lock', async () => {
    const { store } = openStandby()

    expect(await store.lookUp(keys)).toEqual({ outcome: 'bypass', reason: 'standby' })
    await expect(store.announce(['A:1'])).rejects.toThrow('another process keeps the answers')
    await expect(store.beat(null)).rejects.toThrow('another process keeps the answers')
    expect(await store.describe()).toMatchObject({ kind: 'memory', entries: 0 })
  })

  test('waits with the lock until what others may still serve has lapsed', async () => {
    const { lock, store } = openStandby(60_000)
    lock.heldSinceMs = performance.now()

    expect(await store.lookUp(keys)).toMatchObject({ reason: 'standby' })
    await expect(store.announce(['A:1'])).rejects.toThrow()
    await expect(store.beat(null)).rejects.toThrow()

    lock.heldSinceMs -= 60_000
    await confirmReading(store)
    expect(await fill(store)).toBe('accepted')
    expect(await store.lookUp(keys)).toMatchObject({ outcome: 'hit' })
  })

  test('serves nothing more when the lock is lost, and begins empty when it is got again', async () => {
    const { lock, store } = openStandby()
    lock.heldSinceMs = 1
    await confirmReading(store)
    await fill(store)

    lock.heldSinceMs = null
    expect(await store.lookUp(keys)).toMatchObject({ reason: 'standby' })
    lock.heldSinceMs = 2
    await confirmReading(store)
    expect(await store.lookUp(keys)).toMatchObject({ outcome: 'miss' })
  })

  test('says that nothing was announced when it cannot know that it still holds the lock', async () => {
    const { lock, store } = openStandby()
    lock.heldSinceMs = 1
    await confirmReading(store)
    await store.announce(['A:1'])
    lock.isReachable = false

    await expect(store.announce(['A:1'])).rejects.toThrow('gone')
  })
})

describe.skipIf(testDatabaseKind() === 'pglite')('a lock of a session', { timeout: 60_000 }, () => {
  const key = [1, 2] as const
  const endSessions = `SELECT count(pg_terminate_backend(pid))::int FROM pg_stat_activity
    WHERE application_name = 'loadline lock' AND datname = current_database()`

  test('is one session’s, and the next one’s when that is gone', async () => {
    await using created = await createTestDatabase()
    const first = createSessionLock({ url: created.url, key, retryMs: 20 })
    await first.tried
    await using second = createSessionLock({ url: created.url, key, retryMs: 20 })
    await second.tried

    expect([first.heldSinceMs, second.heldSinceMs]).toEqual([expect.any(Number), null])
    await expect(second.query(select, [])).rejects.toThrow(LockNotHeldError)
    expect(await first.query(select, [])).toEqual([[1n]])

    await first[Symbol.asyncDispose]()
    await vi.waitFor(() => expect(second.heldSinceMs).not.toBeNull(), patience)
    expect(first.heldSinceMs).toBeNull()
    await expect(first.query(select, [])).rejects.toThrow(LockNotHeldError)
  })

  test('is known to be lost when its session ends, and is tried for again', async () => {
    await using created = await createTestDatabase()
    await using lock = createSessionLock({ url: created.url, key, retryMs: 20 })
    await lock.tried
    const before = lock.heldSinceMs
    await using database = await openPostgresql({ url: created.url, poolSize: 1 })

    expect(await database.query({ name: '', text: endSessions }, [])).toEqual([[1]])

    await vi.waitFor(() => {
      expect(lock.heldSinceMs).not.toBeNull()
      expect(lock.heldSinceMs).not.toBe(before)
    }, patience)
    expect(await lock.query(select, [])).toEqual([[1n]])
  })

  test('without a server is not held, and keeps nobody from closing', async () => {
    const url = 'postgresql://nobody@127.0.0.1:9/none'
    const errors: unknown[] = []
    await using lock = createSessionLock({ url, key, onError: (error) => errors.push(error) })
    await lock.tried

    expect(lock.heldSinceMs).toBeNull()
    expect(errors).toEqual([expect.objectContaining({ code: 'ECONNREFUSED' })])
  })
})

describe.skipIf(testDatabaseKind() === 'pglite')(
  'of two processes on a server without Redis',
  { timeout: 60_000 },
  () => {
    const me = '{ viewer { name } }'
    const rename = (name: string) =>
      `mutation { updateProfile(input: { name: "${name}" }) { user { name } } }`

    test('one keeps answers, and the other announces to it and takes over when it is gone', async () => {
      await using created = await createTestDatabase()
      await using database = await openPostgresql({ url: created.url, poolSize: 6 })
      const options = { database, redisUrl: null, lockUrl: created.url, heartbeatMs: 2_000 }
      const first = await startCachedApp(options)
      await first.cache.started
      await first.untilServing()
      await using second = await startCachedApp(options)
      await second.cache.started
      expect([first, second].map(({ cache }) => cache.describe())).toEqual([
        'in process',
        'off: another process holds the lock',
      ])
      const user = await first.rows.user({ name: 'Name' })

      for (let i = 0; i < 5; i += 1) {
        await vi.waitFor(async () => {
          expect((await first.ask(me, { as: user })).cache.outcome).toBe('hit')
        }, patience)
        await second.query(rename(`Name ${i}`), { as: user })
        expect((await first.query(me, { as: user })).data.viewer.name).toBe(`Name ${i}`)
      }
      expect((await second.ask(me, { as: user })).cache).toMatchObject({ reason: 'standby' })

      await first[Symbol.asyncDispose]()
      await second.query(rename('Alone'), { as: user })
      expect((await second.query(me, { as: user })).data.viewer.name).toBe('Alone')
      await second.untilServing()
      expect(second.cache.describe()).toBe('in process')
    })
  },
)

const select = { name: '', text: 'SELECT 1::int8' }
