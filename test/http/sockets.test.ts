import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { connect } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { assertPortIsFree, type HttpServer, ListenError, serve } from '../../src/http/serve.ts'
import { startTestApp, type TestApp, type TestAppOptions } from '../support/start-test-app.ts'
import { createSmallSchema } from './small-schema.ts'

const limit = 256 * 1_024

describe('a body', () => {
  test('of exactly 256 KB is read', async () => {
    await using server = await listen()

    expect((await server.post(bodyOf(limit))).status).toBe(200)
  })

  test('of 257 KB is refused as soon as its length is told', async () => {
    await using server = await listen()
    const socket = connect(server.port, '127.0.0.1')
    socket.write(head(`content-length: ${257 * 1_024}`))
    const [chunk] = await once(socket, 'data')
    socket.destroy()

    expect(String(chunk)).toMatch(/^HTTP\/1.1 413 /)
    expect(String(chunk)).toContain('"code":"PAYLOAD_TOO_LARGE"')
  })

  test.for([
    ['257 KB', 257 * 1_024],
    ['20 MB', 20 * 1_024 * 1_024],
  ] as const)('of %s is refused, and the client that sends it all reads why', async ([, bytes]) => {
    await using server = await listen()

    const { status, text } = await server.post(bodyOf(bytes))

    expect(status).toBe(413)
    expect(JSON.parse(text).errors[0].extensions.code).toBe('PAYLOAD_TOO_LARGE')
  })

  test('in chunks is refused once they add up', async () => {
    await using server = await listen()
    const socket = connect(server.port, '127.0.0.1')
    socket.write(head('transfer-encoding: chunked'))
    const chunk = 'x'.repeat(64 * 1_024)
    for (let sent = 0; sent < 5; sent += 1)
      socket.write(`${(64 * 1_024).toString(16)}\r\n${chunk}\r\n`)
    const [answer] = await once(socket, 'data')
    socket.destroy()

    expect(String(answer)).toMatch(/^HTTP\/1.1 413 /)
  })

  test('that is refused for its type leaves the connection to the next request', async () => {
    await using server = await listen()
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const refused = await server.post('x', { agent, headers: { 'content-type': 'text/plain' } })
    const next = await server.post('{"query":"{ hello }"}', { agent })
    agent.destroy()

    expect([refused.status, next.status]).toEqual([415, 200])
    expect(next.localPort).toBe(refused.localPort)
  })
})

test('a client that hangs up aborts what runs for it, and nothing is logged as an error', async () => {
  await using server = await listen()
  const headers = { 'graphql-require-preflight': '1' }
  const calling = request({ port: server.port, path: '/graphql?query={untilHungUp}', headers })
  calling.on('error', () => {})
  calling.end()
  await waitFor(async () => server.inFlight() === 1)
  calling.destroy()

  await waitFor(async () => (await server.app.query('{ count }')).data.count === 1)
  expect(server.app.logged.filter(({ level }) => level >= 40)).toEqual([])
  expect(server.app.logged.find(({ status }) => status === 499)).toBeDefined()
})

