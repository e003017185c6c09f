import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Cache, useResponseCache } from '@graphql-yoga/plugin-response-cache'
import { buildSchema } from 'graphql'
import { createYoga } from 'graphql-yoga'
import { Redis } from 'ioredis'

/** What a server is to answer, with which means. */
export interface HitServerOptions {
  readonly kind: 'fixed' | 'redis-read' | 'stock'
  readonly body: string
  readonly redisUrl: string
}

/**
 * What hits are compared with, each as a process of its own: a buffer that is there, the same read
 * from Redis for each request, and Yoga with the stock plugin and its answers in Redis.
 */
async function serveHits({ kind, body, redisUrl }: HitServerOptions): Promise<void> {
  const redis = kind === 'fixed' ? null : new Redis(redisUrl, { protocol: 2 })
  const server = createServer(listenerOf(kind, body, redis))
  await redis?.set('bench:fixed', body)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  process.on('message', () => {
    const { user, system } = process.cpuUsage()
    process.send?.(user + system)
  })
  process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`) // as it listens
  await once(process, 'disconnect')
  redis?.disconnect()
  server.close()
  server.closeAllConnections()
}

function listenerOf(
  kind: HitServerOptions['kind'],
  body: string,
  redis: Redis | null,
): RequestListener {
  if (kind === 'stock' && redis) return stockYoga(body, redis)
  const fixed = Buffer.from(body)
  return (request, response) => {
    request.resume()
    request.on('end', async () => {
      const bytes = redis ? ((await redis.getBuffer('bench:fixed')) ?? fixed) : fixed
      response.writeHead(200, {
        'content-type': 'application/json',
        'content-length': bytes.length,
      })
      response.end(bytes)
    })
  }
}

/** Set up as its documentation says; of Redis it is given the least that answers a hit. */
function stockYoga(body: string, redis: Redis): RequestListener {
  const schema = buildSchema(readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8'))
  for (const [name, value] of Object.entries(JSON.parse(body).data)) {
    const field = schema.getQueryType()?.getFields()[name]
    if (field) field.resolve = () => value
  }
  const cache: Cache = {
    async get(id) {
      const found = await redis.get(`stock:${id}`)
      return found === null ? undefined : JSON.parse(found)
    },
    async set(id, result, _entities, ttl) {
      await redis.set(`stock:${id}`, JSON.stringify(result), 'PX', Math.min(ttl, 600_000))
    },
    async invalidate() {},
  }
  return createYoga({
    schema,
    logging: false,
    graphiql: false,
    maxRequestBodySize: false,
    plugins: [
      useResponseCache({
        session: (request) => request.headers.get('authorization'),
        cache,
        ttl: 600_000,
      }),
    ],
  })
}

await serveHits(JSON.parse(process.argv[2] ?? '{}') as HitServerOptions) // as `hits.ts` wrote it
