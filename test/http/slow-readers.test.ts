import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { GraphQLInt, GraphQLObjectType, GraphQLSchema, GraphQLString } from 'graphql'
import { expect, test, vi } from 'vitest'
import type { Context } from '../../src/context.ts'
import { hasTestRedis } from '../support/private-redis.ts'
import { forEachStore, openCachedPlace, patience } from '../support/start-cached-apps.ts'
import { startTestApp } from '../support/start-test-app.ts'

/** More than the system takes over of an answer that nobody reads: 4 MB at most. */
const mostText = randomBytes(5_000_000).toString('hex')

let gate: Promise<void> = Promise.resolve()

const schema = new GraphQLSchema({
  query: new GraphQLObjectType<unknown, Context>({
    name: 'Query',
    fields: {
      long: {
        type: GraphQLString,
        args: { kb: { type: GraphQLInt } },
        resolve: (_, { kb }) => mostText.slice(0, kb * 1_000),
      },
      /** Computed each time, with a statement. */
      row: {
        type: GraphQLInt,
        async resolve(_, __, { prisma }) {
          await prisma.$queryRawUnsafe('SELECT 1')
          return 1
        },
      },
      held: { type: GraphQLInt, resolve: () => gate.then(() => 1) },
    },
  }),
})

/** A server whose connections are seen, and clients that read when they are told to. */
async function openServer(handler: RequestListener) {
  const connections: Socket[] = []
  const sockets: Socket[] = []
  const server = createServer(handler).on('connection', (one: Socket) => connections.push(one))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // as it listens on TCP
  const post = (query: string) => {
    const body = JSON.stringify({ query })
    return `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`
  }
  return {
    connections,
    isOpen: () => connections.map((one) => !one.destroyed),
    /** Sends what it is given at once, and reads nothing. */
    async send(queries: readonly string[]): Promise<Socket> {
      const socket = connect(port, '127.0.0.1').pause()
      socket.on('error', () => {}) // It is to be cut off.
      sockets.push(socket)
      await once(socket, 'connect')
      socket.write(queries.map(post).join(''))
      return socket
    },
    async ask(query: string) {
      const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
      })
      const { data } = await response.json()
      return { status: response.status, data, from: response.headers.get('cache-status') }
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

forEachStore((kind) => {
  test('two hundred clients that do not read take nothing that others wait for', async () => {
    await using place = await openCachedPlace(kind)
    let ended = 0
    const app = await place.start({
      schema,
      env: { CACHE_VERIFY_SHARE: '0', LOADLINE_LIMITS: 'executions=2,executionsPerViewer=2' },
      listeners: [{ requestEnded: () => (ended += 1) }],
    })
    await using server = await openServer(app.handler)
    const sizes = [20, 200, 900]
    await vi.waitFor(async () => {
      for (const kb of sizes) {
        expect((await server.ask(`{ long(kb: ${kb}) }`)).from).toBe('loadline; hit')
      }
    }, patience)
    ended = 0
    for (let i = 0; i < 200; i += 1) {
      // What is stored, what is computed, and one after the other on a connection.
      const kb = sizes[i % 3]
      const kinds = [[`{ long(kb: ${kb}) }`], [`{ row long(kb: ${kb}) }`], Array(5).fill('{ row }')]
      await server.send(kinds[i % 4] ?? [`{ long(kb: ${kb}) row }`, '{ row }'])
    }
    await vi.waitFor(() => expect(ended).toBeGreaterThanOrEqual(200), patience)

    for (let i = 0; i < 5; i += 1) {
      expect(await server.ask('{ long(kb: 20) }')).toMatchObject({ from: 'loadline; hit' })
      expect(await server.ask('{ row }')).toMatchObject({ status: 200, data: { row: 1 } })
    }
  })
})

test.skipIf(!hasTestRedis())(
  'clients that send ahead and do not read have no more looked up than fits on the way to them',
  async () => {
    await using place = await openCachedPlace('redis')
    const app = await place.start({ schema, env: { CACHE_VERIFY_SHARE: '0' } })
    await using server = await openServer(app.handler)
    const long = '{ long(kb: 300) }'
    await vi.waitFor(async () => {
      expect((await server.ask(long)).from).toBe('loadline; hit')
    }, patience)
    const { counts: before } = await app.cache.store.describe()
    for (let i = 0; i < 20; i += 1) await server.send(Array(100).fill(long))
    // Somebody else is answered, from Redis, as if they were not there.
    for (let i = 0; i < 10; i += 1) expect((await server.ask(long)).from).toBe('loadline; hit')

    const { counts: after } = await app.cache.store.describe()
    expect(after.hits - before.hits).toBeLessThan(1_000)
  },
)

test('who has not taken an answer when its time is over is cut off, and nobody else', async () => {
  await using app = await startTestApp({ schema, env: { LOADLINE_LIMITS: 'readMs=500' } })
  await using server = await openServer(app.handler)
  const dripping = await server.send(['{ long(kb: 10000) }'])
  await server.send(['{ long(kb: 10000) }'])
  // Its answer was taken over at once, and is there when the client looks.
  const late = await server.send(['{ long(kb: 20) }'])
  const drip = setInterval(() => dripping.read(1), 10)
  await vi.waitFor(() => expect(server.isOpen()).toEqual([false, false, true]), patience)
  clearInterval(drip)

  expect(String(await once(late.resume(), 'data'))).toContain('HTTP/1.1 200')
})

test('answers that nobody takes are bounded: who was first to begin is cut off first', async () => {
  await using app = await startTestApp({ schema, env: { LOADLINE_LIMITS: 'unreadBytes=25000000' } })
  await using server = await openServer(app.handler)
  const unread = () => server.connections.map((one) => one.writableLength > 10_000_000)
  const send = async () => {
    const socket = await server.send(['{ long(kb: 10000) }'])
    await vi.waitFor(() => expect(unread().at(-1)).toBe(true), patience)
    return socket
  }
  await send()
  const read = await send()
  read.resume()
  await vi.waitFor(() => expect(unread()).toEqual([true, false]), patience)
  // What was taken does not count any more.
  await send()
  expect(server.isOpen()).toEqual([true, true, true])

  await send()
  await send()
  expect(server.isOpen()).toEqual([false, true, false, true, true])
})

test('who sends ahead without end while the first is computed is cut off', async () => {
  await using app = await startTestApp({ schema, env: { LOADLINE_LIMITS: 'pipelined=20' } })
  await using server = await openServer(app.handler)
  let open = () => {}
  gate = new Promise((resolve) => {
    open = resolve
  })
  const few = await server.send(['{ held }', ...Array(20).fill('{ row }')])
  await server.send(['{ held }', ...Array(21).fill('{ row }')])
  await vi.waitFor(() => expect(server.isOpen()).toEqual([true, false]), patience)
  open()
  let text = ''
  few
    .on('data', (chunk: Buffer) => {
      text += chunk
    })
    .resume()
  await vi.waitFor(() => expect(text.split('HTTP/1.1 200')).toHaveLength(22), patience)
})
