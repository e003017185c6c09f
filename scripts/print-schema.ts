import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { printSchema } from 'graphql'
import { schema } from '../src/schema/schema.ts'

/** Writes the schema that the code declares to schema.graphql, or with --check says whether it is there. */
const file = fileURLToPath(new URL('../schema.graphql', import.meta.url))
const printed = `${printSchema(schema)}\n`

if (process.argv.includes('--check')) {
  const committed = await readFile(file, 'utf8').catch(() => '')
  if (committed !== printed) {
    console.error('schema.graphql is not what the code declares: run "npm run schema:print"')
    process.exitCode = 1
  }
} else {
  await writeFile(file, printed)
}
