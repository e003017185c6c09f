import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { applyMigrations } from '../../src/sql/migrations.ts'
import { openPglite } from '../../src/sql/pglite.ts'
import { openPostgresql } from '../../src/sql/postgresql.ts'
import { findPostgresql, startPrivatePostgresql } from './private-postgresql.ts'

/** Where a run's test files get their databases from; it travels from vitest to its workers. */
export type DatabaseSource =
  | {
      readonly kind: 'postgresql'
      readonly adminUrl: string
      /** A migrated database that others are copied from; also the prefix of their names. */
      readonly template: string
    }
  | { readonly kind: 'pglite'; readonly dumpFile: string }

export interface OpenSource extends AsyncDisposable {
  readonly source: DatabaseSource
  /** One line for the end of the run. */
  readonly description: string
}

/**
 * A migrated database to copy from: on the server that TEST_DATABASE_URL names, else on a private
 * server from installed programs, else in PGlite. LOADLINE_TEST_DATABASE=pglite forces the last.
 * DATABASE_URL is never looked at.
 */
export async function openDatabaseSource(env = process.env): Promise<OpenSource> {
  if (env.LOADLINE_TEST_DATABASE === 'pglite') return openPgliteSource('as asked for')
  if (env.TEST_DATABASE_URL) {
    return openPostgresqlSource(env.TEST_DATABASE_URL, 'the server of TEST_DATABASE_URL')
  }
  if (!findPostgresql()) return openPgliteSource('PostgreSQL is not installed')
  try {
    const server = await startPrivatePostgresql()
    const opened = await openPostgresqlSource(server.url(), 'a private server')
    return { ...opened, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
  } catch (error) {
    return openPgliteSource(`a private PostgreSQL did not start: ${String(error)}`)
  }
}

async function openPostgresqlSource(adminUrl: string, where: string): Promise<OpenSource> {
  const template = `loadline_test_${crypto.randomUUID().slice(0, 8)}`
  await runAsAdmin(adminUrl, `CREATE DATABASE ${template}`)
  const database = await openPostgresql({ url: withDatabase(adminUrl, template), poolSize: 1 })
  await applyMigrations(database)
  const version = await database.query({ name: 'version', text: 'SHOW server_version' }, [])
  await database[Symbol.asyncDispose]()
  return {
    source: { kind: 'postgresql', adminUrl, template },
    description: `PostgreSQL ${version[0]?.[0]}, ${where}`,
    [Symbol.asyncDispose]: async () => {
      const left = await runAsAdmin(
        adminUrl,
        `SELECT datname FROM pg_database WHERE starts_with(datname, '${template}')`,
      )
      for (const { datname } of left) await dropDatabase(adminUrl, datname)
    },
  }
}

async function openPgliteSource(why: string): Promise<OpenSource> {
  const folder = await mkdtemp(join(tmpdir(), 'loadline-pglite-'))
  const database = await openPglite({ dataDir: 'memory://' })
  await applyMigrations(database)
  const dumpFile = join(folder, 'migrated.tar')
  await writeFile(dumpFile, Buffer.from(await (await database.dump()).arrayBuffer()))
  await database[Symbol.asyncDispose]()
  return {
    source: { kind: 'pglite', dumpFile },
    description: `PGlite (${why})`,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}

export async function runAsAdmin(
  adminUrl: string,
  statement: string,
): Promise<readonly Record<string, string>[]> {
  const client = new pg.Client({ connectionString: adminUrl })
  await client.connect()
  try {
    return (await client.query(statement)).rows
  } finally {
    await client.end()
  }
}

export async function dropDatabase(adminUrl: string, name: string | undefined): Promise<void> {
  await runAsAdmin(adminUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
}

export function withDatabase(url: string, database: string): string {
  const changed = new URL(url)
  changed.pathname = `/${database}`
  return changed.href
}
