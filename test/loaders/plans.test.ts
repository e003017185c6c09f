import { expect, test } from 'vitest'
import { authorId } from '../foreign/catalogue-rows.ts'
import { testDatabaseKind } from '../support/test-databases.ts'
import { idOf, openFilledCatalogue } from './open-filled-catalogue.ts'

/** A page, figures, rows by their keys, and a rule that looks at other rows. */
const document = `query ($ids: [ID!]!) {
  nodes(ids: $ids) { ... on Author { name } }
  authors(first: 2) { nodes {
    bookCount copyCount
    books(first: 2) { nodes { title } }
    contributions(first: 2) { nodes { book { title } } }
  } }
}`

test.skipIf(testDatabaseKind() === 'pglite')(
  'a statement is planned five times on a connection, and then no more',
  async () => {
    await using catalogue = await openFilledCatalogue({ authors: 4, books: 9 }, { poolSize: 1 })
    const viewer = { id: authorId(1), role: 'WRITER' }
    const variables = { ids: [idOf('Author', authorId(0))] }
    for (let run = 0; run < 9; run += 1) {
      const { errors } = await catalogue.ask(document, { viewer, variables })
      expect(errors).toEqual([])
    }

    const asked = await catalogue.run(
      `SELECT statement, custom_plans FROM pg_prepared_statements
        WHERE name LIKE 'll_%' AND custom_plans + generic_plans >= 9`,
    )

    expect(asked.length).toBeGreaterThan(4)
    expect(asked.filter(([, custom]) => Number(custom) !== 5)).toEqual([])
  },
)
