import { join } from 'node:path'
import type { Database } from './database.ts'
import { openPglite } from './pglite.ts'
import { openPostgresql, type PostgresqlOptions } from './postgresql.ts'

export interface DatabaseSettings {
  /** Null: the embedded database. */
  readonly url: string | null
  readonly poolSize: number
  readonly connectTimeoutMs: number
  readonly idleTimeoutMs: number
  readonly statementTimeoutMs: number
  readonly preparedStatements: boolean
}

/** The database of a configuration. Throws `DatabaseOpenError`. */
export function openDatabase(
  settings: DatabaseSettings,
  dataDirectory: string,
  told: Pick<PostgresqlOptions, 'onConnectionTaken' | 'onStatement'> = {},
): Promise<Database> {
  const { url, preparedStatements: usePreparedNames, ...pool } = settings
  if (url === null) return openPglite({ dataDir: join(dataDirectory, 'database'), ...told })
  return openPostgresql({
    ...{ url, usePreparedNames, ...pool, ...told },
    // Mutations announce what they write; anything else that is written here, a poll finds.
    wakesDrainers: false,
    // What they are about is locked before they look.
    isolation: 'read committed',
  })
}

/**
 * One more connection to the database of a configuration, which no request can keep busy. Null for
 * the embedded database, which has but one. Throws `DatabaseOpenError`.
 */
export async function openOwnConnection(settings: DatabaseSettings): Promise<Database | null> {
  const { url, connectTimeoutMs, preparedStatements: usePreparedNames } = settings
  if (url === null) return null
  return openPostgresql({ url, poolSize: 1, usePreparedNames, connectTimeoutMs })
}
