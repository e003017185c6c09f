import { join } from 'node:path'
import type { Database } from './database.ts'
import { openPglite } from './pglite.ts'
import { openPostgresql } from './postgresql.ts'

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
export function openDatabase(settings: DatabaseSettings, dataDirectory: string): Promise<Database> {
  const { url, preparedStatements: usePreparedNames, ...pool } = settings
  if (url === null) return openPglite({ dataDir: join(dataDirectory, 'database') })
  return openPostgresql({ url, usePreparedNames, ...pool })
}
