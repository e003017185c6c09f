#!/usr/bin/env node
import { relative } from 'node:path'
import { parseArgs } from 'node:util'
import { findDrift } from './find-drift.ts'
import { generateDatamodel } from './generate-datamodel.ts'
import { readDatamodel } from './read-datamodel.ts'
import { writeCapture } from './write-capture.ts'

const usage = `Usage:
  loadline capture    write a migration with the triggers that capture writes, if they changed
  loadline check      exit with 1 if the migrations do not lead to the schema and its triggers
  loadline generator  the provider of a generator in schema.prisma, which Prisma runs

  --schema PATH       the Prisma schema, or its folder      prisma/schema.prisma
  --migrations FOLDER its migrations                        prisma/migrations
  --datamodel FILE    what the generator wrote              src/generated/datamodel.ts
  --leave-out MODEL   a model that no field reads; repeat it for several`

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      schema: { type: 'string', default: 'prisma/schema.prisma' },
      migrations: { type: 'string', default: 'prisma/migrations' },
      datamodel: { type: 'string', default: 'src/generated/datamodel.ts' },
      'leave-out': { type: 'string', multiple: true, default: [] },
    },
  })
  const [command] = positionals
  if (command === 'generator') return generateDatamodel()
  if (command !== 'capture' && command !== 'check') throw new Error(usage)
  const sources = {
    schema: values.schema,
    migrations: values.migrations,
    datamodel: await readDatamodel(values.datamodel),
    options: { leaveOut: values['leave-out'] },
  }
  return command === 'capture' ? capture(sources) : check(sources)
}

async function capture(sources: Parameters<typeof writeCapture>[0]): Promise<void> {
  const written = await writeCapture(sources)
  console.log(
    written
      ? `Wrote ${relative(process.cwd(), written.folder)}: ${written.stale.length} triggers, functions and tables differ.`
      : 'The triggers are up to date.',
  )
}

async function check(sources: Parameters<typeof findDrift>[0]): Promise<void> {
  const { tables, triggers } = await findDrift(sources)
  if (tables !== null) {
    throw new Error(`The migrations do not lead to ${sources.schema}. A new one would:\n${tables}`)
  }
  if (triggers.length > 0) {
    throw new Error(
      `The triggers that capture writes are out of date:\n${triggers.join('\n')}\nWrite them anew with: loadline capture`,
    )
  }
  console.log('The migrations lead to the schema and its triggers.')
}
