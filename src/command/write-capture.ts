import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findStaleTriggers } from '../capture/find-stale-triggers.ts'
import { generateTriggers, type TriggerOptions } from '../capture/generate-triggers.ts'
import type { Datamodel } from '../sql/datamodel.ts'
import { applyMigrations, nameMigration } from '../sql/migrations.ts'
import { openPglite } from '../sql/pglite.ts'

export interface CaptureSources {
  readonly datamodel: Datamodel
  /** The folder of the migrations. */
  readonly migrations: string
  readonly options?: TriggerOptions
}

/** A migration that was written. */
export interface WrittenCapture {
  readonly folder: string
  /** Triggers and functions that the migrations before did not make so. */
  readonly stale: readonly string[]
}

/**
 * Writes a migration with the triggers that capture writes, when those of the migrations so far are
 * not what the datamodel asks for; null when they are. To be run after a migration that changes a
 * table.
 */
export async function writeCapture(sources: CaptureSources): Promise<WrittenCapture | null> {
  const { datamodel, migrations, options } = sources
  await using database = await openPglite({ dataDir: 'memory://' })
  await applyMigrations(database, migrations)
  const stale = await findStaleTriggers(database, datamodel, options)
  if (stale.length === 0) return null
  const folder = join(migrations, await nameMigration('capture_writes', new Date(), migrations))
  await mkdir(folder)
  await writeFile(join(folder, 'migration.sql'), generateTriggers(datamodel, options))
  return { folder, stale }
}
