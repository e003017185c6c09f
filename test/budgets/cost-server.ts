import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, Socket } from 'node:net'
import { PerformanceObserver } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { createApp } from '../../src/app.ts'
import { createWriteAnnouncer } from '../../src/cache/announce-writes.ts'
import { createMemoryStore } from '../../src/cache/memory-store.ts'
import { parseConfig } from '../../src/config.ts'
import { serve } from '../../src/http/serve.ts'
import { createLogger } from '../../src/observe/logger.ts'
import { createObservation } from '../../src/observe/observation.ts'
import { domain } from '../../src/schema/domain.ts'
import { openPostgresql } from '../../src/sql/postgresql.ts'
import { type CountCode, countCode } from './count-code.ts'
import { answerByHand } from './reference.ts'

/** How the process is started, as the JSON of its one argument. */
export interface CostServerOptions {
  readonly databaseUrl: string
  readonly secret: string
  /** Whether it counts the code that it runs, for which it is to be started with `--no-opt`. */
  readonly countsCode: boolean
}

/** Where to ask: for computed answers, for kept ones, and for what all are compared with. */
export interface CostServerPorts {
  readonly computing: number
  readonly keeping: number
  readonly reference: number
}

/** What the process has used so far. */
export interface Usage {
  readonly cpuUs: number
  readonly heapBytes: number
  readonly collections: number
  /** Writes to sockets: to the database and to clients. */
  readonly writes: number
  /** Characters of code since the last time; 0 where they are not counted. */
  readonly code: number
}

/** The order that says to begin with a clean nursery. */
export const collect = 'collect'

/**
 * The process whose costs are measured: the app as it runs in production, twice, and the reference,
 * each with one connection to the database. Says its ports, then its usage whenever it is asked.
 */
async function serveCosts(options: CostServerOptions): Promise<void> {
  const { databaseUrl, secret, countsCode } = options
  const writes = countWrites()
  const collections = countCollections()
  const config = parseConfig({ AUTH_JWT_SECRET: secret, NODE_ENV: 'production', LOADLINE_LIMITS })
  const log = createLogger('info', { write() {} })
  const observation = createObservation({ log, settings: config.observe })
  await using database = await openPostgresql({ url: databaseUrl, poolSize: 1 })
  const generation = { database: 'one history', answers: 'one build' }
  await using store = createMemoryStore({ generation: () => generation, heartbeatMs: 3_600_000 })
  // As a drainer does when it finds nothing: from now on hits are served.
  await store.beat(await store.beat(null))
  await using announcer = createWriteAnnouncer({ store, database, log })
  const parts = { config, database, domain, log, observation }
  await using computing = createApp(parts)
  await using keeping = createApp({ ...parts, cache: { store, announcer } })
  const [first, second] = await Promise.all(
    [computing, keeping].map(({ handler }) => serve(handler, { port: 0, host: '127.0.0.1' })),
  )
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 1 })
  const reference = createServer(answerByHand(pool)).listen(0, '127.0.0.1')
  await once(reference, 'listening')

  const code: CountCode = countsCode ? await countCode() : async () => 0
  process.on('message', async (order) => {
    if (order === collect) globalThis.gc?.({ type: 'minor' })
    // Collections are told of a turn later.
    await pause(1)
    const { user, system } = process.cpuUsage()
    const used = { cpuUs: user + system, heapBytes: process.memoryUsage().heapUsed }
    const counted = { collections: collections(), writes: writes(), code: await code() }
    process.send?.({ ...used, ...counted } satisfies Usage)
  })
  process.send?.({
    computing: portOf(first?.origin),
    keeping: portOf(second?.origin),
    reference: (reference.address() as AddressInfo).port, // as it listens
  } satisfies CostServerPorts)
  await once(process, 'disconnect')
  reference.close().closeAllConnections()
  await Promise.all([pool.end(), first?.drain(), second?.drain()])
}

/** One viewer asks for all of it. */
const LOADLINE_LIMITS = 'rate=1000000000,executionsPerViewer=10,queueMs=30000,loopDelayMs=10000'

function countWrites(): () => number {
  const { _write, _writev } = Socket.prototype
  let count = 0
  Socket.prototype._write = function write(...rest) {
    count += 1
    _write.apply(this, rest)
  }
  Socket.prototype._writev = function writev(...rest) {
    count += 1
    _writev?.apply(this, rest)
  }
  return () => count
}

function countCollections(): () => number {
  let count = 0
  const observer = new PerformanceObserver((list) => {
    count += list.getEntries().length
  })
  observer.observe({ entryTypes: ['gc'] })
  return () => count
}

function portOf(origin = ''): number {
  return Number(new URL(origin).port)
}

if (process.argv[1] === import.meta.filename) {
  await serveCosts(JSON.parse(process.argv[2] ?? '{}') as CostServerOptions) // as `measureCosts` wrote it
}
