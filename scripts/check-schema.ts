import { readFile } from 'node:fs/promises'
import { buildSchema } from 'graphql'
import { schema } from '../src/schema/schema.ts'
import {
  compareWithRelease,
  findUndatedDeprecations,
} from './schema-contract/compare-with-release.ts'

/** Says what clients of the last release would lose if the schema of the code went out. */
const release = (file: string) => readFile(new URL(`../releases/${file}`, import.meta.url), 'utf8')

const faults = [
  ...compareWithRelease(
    {
      schema: buildSchema(await release('schema.graphql')),
      documents: Object.values(JSON.parse(await release('persisted-documents.json'))),
    },
    schema,
    new Date().toISOString().slice(0, 10),
  ),
  ...findUndatedDeprecations(schema),
]

if (faults.length > 0) {
  console.error(
    `Clients of the last release would break:\n${faults.map((one) => `  ${one}`).join('\n')}`,
  )
  console.error('Deprecate what is to go, with a reason and a day, and add instead of changing.')
  process.exitCode = 1
}
