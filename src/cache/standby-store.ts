import type { SessionLock } from '../sql/session-lock.ts'
import { createStatement } from '../sql/statements.ts'
import { type CacheStore, createCounts, StoreUnavailableError } from './store.ts'

export interface StandbyStoreOptions {
  readonly lock: Pick<SessionLock, 'heldSinceMs' | 'query'>
  /** Makes an empty store, each time that the lock is got. */
  readonly createStore: () => CacheStore
  /** How long another process may serve answers after it has lost the lock. */
  readonly lapseMs: number
}

/**
 * A store in this process while it holds the lock, else none: only one process may keep answers
 * that only its own announcements reach.
 *
 * - Who gets the lock waits until all has lapsed that another may still serve, which need not know
 *   that it has lost it. Without the lock, and so long, nothing is announced or confirmed here: the
 *   writes wait in the outbox for whoever may.
 * - A mutation is announced here only if the lock was still held after its COMMIT: then whoever gets
 *   it later reads what the mutation wrote.
 */
export function createStandbyStore(options: StandbyStoreOptions): CacheStore {
  const { lock, createStore, lapseMs } = options
  let current: { readonly store: CacheStore; readonly heldSinceMs: number } | null = null

  return {
    async lookUp(...asked) {
      return (await open()?.lookUp(...asked)) ?? { outcome: 'bypass', reason: 'standby' }
    },
    async fill(key, bytes, fillOptions) {
      return (await open()?.fill(key, bytes, fillOptions)) ?? 'standby'
    },
    async announce(tags) {
      const doing = 'announce a write'
      const store = openOrThrow(doing)
      try {
        await lock.query(stillHeld, [])
      } catch (error) {
        throw new StoreUnavailableError(doing, error)
      }
      return await store.announce(tags)
    },
    async beat(readSince) {
      return openOrThrow('confirm the reading of the outbox').beat(readSince)
    },
    async describe() {
      return (await open()?.describe()) ?? empty()
    },
    async [Symbol.asyncDispose]() {
      await current?.store[Symbol.asyncDispose]()
    },
  }

  function open(): CacheStore | null {
    const { heldSinceMs } = lock
    if (current && current.heldSinceMs !== heldSinceMs) {
      void current.store[Symbol.asyncDispose]()
      current = null
    }
    if (heldSinceMs === null || performance.now() < heldSinceMs + lapseMs) return null
    current ??= { store: createStore(), heldSinceMs }
    return current.store
  }

  function openOrThrow(doing: string): CacheStore {
    const store = open()
    if (store) return store
    throw new StoreUnavailableError(doing, new Error('another process keeps the answers'))
  }
}

const stillHeld = createStatement('SELECT true')

function empty() {
  const counts = createCounts()
  return { kind: 'memory', entries: 0, bytes: 0, tags: 0, breaker: 'closed', counts } as const
}
