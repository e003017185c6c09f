import type { SeedSize } from '../../prisma/seed/seed-size.ts'
import { seedDatabase } from '../../prisma/seed.ts'
import type { Database, RawRow } from '../../src/sql/database.ts'
import { migrationsFolder, readMigrations } from '../../src/sql/migrations.ts'
import { openPglite } from '../../src/sql/pglite.ts'
import { openTestDatabase } from '../support/test-databases.ts'

export async function openSeeded(size: SeedSize, seed: number): Promise<Database> {
  const database = await openTestDatabase()
  await seedDatabase(database, { size, seed })
  return database
}

/** An empty embedded database with the domain's tables, whatever the run's databases are. */
export async function openEmptyPglite(): Promise<Database> {
  const database = await openPglite({ dataDir: 'memory://' })
  const { migrationDirectories } = await readMigrations(migrationsFolder)
  const adapter = await database.adapter.connect()
  for (const { migrationFile } of migrationDirectories) {
    await adapter.executeScript(migrationFile.content.value)
  }
  return database
}

export async function readRows(database: Database, text: string): Promise<readonly RawRow[]> {
  return database.query({ name: '', text }, [])
}

/** The number that a statement with a single value gives. */
export async function readNumber(database: Database, text: string): Promise<number> {
  return Number((await readRows(database, text))[0]?.[0])
}

/** Table by table, a digest of all that the rows hold. */
export async function readDigests(database: Database): Promise<ReadonlyMap<string, unknown>> {
  const digests = new Map<string, unknown>()
  for (const table of await listTables(database)) {
    const text = `SELECT md5(string_agg(md5(t::text), '' ORDER BY id)) FROM "${table}" t`
    const [row] = await readRows(database, text)
    digests.set(table, row?.[0])
  }
  return digests
}

/** The domain's tables that a seed fills. */
export async function listTables(database: Database): Promise<readonly string[]> {
  const rows = await readRows(
    database,
    `SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public'
      AND table_name NOT IN ('_prisma_migrations', 'IdempotencyKey') ORDER BY 1`,
  )
  return rows.map(([name]) => String(name))
}
