import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { createApp } from '../../src/app.ts'
import { createBudget } from '../../src/cache/budget.ts'
import { openCache } from '../../src/cache/open-cache.ts'
import { tellAnnouncements } from '../../src/cache/tell-announcements.ts'
import { parseConfig } from '../../src/config.ts'
import type { Deadline } from '../../src/guard/deadline.ts'
import type { GuardedRequest, RequestGuard } from '../../src/guard/guard-requests.ts'
import { createRateLimit } from '../../src/guard/rate-limit.ts'
import { createRedisRateLimit } from '../../src/guard/redis-rate-limit.ts'
import { serve } from '../../src/http/serve.ts'
import { silence } from '../../src/observe/events.ts'
import { createLogger } from '../../src/observe/logger.ts'
import { createObservation } from '../../src/observe/observation.ts'
import { domain } from '../../src/schema/domain.ts'
import type { Cancellation } from '../../src/sql/cancellation.ts'
import type { Queryable } from '../../src/sql/database.ts'
import { openPostgresql } from '../../src/sql/postgresql.ts'
import { benchSecret } from './bench-secret.ts'

export interface ServedOptions {
  /** The configuration, as the environment has it, with `DATABASE_URL`. */
  readonly env: Readonly<Record<string, string>>
  /** Whether answers are kept, in the process. Its drainer writes to the database. @default false */
  readonly isCaching?: boolean | undefined
  /** False tells nobody of anything: no metrics, no lines of requests. @default true */
  readonly isObserving?: boolean
  /** False lets every request through, at once. @default true */
  readonly isGuarding?: boolean
}

/** An app on a port, in a process of its own: what it costs is its own, and it has no other's heap. */
export interface ServedApp {
  readonly origin: string
  /** CPU that the process has used so far, in microseconds. */
  cpuUs(): Promise<number>
  close(): Promise<void>
}

/** Production, signed with `benchSecret`. */
export async function startServedApp(options: ServedOptions): Promise<ServedApp> {
  const child = fork(import.meta.filename, [JSON.stringify(options)], {
    execArgv: process.execArgv,
    stdio: 'inherit',
  })
  const origin = await hear<string>(child)
  return {
    origin,
    cpuUs: () => {
      child.send('cpu')
      return hear<number>(child)
    },
    close: async () => {
      child.disconnect()
      if (child.exitCode === null) await once(child, 'exit')
    },
  }
}

async function hear<T>(child: ChildProcess): Promise<T> {
  const heard = new AbortController()
  const ended = once(child, 'exit', { signal: heard.signal }).then(([code]) => {
    throw new Error(`The server ended with code ${code}`)
  })
  ended.catch(() => {})
  const [message] = await Promise.race([once(child, 'message', { signal: heard.signal }), ended])
  heard.abort()
  return message as T // what `serveApp` sends
}

async function serveApp(options: ServedOptions) {
  const { env, isCaching = false, isGuarding = true, isObserving = true } = options
  const config = parseConfig({ AUTH_JWT_SECRET: benchSecret, NODE_ENV: 'production', ...env })
  // Lines are written, to nowhere.
  const log = isObserving ? createLogger('info', { write() {} }) : createLogger('silent')
  const observation = isObserving ? createObservation({ log, settings: config.observe }) : null
  const events = observation?.events ?? silence
  await using database = await openPostgresql({
    url: env.DATABASE_URL ?? '',
    ...(observation ? { onConnectionTaken: events.connectionTaken } : {}),
  })
  const { limits, redisUrl } = config
  using rateLimit =
    redisUrl === null
      ? createRateLimit(limits.rate)
      : createRedisRateLimit({ rows: limits.rate, url: redisUrl, namespace: 'bench', log })
  const settings = { ...config.cache, redisUrl }
  await using cache = isCaching
    ? openCache({
        ...{ settings, answers: 'bench', database, log },
        wrapStore: (store) => tellAnnouncements(store, events),
      })
    : null
  await cache?.started
  const guard = isGuarding ? {} : { guard: createNoGuard(database) }
  await using app = createApp({
    ...{ config, database, domain, log, cache, rateLimit, ...guard },
    ...(observation ? { observation } : {}),
  })
  const server = await serve(app.handler, { port: 0, host: '127.0.0.1' })
  process.on('message', () => {
    const { user, system } = process.cpuUsage()
    process.send?.(user + system)
  })
  process.send?.(server.origin)
  await once(process, 'disconnect')
  await server.drain()
}

function createNoGuard(database: Queryable): RequestGuard {
  const rate = { rows: 1, windowMs: 1 }
  return { rate, open: async (_viewer, hangUp) => new UnguardedRequest(hangUp, database) }
}

const unlimited = { isAllowed: true, remaining: 1, resetMs: 0, retryMs: 0 }
const dispose = () => {}
const stay = () => dispose

/** As little as there can be: what it took would count as if guards were cheaper. */
class UnguardedRequest implements GuardedRequest {
  readonly allowance = unlimited
  readonly deadline: Deadline
  readonly database: Queryable
  readonly budget = createBudget()
  readonly refusal = null
  readonly isTooMuch = false

  constructor(hangUp: Cancellation, database: Queryable) {
    this.deadline = { signal: hangUp, hold: stay, [Symbol.dispose]: dispose }
    this.database = database
  }

  expectTurn(): void {}

  async admit() {
    return dispose
  }

  [Symbol.dispose](): void {}
}

if (process.argv[1] === import.meta.filename) {
  await serveApp(JSON.parse(process.argv[2] ?? '{}') as ServedOptions) // as `startServedApp` wrote it
}
