import { resolve } from 'node:path'
import { PGlite, type Transaction, types } from '@electric-sql/pglite'
import { PrismaPGlite } from 'pglite-prisma-adapter'
import type { EndedStatement } from '../observe/events.ts'
import { orAborted } from './cancellation.ts'
import type { Database, Queryable } from './database.ts'
import { DatabaseOpenError } from './database-open-error.ts'
import { decoders } from './decode-value.ts'
import { acquireLockFile } from './lock-file.ts'
import { extendAdapter } from './prisma-adapter.ts'

export interface PgliteOptions {
  /** A folder of its own, made when missing and locked while open, or `memory://`. */
  readonly dataDir: string
  /** What `dumpDataDir` of another PGlite gave: the contents that a new folder starts with. */
  readonly loadDataDir?: Blob | undefined
  /** Told of each statement that Prisma makes. */
  readonly onStatement?: ((ended: EndedStatement) => void) | undefined
}

export interface PgliteDatabase extends Database {
  /** A copy of all data as an archive, for `loadDataDir`. */
  dump(): Promise<Blob>
}

const memory = 'memory://'

/**
 * Opens PostgreSQL inside this process. It has one connection: statements and transactions wait for
 * each other, and a statement outside a transaction that is awaited inside it never comes to its
 * turn. A long statement blocks the event loop, and `statement_timeout` is ignored; an abort frees
 * the caller, not the database. Close it, or the process stays alive. Throws `DatabaseOpenError`.
 */
export async function openPglite(options: PgliteOptions): Promise<PgliteDatabase> {
  const { dataDir, loadDataDir } = options
  const isInMemory = dataDir.startsWith(memory)
  const folder = isInMemory ? dataDir : resolve(dataDir)
  // The lock is beside the folder, not in it: a new database wants its folder empty.
  const unlock = isInMemory ? async () => {} : await acquireLockFile(`${folder}.lock`, { folder })
  const client = await start(folder, loadDataDir).catch(async (error) => {
    await unlock()
    throw new DatabaseOpenError(
      `Cannot open the embedded database in ${folder}: ${String(error)}`,
      {
        cause: error,
      },
    )
  })

  const run = async (runner: PGlite | Transaction, text: string, values: readonly unknown[]) => {
    const { rows } = await runner.query<unknown[]>(text, [...values], { rowMode: 'array' })
    return rows
  }
  const query: Queryable['query'] = async ({ text }, values, { signal } = {}) => {
    signal?.throwIfAborted()
    const running = run(client, text, values)
    return signal ? orAborted(running, signal) : running
  }
  let closing: Promise<void> | undefined
  return {
    kind: 'pglite',
    description: isInMemory ? 'PGlite in memory' : `PGlite in ${folder}`,
    // Typed against an older, compatible release of Prisma's interfaces.
    adapter: extendAdapter<Transaction>(new PrismaPGlite(client), {
      query: (transaction, { text }, values) => run(transaction, text, values),
      runScript: (script) => client.exec(script),
      tell: options.onStatement,
    }),
    query,
    ping: async () => {
      await client.query('SELECT 1')
    },
    dump: () => client.dumpDataDir('none'),
    [Symbol.asyncDispose]: () => {
      closing ??= client.close().finally(unlock)
      return closing
    },
  }
}

async function start(folder: string, loadDataDir: Blob | undefined): Promise<PGlite> {
  const client = await PGlite.create(folder, loadDataDir ? { loadDataDir } : {})
  await client.exec(
    "SET TimeZone = 'UTC'; SET DateStyle = 'ISO'; SET IntervalStyle = 'postgres'; SET bytea_output = 'hex'",
  )
  // PGlite's own table differs from one start to the next: it has arrays of the enums that it finds,
  // but not of those that a migration adds later.
  for (const oid of Object.keys(client.parsers)) delete client.parsers[oid]
  Object.assign(client.parsers, parsers)
  return client
}

/** PGlite falls back to parsers of its own, so types that stay text must say so. */
const parsers = Object.fromEntries([
  ...Object.keys(types.parsers).map((oid) => [oid, keepText]),
  ...decoders,
])

function keepText(text: string): string {
  return text
}
