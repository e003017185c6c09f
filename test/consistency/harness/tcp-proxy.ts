import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { sleep } from './clock.ts'

/** What stands between one process and one server, and can be broken. */
export interface TcpProxy extends AsyncDisposable {
  readonly port: number
  /** Drops all connections, and takes none until `mend`. */
  cut(): void
  /** Connections stay open, and nothing gets through until `mend`. */
  stall(): void
  /** Everything that the server says comes later by so much. */
  delay(ms: number): void
  mend(): void
  /** Drops all connections; the next ones lead to another port. */
  lead(targetPort: number): void
}

export async function openTcpProxy(firstPort: number): Promise<TcpProxy> {
  let targetPort = firstPort
  let state: 'open' | 'cut' | 'stalled' = 'open'
  let delayMs = 0
  let opened = Promise.resolve()
  let open = () => {}
  const sockets = new Set<Socket>()

  const server = createServer((client) => {
    if (state === 'cut') return client.destroy()
    const upstream = connect(targetPort, '127.0.0.1')
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('error', () => {}) // Its end is told by `close`.
    }
    void pass(client, upstream, () => 0)
    void pass(upstream, client, () => delayMs)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('No TCP port was given')

  async function pass(from: Socket, to: Socket, lateMs: () => number) {
    try {
      for await (const chunk of from) {
        if (lateMs() > 0) await sleep(lateMs())
        if (state === 'stalled') await opened
        if (to.destroyed) break
        to.write(chunk)
      }
    } catch {
      // A connection that broke: the other half is closed below.
    }
    from.destroy()
    to.destroy()
    sockets.delete(from)
  }

  return {
    port: address.port,
    cut() {
      open()
      state = 'cut'
      for (const socket of sockets) socket.destroy()
    },
    stall() {
      if (state === 'stalled') return
      state = 'stalled'
      opened = new Promise((resolve) => {
        open = resolve
      })
    },
    delay(ms) {
      delayMs = ms
    },
    mend() {
      state = 'open'
      delayMs = 0
      open()
    },
    lead(port) {
      targetPort = port
      for (const socket of sockets) socket.destroy()
    },
    [Symbol.asyncDispose]: async () => {
      open()
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}
