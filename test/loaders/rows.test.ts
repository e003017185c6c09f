import { Decimal } from '@prisma/client-runtime-utils'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '../../src/sql/database.ts'
import { getModel } from '../../src/sql/datamodel.ts'
import { createHydrator } from '../../src/sql/hydrate.ts'
import { columnName, tableName } from '../../src/sql/identifiers.ts'
import { createStatement } from '../../src/sql/statements.ts'
import { authorId, fillCatalogue } from '../foreign/catalogue-rows.ts'
import { createCatalogueSchema } from '../foreign/catalogue-schema.ts'
import { datamodel } from '../foreign/generated/datamodel.ts'
import { PrismaClient } from '../foreign/generated/prisma/client.ts'
import { openCatalogue } from '../foreign/open-catalogue.ts'
import { createAsker } from './ask-loaders.ts'

let database: Database
let prisma: PrismaClient

beforeAll(async () => {
  database = await openCatalogue()
  prisma = new PrismaClient({ adapter: database.adapter })
  await fillCatalogue(database, 42, { authors: 30, books: 30 })
})
afterAll(async () => {
  await prisma.$disconnect()
  await database[Symbol.asyncDispose]()
})

test('rows are what Prisma gives for the same columns, but for times, which keep their microseconds', async () => {
  const models = ['Author', 'Dossier', 'Book', 'Tag', 'Contribution', 'Edition', 'Copy'] as const
  for (const name of models) {
    const model = getModel(datamodel, name)
    const columns = Object.keys(model.columns)
    const list = columns.map((column) => columnName('t', model, column))
    const order = model.primaryKey.map((column) => columnName('t', model, column))
    const raws = await database.query(
      createStatement(
        `SELECT ${list.join(', ')} FROM ${tableName(model)} t ORDER BY ${order.join(', ')}`,
      ),
      [],
    )
    const orderBy = model.primaryKey.map((column) => ({ [column]: 'asc' }))
    const delegate = Reflect.get(prisma, name.toLowerCase())
    const expected: Record<string, unknown>[] = await delegate.findMany({ orderBy })

    const rows = raws.map(createHydrator(datamodel, model, { columns, joins: [] }, 0))

    expect(rows.length, name).toBeGreaterThan(10)
    expect(rows.map(withDates), name).toEqual(expected.map(withDates))
  }
})

test('each side of a many-to-many relation of a model with itself leads where Prisma takes it', async () => {
  await prisma.author.update({
    where: { id: authorId(0) },
    data: { admires: { set: [{ id: authorId(1) }] }, admirers: { set: [{ id: authorId(2) }] } },
  })
  const ask = createAsker({ schema: createCatalogueSchema(), datamodel, queryable: database })
  const id = Buffer.from(`Author:${authorId(0)}`).toString('base64url')

  const { data } = await ask(
    `{ node(id: "${id}") { ... on Author { admires { nodes { id } } admirers { nodes { id } } admirerCount } } }`,
  )

  const idOf = (index: number) => Buffer.from(`Author:${authorId(index)}`).toString('base64url')
  expect(data.node).toEqual({
    admires: { nodes: [{ id: idOf(1) }] },
    admirers: { nodes: [{ id: idOf(2) }] },
    admirerCount: 1,
  })
})

/** Times as Prisma has them, to the millisecond. */
function withDates(row: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, toMillisecond(value)]),
  )
}

function toMillisecond(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toMillisecond)
  if (value instanceof Date) return value.toISOString()
  if (Decimal.isDecimal(value)) return `Decimal ${value.toFixed()}`
  const isTime = typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value)
  return isTime ? new Date(value).toISOString() : value
}
