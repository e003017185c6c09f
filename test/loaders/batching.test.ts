import { afterAll, beforeAll, expect, test } from 'vitest'
import { authorId } from '../foreign/catalogue-rows.ts'
import { idOf, openFilledCatalogue } from './open-filled-catalogue.ts'

let catalogue: Awaited<ReturnType<typeof openFilledCatalogue>>

beforeAll(async () => {
  catalogue = await openFilledCatalogue({ authors: 40, books: 60 })
})
afterAll(() => catalogue[Symbol.asyncDispose]())

const editor = { id: authorId(0), role: 'EDITOR' }

/** A selection below each author, and how many statements it costs beside the authors' own. */
const selections: readonly (readonly [what: string, selection: string, statements: number])[] = [
  ['columns', 'name fame genres', 0],
  ['a to-one relation of few columns, joined', 'mentor { name }', 0],
  ['a one-to-one relation from its far side, joined', 'dossier { note }', 0],
  ['a chain of to-one relations, joined', 'mentor { dossier { note } mentor { name } }', 0],
  ['a to-one relation of many columns', `mentor { ${manyColumns()} }`, 1],
  ['a list', 'books(first: 2) { nodes { title } }', 1],
  ['a list through a join table', 'admirers(first: 2) { nodes { name } }', 1],
  ['a list and its count', 'books(first: 2) { totalCount nodes { title } }', 2],
  [
    'one list under many pages',
    'a: books { nodes { id } } b: books(first: 1) { nodes { id } } c: books(last: 2) { nodes { id } } d: books(first: 0) { pageInfo { hasNextPage } }',
    1,
  ],
  ['two lists', 'books { nodes { id } } admires { nodes { id } }', 2],
  ['lists of lists', 'books { nodes { tags { nodes { bookCount } } } }', 3],
  ['figures over the same rows, at once', 'paperShare other: paperShare', 1],
  ['figures over different rows, at once', 'bookCount admirerCount copyCount paperShare', 1],
]

function manyColumns(): string {
  return 'name fame favourite born wakesAt seenAt joinedAt isActive genres'
}

test.each(selections)(
  '%s: as many statements for forty parents as for two',
  async (_what, selection, statements) => {
    const ask = (parents: number) =>
      catalogue.ask(`{ authors(first: ${parents}) { nodes { ${selection} } } }`, { viewer: editor })

    const two = await ask(2)
    const forty = await ask(40)

    expect(forty.errors).toEqual([])
    expect(forty.data.authors.nodes).toHaveLength(40)
    expect(two.tally.statements).toHaveLength(1 + statements)
    expect(forty.tally.statements).toHaveLength(1 + statements)
  },
)

test('rows that a rule decides at once and rows that it looks up go on together', async () => {
  const viewer = { id: authorId(1), role: 'WRITER' }
  const document = `{ contributions(first: 60) { nodes { book { title author { ${manyColumns()} } } } } }`

  const { tally, errors } = await catalogue.ask(document, { viewer })

  expect(errors).toEqual([])
  expect(tally.statements.map(({ paths }) => paths)).toEqual([
    ['contributions'],
    ['contributions.nodes.book'],
    ['contributions.nodes.book.author'],
  ])
})

test('a row that several fields lead to is looked up once', async () => {
  const id = idOf('Author', authorId(0))
  const author = '... on Author { name }'
  const document = `{ a: node(id: "${id}") { ${author} } b: node(id: "${id}") { ${author} } viewer { name } nodes(ids: ["${id}", "${id}"]) { ${author} } }`

  const { data, tally } = await catalogue.ask(document, { viewer: editor })

  expect(tally.statements.map(({ rows }) => rows)).toEqual([1])
  expect([data.a, data.b, data.nodes[0], data.nodes[1]]).toEqual(Array(4).fill(data.viewer))
})

test('a list through a page reads one row more than it shows, however long it is', async () => {
  const { tally } = await catalogue.ask('{ authors(first: 5) { nodes { id } } }')

  expect(tally.rowsRead).toBe(6)
})

test('nodes of several types cost a statement a type, and one a rule that looks into relations', async () => {
  const types = ['Author', 'Book', 'Tag', 'Contribution', 'Edition', 'Copy', 'Dossier']
  const rules = ['Contribution', 'Edition']
  const lists = await catalogue.ask(
    '{ authors(first: 9) { nodes { id } } books(first: 9) { nodes { id } } tags(first: 9) { nodes { id } } contributions(first: 9) { nodes { id } } editions(first: 9) { nodes { id } } copies(first: 9) { nodes { id } } }',
    { viewer: editor },
  )
  const dossiers = await catalogue.run('SELECT id FROM "Dossier" LIMIT 9')
  const found = Object.values<{ nodes: { id: string }[] }>(lists.data).flatMap(({ nodes }) =>
    nodes.map(({ id }) => id),
  )
  const ids = [...found, ...dossiers.map(([id]) => idOf('Dossier', id))]

  const { data, tally } = await catalogue.ask(
    'query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }',
    { variables: { ids }, viewer: editor },
  )

  expect(data.nodes.map(({ id }: { id: string }) => id)).toEqual(ids)
  expect(tally.statements).toHaveLength(types.length + rules.length)
})

test('without batching the answers are the same', async () => {
  const selection = selections.map(
    ([, text], index) => `s${index}: authors(first: 7) { nodes { ${text} } }`,
  )
  const document = `{ ${selection.join(' ')} }`

  const batched = await catalogue.ask(document, { viewer: editor })
  const single = await catalogue.ask(document, { viewer: editor, isBatching: false })

  expect(single.data).toEqual(batched.data)
  expect(single.tally.statements.length).toBeGreaterThan(batched.tally.statements.length * 3)
})

test('columns that two fields need along one relation are all read', async () => {
  const { data, errors } = await catalogue.ask(
    '{ places(first: 40) { nodes { author { mentor { name } } guarded { mentor { fame isActive } } } } }',
    { viewer: editor },
  )

  expect(errors).toEqual([])
  const mentors = data.places.nodes.filter(
    ({ author }: { author: { mentor: object } }) => author.mentor,
  )
  expect(mentors.length).toBeGreaterThan(10)
})
