import { findMissingIndexes, findUnusedIndexes } from '../src/observe/advise-indexes.ts'
import { printPlan } from '../src/observe/plan.ts'
import { DatabaseOpenError } from '../src/sql/database-open-error.ts'
import { openPostgresql } from '../src/sql/postgresql.ts'
import { explainShapes, readIndexes, readTables } from './db-advise/read-database.ts'
import { readShapes, ShapesError } from './db-advise/read-shapes.ts'

const usage = `DATABASE_URL=postgresql://... npm run -s db:advise -- FROM

FROM is where statements were recorded: the address of a running process (with METRICS_TOKEN, if it
wants one), a file with its /metrics.json, or its log. Nothing is changed; "-" looks at the indexes only.`

await main().catch((error: unknown) => {
  const isExpected = error instanceof ShapesError || error instanceof DatabaseOpenError
  console.error(isExpected ? error.message : error)
  process.exitCode = 1
})

/** Says which indexes are missing, and which nobody uses, and what makes it say so. */
async function main(): Promise<void> {
  const [from, ...surplus] = process.argv.slice(2)
  const { DATABASE_URL: url, METRICS_TOKEN: token = null } = process.env
  if (!url || from === undefined || surplus.length > 0) throw new ShapesError(usage)
  const recorded = from === '-' ? [] : await readShapes(from, token)
  // One connection, as what is prepared belongs to it.
  await using database = await openPostgresql({
    url,
    poolSize: 1,
    applicationName: 'loadline advise',
  })
  const shapes = await explainShapes(database, recorded)
  const planned = shapes.filter(({ plan }) => plan !== null).length
  console.log(`${recorded.length} statements were recorded, ${planned} of them have a plan.\n`)

  const missing = findMissingIndexes(shapes, await readTables(database))
  console.log(missing.length === 0 ? 'No index is missing.' : 'Missing:')
  for (const { table, node, statement, evidence } of missing) {
    console.log(`\n  ${statement}`)
    console.log(
      `    ${table.name} has about ${table.rows} rows and was read from end to end ${table.sequentialScans} times.`,
    )
    console.log(`    ${printPlan({ ...node, children: [] }).join('')}`)
    for (const { sql, runs, totalMs, paths, operations } of evidence.slice(0, 3)) {
      const where = [...operations, ...paths].join(', ') || 'no field'
      console.log(`    ${runs} runs, ${Math.round(totalMs)} ms in all, for ${where}:`)
      console.log(`      ${sql.replaceAll(/\s+/g, ' ').slice(0, 300)}`)
    }
  }

  const { indexes, since } = await readIndexes(database)
  const unused = findUnusedIndexes(indexes)
  const what = unused.length === 0 ? 'Every index was used' : 'Unused'
  console.log(
    `\n${what} since ${since}, when the server began to count${unused.length === 0 ? '.' : ':'}`,
  )
  for (const { name, table, bytes, scans } of unused) {
    console.log(
      `  DROP INDEX CONCURRENTLY "${name}"; -- on ${table}, ${Math.ceil(bytes / 1_024)} KB, ${scans} scans`,
    )
  }
  if (unused.length > 0) {
    console.log('  Look at every server that reads, and wait for rare work, before you drop one.')
  }
}
