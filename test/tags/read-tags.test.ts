import { afterAll, beforeAll, expect, test } from 'vitest'
import { listTags, planListTags } from '../../src/loaders/dependencies.ts'
import { parseWhere } from '../../src/loaders/where.ts'
import { getColumn, getModel } from '../../src/sql/datamodel.ts'
import { authorId } from '../foreign/catalogue-rows.ts'
import { datamodel } from '../foreign/generated/datamodel.ts'
import { idOf, openFilledCatalogue } from '../loaders/open-filled-catalogue.ts'
import { withCoarse } from './with-coarse.ts'

let catalogue: Awaited<ReturnType<typeof openFilledCatalogue>>

beforeAll(async () => {
  catalogue = await openFilledCatalogue({ authors: 1, books: 0 })
  await catalogue.run('DELETE FROM "Tag"')
  await catalogue.run('DELETE FROM "Dossier"')
  await catalogue.run(
    `INSERT INTO archive.book (id, title, author_id, is_public) VALUES (1, 'a', '${me}', true), (2, 'b', '${me}', false)`,
  )
  await catalogue.run(`INSERT INTO "Tag" VALUES ('t', false, NULL)`)
  await catalogue.run(`INSERT INTO archive."_BookToTag" VALUES (1, 't')`)
  await catalogue.run(
    `INSERT INTO archive."Edition" VALUES (1, 'a,b', 'audio, spoken', '2026-01-02 03:04:05.6+00', 7, 1)`,
  )
})
afterAll(() => catalogue[Symbol.asyncDispose]())

const me = authorId(0)
const author = `Author:${me}`
const books = `Book.authorId=${me}`
const editor = { id: me, role: 'EDITOR' }
const below = (selection: string) =>
  `{ node(id: "${idOf('Author', me)}") { ... on Author { ${selection} } } }`

const reads: readonly (readonly [what: string, document: string, tags: readonly string[]])[] = [
  ['a row by its key', below('name'), [author]],
  [
    'a row that is not there: the set that it may appear in',
    `{ node(id: "${idOf('Book', 9)}") { id } }`,
    ['Book.*'],
  ],
  [
    'a row that is not there by another key: also the columns of the key',
    below('dossier { note }'),
    [author, 'Dossier.*', 'Dossier.*/authorId'],
  ],
  [
    'a list under a key: its set, its order over the set, and its rows',
    below('allBooks { nodes { id } }'),
    [author, books, `${books}/title`, `${books}/code`, 'Book:1', 'Book:2'],
  ],
  [
    'a filter: its columns over the set',
    below('books(genre: NOVEL) { nodes { id } }'),
    [author, books, `${books}/genre`, `${books}/publishedAt`],
  ],
  [
    'a count: its set alone, and what it filters by',
    below('bookCount(genre: POEM)'),
    [author, books, `${books}/genre`],
  ],
  [
    'an aggregate: the columns that it is worked out from, and narrowed by',
    below('paperShare'),
    ['Contribution.authorId=%', 'Contribution.authorId=%/genre', 'Contribution.authorId=%/share']
      .map((tag) => tag.replace('%', me))
      .concat(author),
  ],
  ['a list of a whole model: all of it', '{ tags { nodes { weight } } }', ['Tag.*', 'Tag:t']],
  [
    'a list through a join table: the near side of the table, and all rows beyond it',
    below('admirers { nodes { id } }'),
    [author, `_admiration.A=${me}`, 'Author.*', 'Author.*/favourite'],
  ],
  [
    'an order by a figure: what the figure is worked out from',
    '{ authors(orderBy: BOOKS) { nodes { id } } }',
    ['Author.*', author, 'Book.*', 'Book.*/authorId', 'Book.*/isPublic'],
  ],
  [
    'a rule that looks into relations: what it compares there and how it gets there',
    below('copyCount'),
    [
      ...[author, 'Copy.*', 'Copy.*/bookId', 'Copy.*/market', 'Copy.*/format', 'Copy.*/since'],
      ...['Edition.*', books],
    ],
  ],
  [
    'keys of enums and times, as the database prints them',
    '{ editions { nodes { copies { nodes { id } } } } }',
    [
      ...['Edition.*', 'Edition.*/weight', 'Edition:1,a,b,audio, spoken,2026-01-02 03:04:05.6+00'],
      ...['', '/rank', '/c1'].map(
        (column) =>
          `Copy.bookId,market,format,since=1,a,b,audio, spoken,2026-01-02 03:04:05.6+00${column}`,
      ),
      'Book.*',
    ],
  ],
]

test.each(reads)('%s', async (_what, document, tags) => {
  const { readSet, errors } = await catalogue.ask(document, { viewer: editor })

  expect(errors).toEqual([])
  expect([...readSet.tags].sort()).toEqual([...withCoarse(tags)].sort())
})

test('an empty list and a count of nothing depend on their sets all the same', async () => {
  const { data, readSet } = await catalogue.ask(below('pupils { totalCount nodes { id } }'))

  expect(data.node.pupils).toEqual({ totalCount: 0, nodes: [] })
  expect([...readSet.tags]).toContain(`Author.mentorId=${me}`)
})

test('an answer about public rows depends on their being public, and asks nothing of the viewer', async () => {
  const { readSet, viewer } = await catalogue.ask(`{ node(id: "${idOf('Book', 1)}") { id } }`, {
    viewer: editor,
  })

  expect([...readSet.tags].sort()).toEqual(['Book:1', 'Book:~'])
  expect(viewer.asked).toBe('nothing')
})

test('a row that a rule hides depends on the row and on what the rule looked at', async () => {
  const { data, readSet } = await catalogue.ask(`{ node(id: "${idOf('Book', 2)}") { id } }`, {
    viewer: { id: authorId(5), role: 'WRITER' },
  })

  expect(data.node).toBeNull()
  // Its columns are all parts of the key, which does not change: rows only come and go.
  expect([...readSet.tags].sort()).toEqual(['Book:2', 'Book:~', 'Contribution.*'])
})

test('a list under a key whose rule is bound to the same key elsewhere keeps both sets apart', () => {
  const model = getModel(datamodel, 'Author')
  const condition = parseWhere(datamodel, 'Author', { pupils: { some: { mentorId: authorId(3) } } })
  const tagsOf = planListTags(
    { datamodel, model, condition },
    ['mentorId'],
    [getColumn(model, 'id')],
  )

  expect([...new Set(tagsOf([me]))].sort()).toEqual([
    `Author.mentorId=${me}`,
    `Author.mentorId=${authorId(3)}`,
    'Author.mentorId~',
  ])
})

test('a key that a client wrote in capitals is the same key', () => {
  const model = getModel(datamodel, 'Book')
  const id = 'ABCDEF00-0000-7000-8000-00000000000F'
  const condition = parseWhere(datamodel, 'Book', { authorId: id })

  expect(listTags({ datamodel, model, condition })).toEqual([
    `Book.authorId=${id.toLowerCase()}`,
    'Book.authorId~',
  ])
})
