import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Database } from '../../src/sql/database.ts'
import { createSchemaEngine } from '../../src/sql/schema-engine.ts'
import { openTestDatabase } from '../support/test-databases.ts'

const schemaFile = fileURLToPath(new URL('./schema.prisma', import.meta.url))

/** A database of one's own with the empty tables of the foreign schema. */
export async function openCatalogue(
  options: Parameters<typeof openTestDatabase>[0] = {},
): Promise<Database> {
  const database = await openTestDatabase(options)
  const files = [{ path: schemaFile, content: await readFile(schemaFile, 'utf8') }]
  const engine = await createSchemaEngine(database.adapter)
  const { stdout } = await engine.diff({
    from: { tag: 'empty' },
    to: { tag: 'schemaDatamodel', files },
    script: true,
    exitCode: null,
    filters: { externalTables: [], externalEnums: [] },
  })
  const adapter = await database.adapter.connect()
  await adapter.executeScript(stdout ?? '')
  return database
}
