import { findFreePort } from '../../support/private-server.ts'
import { type StartedProcess, startProcess } from '../../support/start-process.ts'
import { until } from './clock.ts'
import type { Proxies } from './proxies.ts'
import type { TcpProxy } from './tcp-proxy.ts'

/** One process of the product, with something breakable between it and each of its servers. */
export interface Server extends AsyncDisposable {
  readonly number: number
  readonly origin: string
  readonly toDatabase: TcpProxy
  /** Null: it was given none. */
  readonly toRedis: TcpProxy | null
  /** Not while it is killed or stopped: nobody asks it then. */
  isUp: boolean
  readonly output: { readonly stdout: string; readonly stderr: string }
  kill(): Promise<void>
  stop(): void
  goOn(): void
  start(): Promise<void>
}

export interface ServerOptions {
  readonly number: number
  /** A script of this package that listens on PORT. @default src/main.ts */
  readonly script?: string
  readonly proxies: Proxies
  readonly databaseUrl: string
  readonly redisUrl: string | null
  readonly secret: string
  readonly dataDirectory: string
  readonly env?: Readonly<Record<string, string>>
  /** How far its clock is ahead. @default 0 */
  readonly aheadMs?: number
}

export async function openServer(options: ServerOptions): Promise<Server> {
  const { number, script = 'src/main.ts', databaseUrl, redisUrl, proxies, aheadMs = 0 } = options
  const toDatabase = await proxies.open(Number(new URL(databaseUrl).port))
  const toRedis = redisUrl === null ? null : await proxies.open(Number(new URL(redisUrl).port))
  const port = await findFreePort()
  const env = {
    PORT: String(port),
    LOADLINE_DATA_DIR: options.dataDirectory,
    AUTH_JWT_SECRET: options.secret,
    DATABASE_URL: through(databaseUrl, toDatabase),
    DATABASE_POOL_SIZE: '8',
    // Slow machines are slow, not broken.
    DATABASE_CONNECT_TIMEOUT_MS: '20000',
    DATABASE_STATEMENT_TIMEOUT_MS: '20000',
    // The small world has no large counts.
    CACHE_FIGURES_FROM: '1',
    ...(redisUrl !== null && toRedis && { REDIS_URL: through(redisUrl, toRedis) }),
    ...(aheadMs !== 0 && {
      NODE_OPTIONS: `--import ${new URL('ahead.mjs', import.meta.url)}`,
      CHECKER_AHEAD_MS: String(aheadMs),
    }),
    ...options.env,
  }
  let running: StartedProcess | null = null

  async function start() {
    const started = startProcess(script, { env })
    running = started
    // Whoever ends the checker ends what it started.
    const kill = () => started.kill('SIGKILL')
    process.once('exit', kill)
    let hasEnded = false
    void started.exited.then(() => {
      hasEnded = true
      process.off('exit', kill)
    })
    await until(
      `server ${number} answers`,
      async () => {
        if (hasEnded) throw new Error(`Server ${number} ended: ${started.output.stderr}`)
        return isAnswering(`http://127.0.0.1:${port}`)
      },
      240_000,
    )
    server.isUp = true
  }

  const server: Server = {
    ...{ number, origin: `http://127.0.0.1:${port}`, toDatabase, toRedis, isUp: false, start },
    get output() {
      return running?.output ?? { stdout: '', stderr: '' }
    },
    async kill() {
      server.isUp = false
      await running?.[Symbol.asyncDispose]()
    },
    stop() {
      server.isUp = false
      running?.kill('SIGSTOP')
    },
    goOn() {
      running?.kill('SIGCONT')
      server.isUp = true
    },
    async [Symbol.asyncDispose]() {
      server.isUp = false
      await running?.[Symbol.asyncDispose]()
      await toDatabase[Symbol.asyncDispose]()
      await toRedis?.[Symbol.asyncDispose]()
    },
  }
  try {
    await start()
    return server
  } catch (error) {
    await server[Symbol.asyncDispose]()
    throw error
  }
}

export function through(url: string, { port }: TcpProxy): string {
  const changed = new URL(url)
  changed.port = String(port)
  return changed.href
}

async function isAnswering(origin: string): Promise<boolean> {
  try {
    const headers = { 'graphql-require-preflight': '1' }
    return (await fetch(`${origin}/graphql?query={__typename}`, { headers })).ok
  } catch {
    return false
  }
}
