import type { Plugin } from 'graphql-yoga'
import { createApp } from '../../../src/app.ts'
import { openCache } from '../../../src/cache/open-cache.ts'
import type { CacheStore } from '../../../src/cache/store.ts'
import { parseConfig } from '../../../src/config.ts'
import { serve } from '../../../src/http/serve.ts'
import { createLogger } from '../../../src/observe/logger.ts'
import { domain } from '../../../src/schema/domain.ts'
import type { Database } from '../../../src/sql/database.ts'
import { openDatabase } from '../../../src/sql/open-database.ts'
import { type Arena, secret } from '../harness/arena.ts'
import type { Server } from '../harness/servers.ts'
import { through } from '../harness/servers.ts'

/** The database as the one who reads the outbox has it. */
export type Drained = Pick<Database, 'kind' | 'query'>

/** What is broken on purpose, from outside: the seams of the product that anybody may use. */
export interface Mutant {
  readonly wrapStore?: (store: CacheStore) => CacheStore
  readonly wrapDrained?: (database: Drained) => Drained
  /** No cache of ours; instead these, fresh for each server. */
  readonly plugins?: () => readonly Plugin[]
}

export interface InProcessOptions {
  readonly number: number
  /** Servers of one namespace share their answers. */
  readonly namespace: string
  /** Made anew for each server. */
  readonly mutant: () => Mutant
}

/** A server made of the product's parts in this process: quickly there, but it cannot be killed. */
export async function openInProcessServer(
  { databaseUrl, redis, proxies }: Pick<Arena, 'databaseUrl' | 'redis' | 'proxies'>,
  { number, namespace, mutant }: InProcessOptions,
): Promise<Server> {
  const toDatabase = await proxies.open(Number(new URL(databaseUrl).port))
  const toRedis = redis && (await proxies.open(Number(new URL(redis.url).port)))
  const config = parseConfig({
    ...{ PORT: '0', AUTH_JWT_SECRET: secret, LOG_LEVEL: 'silent' },
    ...{ DATABASE_URL: through(databaseUrl, toDatabase), DATABASE_POOL_SIZE: '8' },
    ...(redis && toRedis && { REDIS_URL: through(redis.url, toRedis) }),
    CACHE_NAMESPACE: namespace,
    CACHE_FIGURES_FROM: '1',
  })
  const log = createLogger(config.logLevel)
  const database = await openDatabase(config.database, '')
  const { wrapStore, wrapDrained = (same) => same, plugins } = mutant()
  const cache = openCache({
    ...{ database, drained: wrapDrained(database), log, answers: '' },
    settings: { ...config.cache, redisUrl: config.redisUrl },
    ...(wrapStore && { wrapStore }),
  })
  const app = createApp({
    ...{ config, database, domain, log },
    // A machine that is busy may keep Redis waiting for longer than a request would wait for it.
    cache: plugins ? null : { ...cache, waitMs: 5_000 },
    ...(plugins && { plugins: plugins() }),
  })
  const http = await serve(app.handler, config)
  const refuse = async () => {
    throw new Error('A server in this process cannot be killed, stopped or started')
  }
  return {
    ...{ number, origin: http.origin, toDatabase, toRedis, isUp: true },
    ...{
      output: { stdout: '', stderr: '' },
      kill: refuse,
      start: refuse,
      stop: refuse,
      goOn: refuse,
    },
    async [Symbol.asyncDispose]() {
      toDatabase.mend()
      toRedis?.mend()
      app.startDraining()
      await http.drain()
      await app[Symbol.asyncDispose]()
      await cache[Symbol.asyncDispose]()
      await database[Symbol.asyncDispose]()
      await toDatabase[Symbol.asyncDispose]()
      await toRedis?.[Symbol.asyncDispose]()
    },
  }
}
