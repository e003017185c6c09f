/**
 * The same app with the stock response cache instead of ours, on its own Redis store: what the mix
 * costs who keeps the resolvers and takes the cache that is there. It may serve what is out of date.
 */
import { createServer } from 'node:http'
import { type Cache, useResponseCache } from '@graphql-yoga/plugin-response-cache'
import { Redis } from 'ioredis'
import { createApp } from '../../src/app.ts'
import { parseConfig } from '../../src/config.ts'
import type { Context } from '../../src/context.ts'
import { createLogger } from '../../src/observe/logger.ts'
import { domain } from '../../src/schema/domain.ts'
import { openPostgresql } from '../../src/sql/postgresql.ts'

const { DATABASE_URL = '', REDIS_URL = '', PORT } = process.env
const store = new URL(
  '../peers/node_modules/@envelop/response-cache-redis/esm/index.js',
  import.meta.url,
)
const { createRedisCache }: { createRedisCache(options: { redis: Redis }): Cache } = await import(
  store.href
)

const config = parseConfig({ ...process.env, NODE_ENV: 'production' })
const database = await openPostgresql({ url: DATABASE_URL })
const { handler } = createApp({
  ...{ config, database, domain, log: createLogger('warn') },
  plugins: [
    useResponseCache<Context>({
      // The request that plugins are given has no headers; who asks is known by now.
      session: (_, { viewer }) => viewer.id(),
      cache: createRedisCache({ redis: new Redis(REDIS_URL) }),
      includeExtensionMetadata: true,
    }),
  ],
})
createServer(handler).listen(Number(PORT), '127.0.0.1')
