import { describe, expect, vi } from 'vitest'
import { type OpenCache, type OpenCacheOptions, openCache } from '../../src/cache/open-cache.ts'
import type { CacheStore } from '../../src/cache/store.ts'
import { tellAnnouncements } from '../../src/cache/tell-announcements.ts'
import type { CacheExplanation } from '../../src/observe/cache-explanation.ts'
import { type Events, silence } from '../../src/observe/events.ts'
import { createLogger } from '../../src/observe/logger.ts'
import type { Database } from '../../src/sql/database.ts'
import { hasTestRedis, openTestRedis, type TestRedis } from './private-redis.ts'
import {
  type LogLine,
  type QueryOptions,
  type QueryResult,
  startTestApp,
  type TestApp,
  type TestAppOptions,
} from './start-test-app.ts'
import { openTestDatabase } from './test-databases.ts'

export interface CachedApp extends TestApp {
  readonly cache: OpenCache
  /** What the cache logged so far. */
  readonly cacheLog: readonly LogLine[]
  /** Asks, and tells what the cache made of it. */
  ask(document: string, options?: QueryOptions): Promise<CachedResult>
  /** Asks again and again until the cache has a part in answers. */
  untilServing(): Promise<void>
}

export interface CachedResult extends QueryResult {
  readonly cache: CacheExplanation
}

export interface CachedAppOptions
  extends Omit<TestAppOptions, 'cache' | 'database'>,
    Pick<OpenCacheOptions, 'wrapStore' | 'onAnnounced' | 'heartbeatMs' | 'drained' | 'lockUrl'> {
  readonly database: Database
  /** Null: the store is in the process. */
  readonly redisUrl: string | null
  readonly namespace?: string
  readonly answers?: string
  readonly maxEntryBytes?: number
  /** @default true */
  readonly enabled?: boolean
  /** @default 10_000 */
  readonly waitMs?: number
}

/**
 * An app with a cache of its own, as `main.ts` puts them together, on a database that stays the
 * caller's. The heartbeat is so long that a busy machine is not taken for a drainer that stopped.
 */
export async function startCachedApp(options: CachedAppOptions): Promise<CachedApp> {
  const { redisUrl, namespace = 'test', answers = 'one build', maxEntryBytes = 1_000_000 } = options
  // A machine that is busy may keep Redis waiting for longer than a request would wait for it.
  const { waitMs = 10_000 } = options
  const { wrapStore = (store: CacheStore) => store, onAnnounced } = options
  const { database, enabled = true, heartbeatMs = 60_000, drained, lockUrl } = options
  const cacheLog: LogLine[] = []
  // The app that listens is opened last.
  const events: Events = {
    ...silence,
    announceEnded: (announced) => app?.observation.events.announceEnded(announced),
  }
  let app: TestApp | null = null
  const cache = openCache({
    settings: { enabled, redisUrl, namespace, maxEntryBytes, memoryBytes: 10_000_000 },
    answers,
    database,
    heartbeatMs,
    log: createLogger('info', { write: (line) => cacheLog.push(JSON.parse(line)) }),
    ...(onAnnounced ? { onAnnounced } : {}),
    wrapStore: (store) => tellAnnouncements(wrapStore(store), events),
    ...(drained ? { drained } : {}),
    ...(lockUrl ? { lockUrl } : {}),
  })
  const started = await startTestApp({ ...options, cache: { ...cache, waitMs } })
  app = started
  const ask = async (document: string, asked?: QueryOptions): Promise<CachedResult> => {
    const result = await started.query(document, asked)
    const explanation = result.extensions?.loadline?.cache
    if (!explanation) throw new Error(`No explanation: ${JSON.stringify(result)}`)
    return { ...result, cache: explanation }
  }
  return {
    ...started,
    cache,
    cacheLog,
    ask,
    async untilServing() {
      await vi.waitFor(async () => {
        expect((await ask('{ __typename }')).cache.outcome).not.toBe('bypass')
      }, patience)
    },
    async [Symbol.asyncDispose]() {
      await started[Symbol.asyncDispose]()
      await cache[Symbol.asyncDispose]()
    },
  }
}

/** For waits that end as soon as they can. */
export const patience = { timeout: 20_000, interval: 10 }

/** A database, and where apps on it keep their answers. */
export interface CachedPlace extends AsyncDisposable {
  readonly database: Database
  readonly redis: TestRedis | null
  /** Waits until every write so far has been announced. */
  untilDrained(): Promise<void>
  /**
   * One more app, whose cache serves already, unless it is given a Redis of its own; in memory there
   * can be but one. Closed with the place.
   */
  start(options?: Partial<CachedAppOptions>): Promise<CachedApp>
}

/** @param env where `openTestRedis` looks for a server; without any it starts one for this place alone */
export async function openCachedPlace(
  kind: 'memory' | 'redis',
  env = process.env,
): Promise<CachedPlace> {
  const database = await openTestDatabase({ poolSize: 8 })
  const redis = kind === 'redis' ? await openTestRedis(env) : null
  const started: CachedApp[] = []
  return {
    database,
    redis,
    async untilDrained() {
      await vi.waitFor(async () => {
        expect(await database.query(countRows, [])).toEqual([[0]])
      }, patience)
    },
    async start(options = {}) {
      if (!redis && started.length > 0)
        throw new Error('Two processes keep answers of one database')
      const place = {
        database,
        redisUrl: redis?.url ?? null,
        namespace: redis?.namespace ?? 'test',
      }
      const app = await startCachedApp({ ...place, ...options })
      started.push(app)
      if (options.enabled !== false && options.redisUrl === undefined) await app.untilServing()
      return app
    },
    async [Symbol.asyncDispose]() {
      for (const app of started.reverse()) await app[Symbol.asyncDispose]()
      await redis?.[Symbol.asyncDispose]()
      await database[Symbol.asyncDispose]()
    },
  }
}

const countRows = { name: '', text: 'SELECT count(*)::int FROM loadline.outbox' }

/** The same tests over both stores. */
export function forEachStore(declare: (kind: 'memory' | 'redis') => void): void {
  describe('with the store in the process,', () => declare('memory'))
  describe.skipIf(!hasTestRedis())('with the store in Redis,', () => declare('redis'))
}
