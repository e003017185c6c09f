import { mkdir, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { captureOptions } from '../prisma/capture-options.ts'
import { findStaleTriggers } from '../src/capture/find-stale-triggers.ts'
import { generateTriggers } from '../src/capture/generate-triggers.ts'
import { datamodel } from '../src/generated/datamodel.ts'
import { applyMigrations, migrationsFolder, nameMigration } from '../src/sql/migrations.ts'
import { openPglite } from '../src/sql/pglite.ts'

/**
 * Writes a migration with the triggers that capture writes, when those of the migrations so far are
 * not what the Prisma schema asks for. To be run after a migration that changes a table.
 */
await using database = await openPglite({ dataDir: 'memory://' })
await applyMigrations(database)
const stale = await findStaleTriggers(database, datamodel, captureOptions)
if (stale.length === 0) {
  console.log('The triggers are up to date.')
} else {
  const folder = join(migrationsFolder, await nameMigration('capture_writes', new Date()))
  await mkdir(folder)
  await writeFile(join(folder, 'migration.sql'), generateTriggers(datamodel, captureOptions))
  console.log(
    `Wrote ${relative(process.cwd(), folder)}: ${stale.length} triggers and functions differ.`,
  )
  console.log('Apply it with: npm run db:migrate')
}
