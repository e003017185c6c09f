import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { SqlDriverAdapterFactory } from '@prisma/driver-adapter-utils'
import type { Database } from './database.ts'

/** Where this package keeps its migrations. */
export const migrationsFolder = fileURLToPath(new URL('../../prisma/migrations', import.meta.url))

/**
 * The names of the migrations in `folder` that the database has not finished, oldest first; all of
 * them for an empty database. Costs two small statements.
 */
export async function findPendingMigrations(
  database: Database,
  folder = migrationsFolder,
): Promise<readonly string[]> {
  const applied = await findAppliedMigrations(database)
  return (await listMigrations(folder)).filter((name) => !applied.has(name))
}

/**
 * Applies what is pending, in this process, and gives the names of what it applied. It writes the
 * same `_prisma_migrations` as `prisma migrate deploy`, with the same engine, which is loaded only
 * when there is something to do. On PostgreSQL the database must have been opened with a pool of
 * one connection, because the engine's advisory lock belongs to a session.
 *
 * Rejects with the engine's message when a migration fails. An embedded database is then as it was
 * before the call, also when the process is killed in between; a PostgreSQL server remembers the
 * failed migration until it is resolved with `prisma migrate resolve`.
 */
export async function applyMigrations(
  database: Database,
  folder = migrationsFolder,
): Promise<readonly string[]> {
  const pending = await findPendingMigrations(database, folder)
  if (pending.length === 0) return []
  if (database.kind === 'postgresql') return runEngine(database.adapter, folder)
  return inOneTransaction(database, () => runEngine(withSavepoints(database), folder))
}

async function runEngine(adapter: SqlDriverAdapterFactory, folder: string) {
  const { createSchemaEngine } = await import('./schema-engine.ts')
  const engine = await createSchemaEngine(adapter)
  const { appliedMigrationNames } = await engine.applyMigrations({
    migrationsList: await readMigrations(folder),
    filters: { externalTables: [], externalEnums: [] },
  })
  return appliedMigrationNames
}

/** All statements of an embedded database share one session, so this spans the engine's. */
async function inOneTransaction<T>(database: Database, run: () => Promise<T>): Promise<T> {
  await execute(database, 'BEGIN')
  try {
    const result = await run()
    await execute(database, 'COMMIT')
    return result
  } catch (error) {
    await execute(database, 'ROLLBACK')
    throw error
  }
}

/** Lets the engine go on after a script that failed, so that it reports that script's error. */
function withSavepoints(database: Database): SqlDriverAdapterFactory {
  const { provider, adapterName } = database.adapter
  const connect = async () => {
    const adapter = await database.adapter.connect()
    const runScript = adapter.executeScript.bind(adapter)
    const executeScript = async (script: string) => {
      await execute(database, 'SAVEPOINT script')
      try {
        await runScript(script)
      } catch (error) {
        await execute(database, 'ROLLBACK TO SAVEPOINT script')
        throw error
      }
    }
    return Object.assign(adapter, { executeScript })
  }
  return { provider, adapterName, connect }
}

async function execute(database: Database, text: string): Promise<void> {
  await database.query({ name: '', text }, [])
}

/** The folder as the schema engine wants it. */
export async function readMigrations(folder: string) {
  const migrationDirectories = await Promise.all(
    (await listMigrations(folder)).map(async (path) => ({
      path,
      migrationFile: {
        path: 'migration.sql',
        content: {
          tag: 'ok' as const,
          value: await readFile(join(folder, path, 'migration.sql'), 'utf8'),
        },
      },
    })),
  )
  const lockfile = 'migration_lock.toml'
  return {
    baseDir: folder,
    lockfile: { path: lockfile, content: await readFile(join(folder, lockfile), 'utf8') },
    shadowDbInitScript: '',
    migrationDirectories,
  }
}

/**
 * A name for a new migration: `time`, or a later one where `folder` has a migration of a time to
 * come, since they are applied in the order of their names.
 */
export async function nameMigration(
  what: string,
  time: Date,
  folder = migrationsFolder,
): Promise<string> {
  const now = BigInt(time.toISOString().replace(/\D/g, '').slice(0, 14))
  const latest = BigInt((await listMigrations(folder)).at(-1)?.match(/^\d{14}/)?.[0] ?? 0)
  return `${now > latest ? now : latest + 1n}_${what}`
}

async function listMigrations(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
}

async function findAppliedMigrations(database: Database): Promise<ReadonlySet<unknown>> {
  const [found] = await database.query(findTable, [])
  if (found?.[0] !== true) return new Set()
  const rows = await database.query(listApplied, [])
  return new Set(rows.map(([name]) => name))
}

const findTable = {
  name: 'find_migrations_table',
  text: `SELECT to_regclass('_prisma_migrations') IS NOT NULL`,
}

const listApplied = {
  name: 'list_applied_migrations',
  text: `SELECT migration_name FROM _prisma_migrations
    WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`,
}
