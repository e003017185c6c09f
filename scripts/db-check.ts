import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { captureOptions } from '../prisma/capture-options.ts'
import { findStaleTriggers } from '../src/capture/find-stale-triggers.ts'
import { datamodel } from '../src/generated/datamodel.ts'
import { migrationsFolder, readMigrations } from '../src/sql/migrations.ts'
import { openPglite } from '../src/sql/pglite.ts'
import { createSchemaEngine } from '../src/sql/schema-engine.ts'

/**
 * Exits with 1 and prints the difference when the migrations, replayed on an empty embedded
 * database, do not lead to what `prisma/schema.prisma` says, or to the triggers that it asks for. What
 * only SQL can say (CHECKs, partial indexes) is no difference. `--schema` and `--migrations` name
 * other ones.
 */
const { values } = parseArgs({
  options: {
    schema: { type: 'string', default: 'prisma/schema.prisma' },
    migrations: { type: 'string', default: migrationsFolder },
  },
})
const schema = { path: values.schema, content: await readFile(values.schema, 'utf8') }

await using database = await openPglite({ dataDir: 'memory://' })
const engine = await createSchemaEngine(database.adapter, {
  datamodels: [[schema.path, schema.content]],
  // The one database is empty, and the command reads nothing else of it.
  connectToShadowDb: () => database.adapter.connect(),
})
const { exitCode, stdout } = await engine.diff({
  from: { tag: 'migrations', ...(await readMigrations(values.migrations)) },
  to: { tag: 'schemaDatamodel', files: [schema] },
  script: false,
  exitCode: true,
  filters: { externalTables: [], externalEnums: [] },
})
if (exitCode === 0) {
  console.log('The migrations lead to the schema.')
  await checkTriggers()
} else {
  console.error(
    `The migrations do not lead to ${schema.path}. What a new one would change:\n${stdout}`,
  )
  console.error('Add it with: npm run prisma -- migrate dev --name <what it does>')
  process.exitCode = 1
}

async function checkTriggers() {
  // The comparison has replayed the migrations, and leaves the database as they made it.
  const stale = await findStaleTriggers(database, datamodel, captureOptions)
  if (stale.length === 0) return
  console.error(`The triggers that capture writes are out of date:\n${stale.join('\n')}`)
  console.error('Write them anew with: npm run db:triggers')
  process.exitCode = 1
}
