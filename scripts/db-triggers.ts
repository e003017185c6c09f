import { relative } from 'node:path'
import { captureOptions as options } from '../prisma/capture-options.ts'
import { writeCapture } from '../src/command/write-capture.ts'
import { datamodel } from '../src/generated/datamodel.ts'
import { migrationsFolder as migrations } from '../src/sql/migrations.ts'

/**
 * Writes a migration with the triggers that capture writes, when those of the migrations so far are
 * not what the Prisma schema asks for. To be run after a migration that changes a table.
 */
const written = await writeCapture({ datamodel, migrations, options })
if (written) {
  const folder = relative(process.cwd(), written.folder)
  console.log(`Wrote ${folder}: ${written.stale.length} triggers and functions differ.`)
  console.log('Apply it with: npm run db:migrate')
} else {
  console.log('The triggers are up to date.')
}
