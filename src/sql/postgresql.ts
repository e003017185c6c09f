import { PrismaPg } from '@prisma/adapter-pg'
import pg, { type PoolClient } from 'pg'
import type { EndedStatement } from '../observe/events.ts'
import { connectFirst } from './connect-first.ts'
import type { Database, Statement } from './database.ts'
import { createReadGroups } from './group-reads.ts'
import { extendAdapter } from './prisma-adapter.ts'
import { readRowsAtOnce } from './row-parser.ts'
import { runOnPool } from './run-on-pool.ts'
import { runRead } from './run-reads.ts'
import { schemaOf, toSessionUrl } from './session-url.ts'
import { createStatementNames } from './statement-names.ts'
import { createTurnReads } from './turn-reads.ts'
import { wireValues } from './wire-value.ts'

export interface PostgresqlOptions {
  /** `postgresql://user:password@host:port/database`; Prisma's `?schema=` is understood. */
  readonly url: string
  /**
   * Connections that this process may hold: `min(20, connections / processes - 2)`.
   * @default 20 (PostgreSQL's 100 connections, shared by four processes)
   */
  readonly poolSize?: number | undefined
  /**
   * How long an attempt to connect, or the wait for a free connection, may take.
   * @default 5_000
   */
  readonly connectTimeoutMs?: number | undefined
  /**
   * How long the first connection is tried again, with growing pauses.
   * @default 15_000 (a server that starts beside us needs a few seconds)
   */
  readonly startTimeoutMs?: number | undefined
  /**
   * How long an unused connection stays open.
   * @default 30_000
   */
  readonly idleTimeoutMs?: number | undefined
  /**
   * When the server ends a statement. 0 leaves the server's own setting, and is needed behind a
   * PgBouncer that does not list `statement_timeout` under `ignore_startup_parameters`.
   * @default 10_000
   */
  readonly statementTimeoutMs?: number | undefined
  /**
   * Keep statements prepared on each connection. Off behind a pooler that cannot keep them.
   * @default true
   */
  readonly usePreparedNames?: boolean | undefined
  /**
   * What `pg_stat_activity` shows.
   * @default 'loadline'
   */
  readonly applicationName?: string | undefined
  /**
   * Whether captured writes wake drainers, which lets commits wait for each other: false where each
   * write is announced by who made it.
   * @default true
   */
  readonly wakesDrainers?: boolean | undefined
  /** How transactions begin that say nothing of it. @default as the server or the database has it */
  readonly isolation?: 'read committed' | undefined
  /** Told of each statement that Prisma makes. */
  readonly onStatement?: ((ended: EndedStatement) => void) | undefined
  /** Told of each statement outside transactions how long it waited for a connection, in ms. */
  readonly onConnectionTaken?: ((waitedMs: number) => void) | undefined
}

/**
 * Statements that the connections keep prepared. Later ones run unnamed: a connection never forgets
 * a name, so without a bound its memory would grow with every shape ever asked for.
 */
const maxPreparedNames = 1_000

/**
 * Opens a pool on a PostgreSQL server, shared by our statements and by Prisma.
 *
 * Only the first connection is tried again; later failures are the caller's. Throws
 * `DatabaseOpenError`. A statement whose signal aborts rejects at once with the signal's reason and
 * is cancelled on the server; a connection that died is not used again.
 */
export async function openPostgresql(options: PostgresqlOptions): Promise<Database> {
  const { usePreparedNames = true, startTimeoutMs = 15_000, onConnectionTaken: onTaken } = options
  const url = new URL(options.url)
  const description = describe(url)
  const schema = schemaOf(url)
  const pool = new pg.Pool({ ...toPoolConfig(options), Client: RowClient })
  // An idle connection that breaks is dropped by the pool; unheard, its error ends the process.
  pool.on('error', () => {})
  await connectFirst(pool, { description, timeoutMs: startTimeoutMs })

  const runGrouped = createReadGroups(pool, onTaken)
  const runInTurn = createTurnReads(pool, onTaken)
  const names = new Map<string, string>()
  const ready = (statement: Statement): Statement =>
    usePreparedNames && keepName(names, statement) ? statement : { ...statement, name: '' }
  const prismaNames = createStatementNames()
  const prisma = new PrismaPg(pool, {
    ...(schema ? { schema } : {}),
    ...(usePreparedNames ? { statementNameGenerator: ({ sql }) => prismaNames.nameOf(sql) } : {}),
  })
  const adapter = extendAdapter<PoolClient>(prisma, {
    query: (client, statement, values) => runRead(client, ready(statement), values),
    runScript: (script) => pool.query(script),
    tell: options.onStatement,
    onFailure: prismaNames.noteFailure,
  })
  let closing: Promise<void> | undefined
  return {
    kind: 'postgresql',
    description,
    adapter,
    query: async (statement, values, { signal } = {}) => {
      const read = { statement: ready(statement), values: wireValues(values) }
      if (statement.isQuick) return runGrouped(read, signal)
      return signal ? runInTurn(read, signal) : runOnPool(pool, read, { onTaken })
    },
    waitingStatements: () => pool.waitingCount,
    connections: () => ({
      max: pool.options.max,
      open: pool.totalCount,
      inUse: pool.totalCount - pool.idleCount,
      waiting: pool.waitingCount,
    }),
    ping: async () => {
      await pool.query('SELECT 1')
    },
    [Symbol.asyncDispose]: () => {
      closing ??= pool.end()
      return closing
    },
  }
}

class RowClient extends pg.Client {
  constructor(config?: pg.ClientConfig) {
    super(config)
    // pg has it, and does not declare it.
    readRowsAtOnce((this as unknown as { readonly connection: pg.Connection }).connection)
  }
}

function toPoolConfig(options: PostgresqlOptions) {
  const { statementTimeoutMs = 10_000, wakesDrainers = true, isolation } = options
  return {
    connectionString: toSessionUrl(options.url, {
      statementTimeoutMs,
      settings: {
        ...(wakesDrainers ? {} : { 'loadline.notify': 'off' }),
        ...(isolation ? { default_transaction_isolation: isolation } : {}),
      },
    }),
    max: options.poolSize ?? 20,
    connectionTimeoutMillis: options.connectTimeoutMs ?? 5_000,
    idleTimeoutMillis: options.idleTimeoutMs ?? 30_000,
    application_name: options.applicationName ?? 'loadline',
    keepAlive: true,
  }
}

function describe(url: URL): string {
  const user = url.username ? `${url.username}@` : ''
  return `postgresql://${user}${url.host || 'localhost'}${url.pathname}`
}

function keepName(names: Map<string, string>, { name, text }: Statement): boolean {
  const known = names.get(name)
  if (known !== undefined && name !== '' && known !== text) {
    throw new Error(`There are two statements ${name}`)
  }
  if (known !== undefined) return true
  if (names.size >= maxPreparedNames) return false
  names.set(name, text)
  return true
}
