import { afterAll, beforeAll, expect, test } from 'vitest'
import { openFilledCatalogue } from './open-filled-catalogue.ts'

let catalogue: Awaited<ReturnType<typeof openFilledCatalogue>>

beforeAll(async () => {
  catalogue = await openFilledCatalogue({ authors: 25, books: 28 })
})
afterAll(() => catalogue[Symbol.asyncDispose]())

interface Page {
  readonly ids: readonly string[]
  readonly start: string | null
  readonly end: string | null
  readonly hasNext: boolean
  readonly hasPrevious: boolean
}

const editor = { id: '00000000-0000-7000-8000-000000000000', role: 'EDITOR' }

/** One page of a list: `list` is the field with an argument list that is left open. */
async function readPage(list: string, page: string): Promise<Page> {
  const { data, errors } = await catalogue.ask(
    `{ list: ${list}${page}) { edges { node { id } } pageInfo { startCursor endCursor hasNextPage hasPreviousPage } } }`,
    { viewer: editor },
  )
  expect(errors).toEqual([])
  const { edges, pageInfo } = data.list
  return {
    ids: edges.map(({ node }: { node: { id: string } }) => node.id),
    start: pageInfo.startCursor,
    end: pageInfo.endCursor,
    hasNext: pageInfo.hasNextPage,
    hasPrevious: pageInfo.hasPreviousPage,
  }
}

const orders = {
  authors: [
    ...['NAME', 'RATING', 'RATING_FIRST', 'ROYALTIES', 'FAVOURITE'],
    ...['TIMES', 'JOINED', 'BOOKS', 'ADMIRERS', 'SHARES'],
  ],
  books: ['TITLE', 'PRICE', 'CODE', 'TAGS'],
  copies: ['I', 'O', 'KEY'],
}
const lists = [
  ...Object.entries(orders).flatMap(([field, names]) =>
    names.map((name) => `${field}(orderBy: ${name} `),
  ),
  ...['tags', 'contributions', 'editions'].map((field) => `${field}(`),
]

test.each(lists)('%s...) is walked to its end in both directions, every row once', async (list) => {
  const whole = (await readPage(list, 'first: 100')).ids
  expect(whole.length).toBeGreaterThan(5)

  const forwards: string[] = []
  let page = await readPage(list, 'first: 3')
  expect(page.hasPrevious).toBe(false)
  while (true) {
    forwards.push(...page.ids)
    expect(page.hasNext).toBe(forwards.length < whole.length)
    if (!page.hasNext) break
    page = await readPage(list, `first: 3, after: "${page.end}"`)
    expect(page.hasPrevious).toBe(true)
  }
  const backwards: string[] = []
  page = await readPage(list, 'last: 3')
  expect(page.hasNext).toBe(false)
  while (true) {
    backwards.unshift(...page.ids)
    expect(page.hasPrevious).toBe(backwards.length < whole.length)
    if (!page.hasPrevious) break
    page = await readPage(list, `last: 3, before: "${page.start}"`)
    expect(page.hasNext).toBe(true)
  }

  expect(forwards).toEqual(whole)
  expect(backwards).toEqual(whole)
})

test('between two cursors `first` counts from the one and `last` from the other, and neither looks beyond', async () => {
  const { ids } = await readPage('copies(orderBy: KEY ', 'first: 9')
  const cursorAt = async (count: number) =>
    (await readPage('copies(orderBy: KEY ', `first: ${count}`)).end
  const [after, before] = [await cursorAt(2), await cursorAt(7)]
  const between = `after: "${after}", before: "${before}"`

  const first = await readPage('copies(orderBy: KEY ', `first: 3, ${between}`)
  const last = await readPage('copies(orderBy: KEY ', `last: 3, ${between}`)
  const all = await readPage('copies(orderBy: KEY ', `first: 4, ${between}`)

  expect(first).toMatchObject({ ids: ids.slice(2, 5), hasNext: true, hasPrevious: true })
  expect(last).toMatchObject({ ids: ids.slice(3, 6), hasNext: true, hasPrevious: true })
  expect(all).toMatchObject({ ids: ids.slice(2, 6), hasNext: false, hasPrevious: true })
})

