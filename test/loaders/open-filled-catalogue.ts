import { createStatement } from '../../src/sql/statements.ts'
import { type CatalogueSize, fillCatalogue } from '../foreign/catalogue-rows.ts'
import { createCatalogueSchema } from '../foreign/catalogue-schema.ts'
import { datamodel } from '../foreign/generated/datamodel.ts'
import { openCatalogue } from '../foreign/open-catalogue.ts'
import { createAsker } from './ask-loaders.ts'

/** The foreign schema on a database of one's own with `size` rows, and what a test asks it by. */
export async function openFilledCatalogue(
  size: CatalogueSize,
  options: Parameters<typeof openCatalogue>[0] = {},
) {
  const database = await openCatalogue(options)
  await fillCatalogue(database, 7, size)
  const schema = createCatalogueSchema()
  return {
    database,
    schema,
    datamodel,
    ask: createAsker({ schema, datamodel, queryable: database }),
    /** Runs one statement past the loaders. */
    run: (sql: string, ...values: readonly unknown[]) =>
      database.query(createStatement(sql), values),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  }
}

export function idOf(type: string, ...key: readonly unknown[]): string {
  const text = key.length === 1 ? String(key[0]) : JSON.stringify(key.map(String))
  return Buffer.from(`${type}:${text}`).toString('base64url')
}
