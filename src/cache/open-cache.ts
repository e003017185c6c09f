import { createDrainer } from '../capture/create-drainer.ts'
import type { Logger } from '../observe/logger.ts'
import type { Database } from '../sql/database.ts'
import { createWriteAnnouncer, type WriteAnnouncer } from './announce-writes.ts'
import { createMemoryStore } from './memory-store.ts'
import { createRedisStore } from './redis-store.ts'
import type { CacheStore, Generation, Moment } from './store.ts'
import { createHistoryWatch } from './watch-history.ts'

/** What an app needs of the cache. */
export interface AppCache {
  readonly store: CacheStore
  readonly announcer: WriteAnnouncer
}

export interface CacheSettings {
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
  readonly database: Database
  /** Reads the outbox; not one that waits for requests. @default database */
  readonly drained?: Database
  /** To be woken by writes from outside. @default the outbox is only polled */
  readonly listenUrl?: string
  readonly log: Logger
  /** Stands between the store and all who use it: what a test breaks. */
  readonly wrapStore?: (store: CacheStore) => CacheStore
}

export interface OpenCache extends AppCache, AsyncDisposable {
  /** For the banner. */
  readonly description: string
}

/** Opens the store, and keeps it true: reads the outbox, announces what it finds and confirms that. */
export function openCache(options: OpenCacheOptions): OpenCache {
  const { settings, answers, database, drained = database, log, wrapStore } = options
  const history = createHistoryWatch(drained)
  const opened = openStore(settings, () => ({ database: history.id, answers }), log)
  const store = wrapStore?.(opened) ?? opened
  const onError = (error: unknown) => log.warn({ err: error }, 'The outbox could not be drained')
  const announcer = createWriteAnnouncer({ store, database, onError })
  let confirmed: { readonly since: Moment; readonly of: string } | null = null

  const drainer = createDrainer({
    database: drained,
    announce: (tags) => store.announce(tags),
    ...(options.listenUrl === undefined ? {} : { listenUrl: options.listenUrl }),
    // One round trip to the store a pass: it confirms the pass before, and begins the next.
    beforeRead: async () => {
      const of = await history.read()
      const last = confirmed
      confirmed = null
      return { of, since: await store.beat(last?.of === of ? last.since : null) }
    },
    onHeartbeat: async (read) => {
      confirmed = read
    },
    onError,
  })

  return {
    store,
    announcer,
    description: settings.redisUrl === null ? 'in process' : 'Redis',
    async [Symbol.asyncDispose]() {
      await announcer[Symbol.asyncDispose]()
      await drainer[Symbol.asyncDispose]()
      await store[Symbol.asyncDispose]()
    },
  }
}

function openStore(
  { redisUrl, namespace, maxEntryBytes, memoryBytes }: CacheSettings,
  generation: () => Generation,
  log: Logger,
): CacheStore {
  if (redisUrl === null)
    return createMemoryStore({ generation, maxEntryBytes, maxBytes: memoryBytes })
  return createRedisStore({ url: redisUrl, namespace, generation, maxEntryBytes, log })
}
