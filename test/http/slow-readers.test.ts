import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { GraphQLObjectType, GraphQLSchema, GraphQLString } from 'graphql'
import { expect, test, vi } from 'vitest'
import { serve } from '../../src/http/serve.ts'
import { hasTestRedis } from '../support/private-redis.ts'
import { openCachedPlace, patience } from '../support/start-cached-apps.ts'

const longText = randomBytes(150_000).toString('hex')
const schema = new GraphQLSchema({
  query: new GraphQLObjectType({
    name: 'Query',
    fields: { long: { type: GraphQLString, resolve: () => longText } },
  }),
})

test.skipIf(!hasTestRedis())(
  'clients that do not read keep nobody else from an answer',
  async () => {
    await using place = await openCachedPlace('redis')
    const app = await place.start({ schema, env: { CACHE_VERIFY_SHARE: '0' } })
    const server = await serve(app.handler, { port: 0, host: '127.0.0.1' })
    const body = JSON.stringify({ query: '{ long }' })
    const headers = { 'content-type': 'application/json', 'accept-encoding': 'gzip' }
    const ask = () => fetch(`${server.origin}/graphql`, { method: 'POST', headers, body })
    await vi.waitFor(async () => {
      const response = await ask()
      await response.text()
      expect(response.headers.get('cache-status')).toBe('loadline; hit')
    }, patience)

    const request = `POST /graphql HTTP/1.1\r\nhost: x\r\naccept-encoding: gzip\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`
    const { counts: before } = await app.cache.store.describe()
    const sockets: Socket[] = []
    for (let i = 0; i < 20; i += 1) {
      const socket = connect(Number(new URL(server.origin).port), '127.0.0.1').pause()
      await once(socket, 'connect')
      socket.write(request.repeat(100))
      sockets.push(socket)
    }
    // Somebody else is answered, from Redis, as if they were not there.
    for (let i = 0; i < 10; i += 1) {
      const response = await ask()
      expect(response.headers.get('cache-status')).toBe('loadline; hit')
      expect((await response.json()).data.long).toBe(longText)
    }
    // Of 2,000 answers only those were looked up that fit into the way to their client.
    const { counts: after } = await app.cache.store.describe()
    expect(after.hits - before.hits).toBeLessThan(1_000)
    for (const socket of sockets) socket.destroy()
    await server.drain()
  },
)