test('a walk shows every row that stays once, while rows behind it come and go and its own are deleted', async () => {
  await using own = await openFilledCatalogue({ authors: 20, books: 40 })
  const list = 'copies(orderBy: KEY '
  const walk = async (page: string): Promise<Page> => {
    const { data } = await own.ask(
      `{ list: ${list}${page}) { edges { node { id k n } } pageInfo { startCursor endCursor hasNextPage hasPreviousPage } } }`,
    )
    const { edges, pageInfo } = data.list
    return {
      ids: edges.map(({ node }: { node: { n: number } }) => String(node.n)),
      start: pageInfo.startCursor,
      end: pageInfo.endCursor,
      hasNext: pageInfo.hasNextPage,
      hasPrevious: pageInfo.hasPreviousPage,
    }
  }
  const before = (await walk('first: 100')).ids

  const seen: string[] = []
  let page = await walk('first: 4')
  let next = 1000
  while (true) {
    seen.push(...page.ids)
    if (!page.hasNext) break
    // The cursor's own row goes, and a row comes that stands before all others.
    await own.run('DELETE FROM "Copy" WHERE n = $1', page.ids.at(-1))
    await own.run(
      'INSERT INTO "Copy" (k, n, is_row, count, sum) VALUES (0, $1, true, 0, 0)',
      next++,
    )
    page = await walk(`first: 4, after: "${page.end}"`)
    expect(page.hasPrevious).toBe(true)
  }

  expect(seen).toEqual(before)
})

test('nothing lies before a cursor whose row and all before it are deleted', async () => {
  await using own = await openFilledCatalogue({ authors: 5, books: 12 })
  const first = await own.ask('{ copies(orderBy: KEY, first: 2) { pageInfo { endCursor } } }')
  const { endCursor } = first.data.copies.pageInfo
  await own.run('DELETE FROM "Copy" WHERE n >= 10')

  const { data } = await own.ask(
    `{ copies(orderBy: KEY, first: 20, after: "${endCursor}") { nodes { n } pageInfo { hasPreviousPage } } }`,
  )

  expect(data.copies.nodes.map(({ n }: { n: number }) => n)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0])
  expect(data.copies.pageInfo.hasPreviousPage).toBe(false)
})

test('no cursor is longer than 400 characters, however long the texts that it stands for', async () => {
  const { data } = await catalogue.ask(
    '{ books(first: 100) { edges { cursor node { title } } } }',
    {
      viewer: editor,
    },
  )

  const edges: { cursor: string; node: { title: string } }[] = data.books.edges
  expect(edges.some(({ node }) => node.title.length > 600)).toBe(true)
  expect(Math.max(...edges.map(({ cursor }) => cursor.length))).toBeLessThanOrEqual(400)
})

test('a page behind a long text costs one look-up more, and goes on at its beginning once its row is gone', async () => {
  await using own = await openFilledCatalogue({ authors: 2, books: 0 })
  const text = (last: string) => `${'A long title. '.repeat(60)}${last}`
  for (const [index, title] of ['A', text('1'), text('2'), text('3'), 'B'].entries()) {
    await own.run('INSERT INTO archive.book (id, title) VALUES ($1, $2)', index, title)
  }
  const all = await own.ask('{ books { edges { cursor } } }')
  const after = (index: number) => ({ after: all.data.books.edges[index].cursor as string })
  const ask = (index: number) =>
    own.ask('query ($after: String) { books(after: $after) { nodes { title } } }', {
      variables: after(index),
    })
  const titles = (answer: Awaited<ReturnType<typeof ask>>) =>
    answer.data.books.nodes.map(({ title }: { title: string }) => title.slice(-1))

  const short = await ask(0)
  const long = await ask(2)
  await own.run('DELETE FROM archive.book WHERE id = 2')
  const gone = await ask(2)

  expect([titles(short), short.tally.statements.length]).toEqual([['1', '2', '3', 'B'], 1])
  expect([titles(long), long.tally.statements.length]).toEqual([['3', 'B'], 2])
  expect(titles(gone)).toEqual(['1', '3', 'B'])
})
