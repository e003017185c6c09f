import { parseArgs } from 'node:util'
import { captureOptions } from '../prisma/capture-options.ts'
import { findDrift } from '../src/command/find-drift.ts'
import { datamodel } from '../src/generated/datamodel.ts'
import { migrationsFolder } from '../src/sql/migrations.ts'

/**
 * Exits with 1 and prints the difference when the migrations do not lead to what
 * `prisma/schema.prisma` says, or to the triggers that it asks for. `--schema` and `--migrations` name
 * other ones.
 */
const { values } = parseArgs({
  options: {
    schema: { type: 'string', default: 'prisma/schema.prisma' },
    migrations: { type: 'string', default: migrationsFolder },
  },
})
const { tables, triggers } = await findDrift({ ...values, datamodel, options: captureOptions })
if (tables !== null) {
  console.error(
    `The migrations do not lead to ${values.schema}. What a new one would change:\n${tables}`,
  )
  console.error('Add it with: npm run prisma -- migrate dev --name <what it does>')
  process.exitCode = 1
} else {
  console.log('The migrations lead to the schema.')
}
if (triggers.length > 0) {
  console.error(`The triggers that capture writes are out of date:\n${triggers.join('\n')}`)
  console.error('Write them anew with: npm run db:triggers')
  process.exitCode = 1
}
