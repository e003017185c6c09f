import { createServer, type RequestListener } from 'node:http'
import { Server as NetServer, type Socket } from 'node:net'
import { setImmediate as afterReading, setTimeout as pause } from 'node:timers/promises'

export interface ServeOptions {
  /** 0 takes any free port. */
  readonly port: number
  readonly host: string
  /** How long `drain` waits for requests in flight. @default 10_000 */
  readonly drainTimeoutMs?: number
}

export interface HttpServer {
  /** Where it listens, as a browser would open it. */
  readonly origin: string
  /**
   * Stops taking connections, lets requests in flight finish within the time, then closes what is
   * left. The listener should send `Connection: close` from now on. Idempotent.
   */
  drain(): Promise<void>
}

/** The port cannot be listened on; the message is one line that says what to do. */
export class ListenError extends Error {
  override readonly name = 'ListenError'
}

/**
 * Serves on a port.
 *
 * @throws ListenError when the port is taken or may not be used
 */
export async function serve(
  listener: RequestListener,
  { port, host, drainTimeoutMs = 10_000 }: ServeOptions,
): Promise<HttpServer> {
  const server = createServer(
    {
      // Longer than a load balancer keeps its side idle (60 s), so that it is never us who hang up.
      keepAliveTimeout: 65_000,
      headersTimeout: 10_000,
      requestTimeout: 30_000,
    },
    listener,
  )
  const connections = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    connections.add(socket)
    socket.on('close', () => connections.delete(socket))
  })
  await listen(server, { port, host })

  let draining: Promise<void> | undefined
  return {
    origin: originOf(server.address(), host),
    drain() {
      draining ??= drain()
      return draining
    },
  }

  async function drain(): Promise<void> {
    // Not `server.close()` of HTTP: that drops idle connections at once, and with them a request
    // that is already on its way.
    const closed = new Promise((resolve) => NetServer.prototype.close.call(server, resolve))
    const timeout = new AbortController()
    await Promise.race([
      closed,
      closeIdle(timeout.signal),
      pause(drainTimeoutMs, undefined, { signal: timeout.signal }).catch(() => {}),
    ])
    timeout.abort()
    server.closeAllConnections()
    await closed
  }

  /** Idle connections get a moment to bring what they had sent; each answer closes its own. */
  async function closeIdle(signal: AbortSignal): Promise<void> {
    while (connections.size > 0 && !signal.aborted) {
      await pause(idleGraceMs)
      // A timer that is late fires before what has arrived meanwhile is read.
      await afterReading()
      server.closeIdleConnections()
    }
  }
}

const idleGraceMs = 300

/** Finds out early whether `serve` would fail. Throws `ListenError`. */
export async function assertPortIsFree(
  options: Pick<ServeOptions, 'port' | 'host'>,
): Promise<void> {
  if (options.port === 0) return
  const probe = new NetServer()
  await listen(probe, options)
  await new Promise((resolve) => probe.close(resolve))
}

function listen(server: NetServer, options: Pick<ServeOptions, 'port' | 'host'>): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => reject(explainListenError(cause, options)))
    server.listen(options.port, options.host, resolve)
  })
}

function originOf(address: ReturnType<NetServer['address']>, host: string): string {
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const isEverywhere = host === '0.0.0.0' || host === '::'
  const name = isEverywhere ? 'localhost' : host.includes(':') ? `[${host}]` : host
  return `http://${name}:${port}`
}

function explainListenError(
  cause: NodeJS.ErrnoException,
  { port, host }: { readonly port: number; readonly host: string },
): ListenError {
  const options = { cause }
  switch (cause.code) {
    case 'EADDRINUSE':
      return new ListenError(
        `Port ${port} on ${host} is taken. Stop what uses it, or set PORT to another, like PORT=${port + 1}.`,
        options,
      )
    case 'EACCES':
      return new ListenError(`Port ${port} may not be used. Set PORT to one above 1023.`, options)
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new ListenError(`${host} is not an address of this machine. Set HOST to one.`, options)
    default:
      return new ListenError(`Cannot listen on ${host}:${port}: ${cause.message}`, options)
  }
}
