import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { authorId } from '../foreign/catalogue-rows.ts'
import type { Answer } from './ask-loaders.ts'
import { idOf, openFilledCatalogue } from './open-filled-catalogue.ts'

let catalogue: Awaited<ReturnType<typeof openFilledCatalogue>>
/** Of rows of every type, seen and hidden, of rows that are not there, and of nothing at all. */
let pool: readonly string[]

beforeAll(async () => {
  catalogue = await openFilledCatalogue({ authors: 12, books: 20 })
  const keys: Readonly<Record<string, string>> = {
    Author: 'author_id FROM archive."the authors"',
    Book: 'id FROM archive.book',
    Dossier: 'id FROM "Dossier"',
    Tag: 'label FROM "Tag"',
  }
  const found = await Promise.all(
    Object.entries(keys).map(async ([type, key]) => {
      const rows = await catalogue.run(`SELECT ${key} ORDER BY 1 LIMIT 12`)
      return rows.map(([value]) => idOf(type, value))
    }),
  )
  const missing = [
    idOf('Author', '00000000-0000-7000-8000-00000000dead'),
    idOf('Book', 4_711),
    idOf('Dossier', 4_711),
    idOf('Tag', 'no such tag'),
  ]
  pool = [...found.flat(), ...missing, '', '!!!', idOf('Nothing', 1), idOf('Book', 'abc')]
})
afterAll(() => catalogue[Symbol.asyncDispose]())

const viewers = [
  null,
  { id: authorId(0), role: 'WRITER' },
  { id: authorId(1), role: 'WRITER' },
  { id: authorId(0), role: 'EDITOR' },
]

const selections = [
  '__typename id',
  '... on Author { name mentor { name dossier { note } } }',
  '... on Book { title author { name } tags { nodes { label } } } ... on Tag { bookCount }',
  '... on Dossier { note secret author { name mentor { name } } } ... on Author { dossier { note } }',
]

test('several ids are answered as each of them is by itself, at the same cost', async () => {
  const property = fc.asyncProperty(
    fc.array(fc.constantFrom(...pool), { maxLength: 25 }),
    fc.constantFrom(...selections),
    fc.constantFrom(...viewers),
    async (ids, selection, viewer) => {
      const together = await catalogue.ask(
        `query ($ids: [ID!]!) { nodes(ids: $ids) { ${selection} } }`,
        { variables: { ids }, viewer },
      )
      const single = await catalogue.ask(aliases(ids, selection), { viewer })

      expect(together.data.nodes).toEqual(ids.map((_, index) => single.data[`n${index}`]))
      expect(together.errors.map((error) => error.replace(/^nodes\./, 'n'))).toEqual(single.errors)
      expect(dependencies(together)).toEqual(dependencies(single))
      expect(together.tally.statements.length).toBeLessThanOrEqual(single.tally.statements.length)
      expect(together.tally.rowsRead).toBeLessThanOrEqual(single.tally.rowsRead)
    },
  )
  await fc.assert(property, { numRuns: 250, seed: 11 })
}, 60_000)

/** One field for each id; one of another kind keeps a document without ids valid. */
function aliases(ids: readonly string[], selection: string): string {
  const fields = ids.map(
    (id, index) => `n${index}: node(id: ${JSON.stringify(id)}) { ${selection} }`,
  )
  return `{ __typename ${fields.join(' ')} }`
}

function dependencies({ readSet, viewer }: Answer) {
  return { tags: [...readSet.tags].sort(), forbidden: readSet.forbidden, asked: viewer.asked }
}

describe('of several ids', () => {
  const document = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }'

  test('what is no id fails at its place, and by its place', async () => {
    const ids = [idOf('Author', authorId(0)), 'nonsense!', idOf('Author', authorId(1)), '']

    const { result, data, errors } = await catalogue.ask(document, { variables: { ids } })

    expect(data.nodes).toEqual([{ id: ids[0] }, null, { id: ids[2] }, null])
    expect(errors).toEqual(['nodes.1 BAD_USER_INPUT', 'nodes.3 BAD_USER_INPUT'])
    expect(result.errors?.map(({ extensions }) => extensions.field)).toEqual(['ids.1', 'ids.3'])
    expect(result.errors?.[0]?.message).toBe('"ids.1" must be a global id, got "nonsense!"')
  })

  test('none are an empty list, for which nothing is read', async () => {
    const { data, errors, tally } = await catalogue.ask(document, { variables: { ids: [] } })

    expect({ data, errors }).toEqual({ data: { nodes: [] }, errors: [] })
    expect(tally.statements).toEqual([])
  })

  test('those fail alone whose statement fails, each of them', async () => {
    await using own = await openFilledCatalogue({ authors: 3, books: 3 })
    const [book] = await own.run('SELECT id FROM archive.book LIMIT 1')
    await own.run('ALTER TABLE archive."the authors" RENAME TO gone')
    const author = idOf('Author', authorId(0))
    const ids = [author, idOf('Book', book?.[0]), author, idOf('Author', authorId(1)), '']

    const { data, errors, tally } = await own.ask(document, {
      variables: { ids },
      viewer: { id: authorId(0), role: 'EDITOR' },
    })

    expect(data.nodes).toEqual([null, { id: ids[1] }, null, null, null])
    expect(errors.map((error) => error.slice(0, 'nodes.N'.length))).toEqual([
      'nodes.0',
      'nodes.2',
      'nodes.3',
      'nodes.4',
    ])
    expect(errors[0]).toContain('does not exist')
    expect(tally.statements).toHaveLength(1)
  })

  test('those that another field has read already are not read again, but for more columns', async () => {
    const id = idOf('Author', authorId(0))
    const other = idOf('Author', authorId(1))
    const ask = (columns: string) =>
      catalogue.ask(
        `{ a: node(id: "${id}") { ... on Author { name } }
           nodes(ids: ["${id}", "${other}", "${id}"]) { ... on Author { ${columns} } } }`,
      )

    const same = await ask('name')
    const more = await ask('name fame')

    expect(same.tally.statements.map(({ rows, batch }) => [rows, batch])).toEqual([[2, 2]])
    expect(more.tally.statements.map(({ rows }) => rows)).toEqual([2])
    expect(more.data.nodes[0]).toEqual(more.data.nodes[2])
    expect(more.data.nodes[0]).toMatchObject(more.data.a)
  })
})