describe('draining', () => {
  test('lets a request in flight finish, tells its client to go, and takes no other', async () => {
    let release = () => {}
    const gate = new Promise<void>((resolve) => {
      release = resolve
    })
    await using server = await listen({ plugins: [holdUntil(gate)] })
    const answering = server.post('{"query":"{ hello }"}')
    await waitFor(async () => server.inFlight() === 1)

    const drained = server.drain()
    await expect(server.post('{"query":"{ hello }"}')).rejects.toThrow('ECONNREFUSED')
    release()
    const { status, headers } = await answering
    await drained

    expect([status, headers.connection]).toEqual([200, 'close'])
  })

  test('answers a request that comes on a connection kept alive', async () => {
    await using server = await listen()
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const first = await server.post('{"query":"{ hello }"}', { agent })
    const drained = server.drain()
    const second = await server.post('{"query":"{ hello }"}', { agent })
    await drained

    expect([first.headers.connection, second.status, second.headers.connection]).toEqual([
      'keep-alive',
      200,
      'close',
    ])
  })

  test('does not wait for idle connections, and may be asked for twice', async () => {
    await using server = await listen()
    const agent = new Agent({ keepAlive: true })
    await server.post('{"query":"{ hello }"}', { agent })
    const start = performance.now()
    await Promise.all([server.drain(), server.drain()])

    // For requests in flight it would wait 10 s.
    expect(performance.now() - start).toBeLessThan(9_000)
    await server.drain()
  })

  test('gives up on a request that does not end in time', async () => {
    await using server = await listen({ plugins: [holdUntil(new Promise(() => {}))] }, 200)
    const answering = server.post('{"query":"{ hello }"}')
    answering.catch(() => {})
    await waitFor(async () => server.inFlight() === 1)
    await server.drain()

    await expect(answering).rejects.toThrow()
  })
})

test('a port that is taken is told in one line that says what to do', async () => {
  await using server = await listen()
  const taken = { port: server.port, host: '127.0.0.1' }

  for (const attempt of [assertPortIsFree(taken), serve(() => {}, taken)]) {
    await expect(attempt).rejects.toThrow(
      new ListenError(
        `Port ${taken.port} on 127.0.0.1 is taken. Stop what uses it, or set PORT to another, like PORT=${taken.port + 1}.`,
      ),
    )
  }
})

interface Sent {
  readonly status: number | undefined
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
  readonly localPort: number | undefined
}

interface Listening extends AsyncDisposable {
  readonly app: TestApp
  readonly port: number
  /** Operations that have begun and not ended. */
  inFlight(): number
  drain(): Promise<void>
  post(body: string, options?: { agent?: Agent; headers?: Record<string, string> }): Promise<Sent>
}

async function listen(options: TestAppOptions = {}, drainTimeoutMs = 10_000): Promise<Listening> {
  let inFlight = 0
  const counter = {
    onExecute: () => {
      inFlight += 1
      return {
        onExecuteDone: () => {
          inFlight -= 1
        },
      }
    },
  }
  const app = await startTestApp({
    schema: createSmallSchema(),
    ...options,
    plugins: [counter, ...(options.plugins ?? [])],
  })
  const server: HttpServer = await serve(app.handler, {
    port: 0,
    host: '127.0.0.1',
    drainTimeoutMs,
  })
  const port = Number(new URL(server.origin).port)
  const drain = () => {
    app.app.startDraining()
    return server.drain()
  }
  return {
    app,
    port,
    drain,
    inFlight: () => inFlight,
    post: (body, { agent, headers } = {}) => send({ port, body, agent, headers }),
    async [Symbol.asyncDispose]() {
      await drain()
      await app[Symbol.asyncDispose]()
    },
  }
}

function send(options: {
  readonly port: number
  readonly body: string
  readonly agent: Agent | undefined
  readonly headers: Record<string, string> | undefined
}): Promise<Sent> {
  const { port, body, agent, headers } = options
  return new Promise((resolve, reject) => {
    const sending = request({
      port,
      agent: agent ?? false,
      path: '/graphql',
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        ...headers,
      },
    })
    sending.on('error', reject)
    sending.on('response', async (response) => {
      let text = ''
      for await (const chunk of response) text += chunk
      const { statusCode: status } = response
      resolve({ status, headers: response.headers, text, localPort: sending.socket?.localPort })
    })
    sending.end(body)
  })
}

/** Keeps every operation from running until the promise is kept. */
function holdUntil(promise: Promise<void>) {
  return { onExecute: () => promise.then(() => undefined) }
}

function bodyOf(bytes: number): string {
  return JSON.stringify({ query: '{ hello }' }).padEnd(bytes, ' ')
}

function head(header: string): string {
  return `POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n${header}\r\n\r\n`
}

async function waitFor(isTrue: () => Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await setImmediate()
}
