import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { findStaleTriggers } from '../capture/find-stale-triggers.ts'
import { readMigrations } from '../sql/migrations.ts'
import { openPglite } from '../sql/pglite.ts'
import { createSchemaEngine } from '../sql/schema-engine.ts'
import type { CaptureSources } from './write-capture.ts'

export interface DriftSources extends CaptureSources {
  /** The file of the Prisma schema, or the folder of its files. */
  readonly schema: string
}

export interface Drift {
  /** What a new migration would change, as Prisma describes it; null: nothing. */
  readonly tables: string | null
  /** Triggers that differ from those of the datamodel; not looked at while tables differ. */
  readonly triggers: readonly string[]
}

/**
 * In what the migrations, replayed on an empty embedded database, differ from what the Prisma schema
 * says, and from the triggers that it asks for. What only SQL can say (CHECKs, partial indexes) is no
 * difference.
 */
export async function findDrift(sources: DriftSources): Promise<Drift> {
  const { migrations, datamodel, options } = sources
  const files = await readSchema(sources.schema)
  await using database = await openPglite({ dataDir: 'memory://' })
  const engine = await createSchemaEngine(database.adapter, {
    datamodels: files.map(({ path, content }) => [path, content]),
    // The one database is empty, and the command reads nothing else of it.
    connectToShadowDb: () => database.adapter.connect(),
  })
  const { exitCode, stdout } = await engine.diff({
    from: { tag: 'migrations', ...(await readMigrations(migrations)) },
    to: { tag: 'schemaDatamodel', files },
    script: false,
    exitCode: true,
    filters: { externalTables: [], externalEnums: [] },
  })
  if (exitCode !== 0) return { tables: stdout ?? '', triggers: [] }
  // The comparison has replayed the migrations, and leaves the database as they made it.
  return { tables: null, triggers: await findStaleTriggers(database, datamodel, options) }
}

async function readSchema(path: string) {
  const isFolder = (await stat(path)).isDirectory()
  const names = isFolder ? await readdir(path, { recursive: true }) : []
  const paths = isFolder
    ? names.filter((name) => name.endsWith('.prisma')).map((name) => join(path, name))
    : [path]
  return Promise.all(
    paths.map(async (file) => ({ path: file, content: await readFile(file, 'utf8') })),
  )
}
