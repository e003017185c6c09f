import { type OpenCache, type OpenCacheOptions, openCache } from '../../src/cache/open-cache.ts'
import { createLogger } from '../../src/observe/logger.ts'
import type { Database } from '../../src/sql/database.ts'
import { startTestApp, type TestApp, type TestAppOptions } from './start-test-app.ts'

export interface CachedApp extends TestApp {
  readonly cache: OpenCache
}

export interface CachedAppOptions extends Omit<TestAppOptions, 'cache' | 'database'> {
  readonly database: Database
  /** Null: the store is in the process. */
  readonly redisUrl: string | null
  readonly namespace?: string
  readonly answers?: string
  readonly wrapStore?: OpenCacheOptions['wrapStore']
}

/** An app with a cache of its own, as `main.ts` puts them together, on a database that stays the caller's. */
export async function startCachedApp(options: CachedAppOptions): Promise<CachedApp> {
  const { redisUrl, namespace = 'test', answers = 'one build', wrapStore, ...appOptions } = options
  const { database } = options
  const cache = openCache({
    settings: {
      enabled: true,
      redisUrl,
      namespace,
      maxEntryBytes: 1_000_000,
      memoryBytes: 10_000_000,
    },
    answers,
    database,
    log: createLogger('silent'),
    ...(wrapStore ? { wrapStore } : {}),
  })
  const app = await startTestApp({ ...appOptions, cache })
  return {
    ...app,
    cache,
    [Symbol.asyncDispose]: async () => {
      await app[Symbol.asyncDispose]()
      await cache[Symbol.asyncDispose]()
    },
  }
}
