import type { Log } from '../observe/log.ts'
import type { Database } from '../sql/database.ts'
import { createSessionLock, type SessionLock } from '../sql/session-lock.ts'
import { createWriteAnnouncer, type WriteAnnouncer } from './announce-writes.ts'
import { keepTrue } from './keep-true.ts'
import { createKeeping } from './keeper.ts'
import { createMemoryStore } from './memory-store.ts'
import { createRedisStore } from './redis-store.ts'
import { createStandbyStore } from './standby-store.ts'
import { type CacheStore, lapseMarginMs, type StoreOptions, storeDefaults } from './store.ts'
import { type Purge, tellPurger } from './tell-purger.ts'
import { createTroubleLog } from './trouble-log.ts'
import { createHistoryWatch } from './watch-history.ts'
import { withoutAnswers } from './without-answers.ts'

/** What an app needs of the cache. */
export interface AppCache {
  readonly store: CacheStore
  readonly announcer: WriteAnnouncer
  /**
   * What one request may wait for the store, all its calls together, in ms.
   * @default 45
   */
  readonly waitMs?: number
}

export interface CacheSettings {
  /** False: nothing is served or stored here, but what is written is announced to others. */
  readonly enabled: boolean
  /** Null: the store is in this process. */
  readonly redisUrl: string | null
  /** Begins every key in Redis. */
  readonly namespace: string
  /** Bytes beyond which one answer is not stored. */
  readonly maxEntryBytes: number
  /** Bytes of all answers in this process. */
  readonly memoryBytes: number
}

export interface OpenCacheOptions {
  readonly settings: CacheSettings
  /** What an answer means in this build; another starts empty. */
  readonly answers: string
  /** Where mutations write. */
  readonly database: Database
  /** Reads the outbox; best with a connection that requests cannot keep busy. @default database */
  readonly drained?: Pick<Database, 'kind' | 'query'>
  /**
   * Where processes without Redis agree by a lock on who keeps answers; past any pooler.
   * @default null: this process is alone with the database
   */
  readonly lockUrl?: string | null
  /** Where to hear of writes from outside before the next poll. @default null: nowhere */
  readonly listenUrl?: string | null
  /** As `StoreOptions` has it. @default storeDefaults.heartbeatMs */
  readonly heartbeatMs?: number
  readonly log: Log
  /**
   * Told of what was announced here, so that caches outside can drop what depends on it.
   * @default nobody
   */
  readonly onAnnounced?: Purge
  /** Stands between the store and all who use it: what a test breaks. */
  readonly wrapStore?: (store: CacheStore) => CacheStore
}

export interface OpenCache extends AppCache, AsyncDisposable {
  /** Resolves when it is known whether this process keeps answers. */
  readonly started: Promise<void>
  /** For the banner: which cache is on, or why none is. */
  describe(): string
}

/** Opens the store and keeps it true, until disposed. */
export function openCache(options: OpenCacheOptions): OpenCache {
  const { settings, answers, database, log, onAnnounced, lockUrl = null } = options
  const { wrapStore = (store) => store, heartbeatMs = storeDefaults.heartbeatMs } = options
  const isShared = settings.redisUrl !== null
  const lock = lockUrl === null || isShared ? null : openLock(lockUrl, log)
  const drained = lock ? { kind: database.kind, query: lock.query } : (options.drained ?? database)
  const history = createHistoryWatch(drained)
  const generation = () => ({ database: history.id, answers })
  const opened = openStore(settings, { generation, heartbeatMs }, { lock, log })
  const wrapped = wrapStore(settings.enabled ? opened : withoutAnswers(opened))
  const store = onAnnounced ? tellPurger(wrapped, onAnnounced, log) : wrapped
  const keeping = createKeeping(drained)
  const announcer = createWriteAnnouncer({ store, database, keeping, heartbeatMs, log })
  const drainer = keepTrue({ ...options, store, drained, history, keeping })

  return {
    store,
    announcer,
    started: lock?.tried ?? Promise.resolve(),
    describe() {
      if (!settings.enabled) return 'off: CACHE=false'
      if (isShared) return 'Redis'
      return lock && lock.heldSinceMs === null
        ? 'off: another process holds the lock'
        : 'in process'
    },
    async [Symbol.asyncDispose]() {
      await announcer[Symbol.asyncDispose]()
      await drainer[Symbol.asyncDispose]()
      await store[Symbol.asyncDispose]()
      await lock?.[Symbol.asyncDispose]()
    },
  }
}

function openLock(url: string, log: Log): SessionLock {
  const trouble = createTroubleLog<'lock'>(log)
  const message = 'No session for the lock of the cache: no answers are kept here'
  return createSessionLock({
    url,
    key: cacheLock,
    onError: (error) => trouble.begin('lock', message, error),
    onHeld: () => trouble.end('lock'),
  })
}

/** "load", "keep" in ASCII, so that it is nobody else's advisory lock. */
const cacheLock = [0x6c6f6164, 0x6b656570] as const

function openStore(
  { redisUrl: url, namespace, maxEntryBytes, memoryBytes: maxBytes }: CacheSettings,
  common: Pick<StoreOptions, 'generation'> & { readonly heartbeatMs: number },
  { lock, log }: { readonly lock: SessionLock | null; readonly log: Log },
): CacheStore {
  if (url !== null) return createRedisStore({ ...common, url, namespace, maxEntryBytes, log })
  const createStore = () => createMemoryStore({ ...common, maxEntryBytes, maxBytes })
  if (!lock) return createStore()
  return createStandbyStore({ lock, createStore, lapseMs: common.heartbeatMs + lapseMarginMs })
}
