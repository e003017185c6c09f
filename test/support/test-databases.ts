import { openAsBlob } from 'node:fs'
import { inject } from 'vitest'
import type { Database } from '../../src/sql/database.ts'
import { openPglite } from '../../src/sql/pglite.ts'
import { openPostgresql, type PostgresqlOptions } from '../../src/sql/postgresql.ts'
import { type DatabaseSource, dropDatabase, runAsAdmin, withDatabase } from './database-source.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    databaseSource: DatabaseSource
    /** Whether what is recorded is renewed (`-u`), instead of held to. */
    isRecording: boolean
  }
}

/** What the run's databases are, for tests that hold on one of them only. */
export function testDatabaseKind(): Database['kind'] {
  return inject('databaseSource').kind
}

/**
 * A migrated, empty database that nobody else uses; disposing closes and removes it. On PGlite it
 * has one connection and the options of the pool do not apply.
 */
export async function openTestDatabase(
  options: Omit<PostgresqlOptions, 'url'> = {},
): Promise<Database> {
  const source = inject('databaseSource')
  if (source.kind === 'pglite') {
    return openPglite({ dataDir: 'memory://', loadDataDir: await openAsBlob(source.dumpFile) })
  }
  const created = await createTestDatabase(source)
  const database = await openPostgresql({ poolSize: 5, ...options, url: created.url })
  const close = database[Symbol.asyncDispose]
  return Object.assign(database, {
    [Symbol.asyncDispose]: async () => {
      await close()
      await created[Symbol.asyncDispose]()
    },
  })
}

/** A migrated, empty database on the run's PostgreSQL server, for tests that start processes. */
export async function createTestDatabase(
  source = inject('databaseSource'),
): Promise<{ readonly url: string } & AsyncDisposable> {
  if (source.kind !== 'postgresql') throw new Error('This run has no PostgreSQL server')
  const { adminUrl, template } = source
  const name = `${template}_${crypto.randomUUID().slice(0, 8)}`
  await runAsAdmin(adminUrl, `CREATE DATABASE ${name} TEMPLATE ${template}`)
  return {
    url: withDatabase(adminUrl, name),
    [Symbol.asyncDispose]: () => dropDatabase(adminUrl, name),
  }
}
