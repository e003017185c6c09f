import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { authorId, texts } from '../foreign/catalogue-rows.ts'
import { startTestApp } from '../support/start-test-app.ts'
import { testDatabaseKind } from '../support/test-databases.ts'
import { idOf, openFilledCatalogue } from './open-filled-catalogue.ts'

let catalogue: Awaited<ReturnType<typeof openFilledCatalogue>>

beforeAll(async () => {
  catalogue = await openFilledCatalogue({ authors: 20, books: 30 })
})
afterAll(() => catalogue[Symbol.asyncDispose]())

const editor = { id: authorId(0), role: 'EDITOR' }

test('a chain of relations of absurd depth is answered, a statement for a few levels at most', async () => {
  const depth = 300
  await catalogue.run(
    `UPDATE archive."the authors" SET mentor_id = author_id WHERE author_id = $1`,
    authorId(1),
  )
  const chain = `${'mentor { '.repeat(depth)}name${' }'.repeat(depth)}`

  const { data, errors, tally } = await catalogue.ask(
    `{ node(id: "${idOf('Author', authorId(1))}") { ... on Author { ${chain} } } authors { nodes { ${chain} } } }`,
    { watchesShapes: false },
  )

  expect(errors).toEqual([])
  let deepest = data.node
  for (let level = 0; level < depth; level += 1) deepest = deepest.mentor
  expect(typeof deepest.name).toBe('string')
  expect(tally.statements.length).toBeLessThan(depth)
})

test('lists in lists of absurd depth cost a statement a level', async () => {
  const depth = 40
  const nest = `${'pupils(first: 1) { nodes { '.repeat(depth)}id${' } }'.repeat(depth)}`

  const { errors, tally } = await catalogue.ask(`{ authors(first: 1) { nodes { ${nest} } } }`)

  expect(errors).toEqual([])
  expect(tally.statements.length).toBeLessThanOrEqual(depth + 1)
})

test('500 aliases of a list with pages of their own share one statement', async () => {
  const aliases = Array.from(
    { length: 500 },
    (_, index) =>
      `a${index}: books(${index % 2 ? 'first' : 'last'}: ${index % 7}) { nodes { id } }`,
  )

  const { data, errors, tally } = await catalogue.ask(
    `{ authors(first: 3) { nodes { ${aliases.join(' ')} } } }`,
  )

  expect(errors).toEqual([])
  expect(Object.keys(data.authors.nodes[0])).toHaveLength(500)
  expect(tally.statements).toHaveLength(2)
})

test('of a hundred ids half of which are of nothing, and one is there twice, each is answered in its place', async () => {
  const ids = Array.from({ length: 99 }, (_, index) =>
    idOf('Book', index % 2 ? index : String(9007199254740993n + BigInt(index))),
  )
  const all = [...ids, ids[0]]

  const { data, errors, tally } = await catalogue.ask(
    'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }',
    { variables: { ids: all }, viewer: editor },
  )

  expect(errors).toEqual([])
  expect(data.nodes).toHaveLength(100)
  expect(data.nodes[0]).toEqual(data.nodes[99])
  for (const [index, node] of data.nodes.entries()) {
    if (node) expect(node.id).toBe(all[index])
    if (index % 2 && index < 99) expect(node).toBeNull()
  }
  expect(tally.statements).toHaveLength(1)
})

test('a hundred and one ids are refused', async () => {
  const { errors } = await catalogue.ask('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
    variables: { ids: Array(101).fill(idOf('Book', 1)) },
  })

  expect(errors).toEqual(['nodes BAD_USER_INPUT'])
})

test('under parents that are not there nothing is read', async () => {
  const { data, tally } = await catalogue.ask(
    '{ authors(filter: { name: "nobody at all" }) { nodes { books { totalCount nodes { tags { nodes { id } } } } } } }',
  )

  expect(data.authors.nodes).toEqual([])
  expect(tally.statements).toHaveLength(1)
})

describe('global ids', () => {
  const wrong = [
    ['nothing', ''],
    ['no base64', '!!!'],
    ['another type', Buffer.from('Nothing:1').toString('base64url')],
    ['no key', Buffer.from('Book').toString('base64url')],
    ['text for a number', Buffer.from('Book:abc').toString('base64url')],
    ['a number beyond bounds', Buffer.from('Book:9223372036854775808').toString('base64url')],
    ['too few parts', Buffer.from('Edition:["1","a"]').toString('base64url')],
    ['parts of the wrong type', Buffer.from('Edition:[1,2,3,4]').toString('base64url')],
    ['no member', idOf('Edition', '1', 'a', 'VINYL', '2026-01-01T00:00:00Z')],
    ['no day', idOf('Edition', '1', 'a', 'PAPER', '2026-02-30T00:00:00Z')],
    ['NUL', idOf('Tag', 'a\u0000b')],
    ['half a uuid', idOf('Author', '00000000-0000-7000')],
    ['SQL', idOf('Author', "'; DROP TABLE book; --")],
    ['a prototype', idOf('__proto__', 'x')],
    ['too long', idOf('Tag', 'x'.repeat(1000))],
  ] as const

  test.each(wrong)('with %s are refused by name', async (_what, id) => {
    const { data, errors, tally } = await catalogue.ask(
      'query ($id: ID!) { node(id: $id) { id } }',
      {
        variables: { id },
      },
    )

    expect(data.node).toBeNull()
    expect(errors).toEqual(['node BAD_USER_INPUT'])
    expect(tally.statements).toEqual([])
  })

  test('of keys with commas, quotes, line breaks or nothing in them find their rows', async () => {
    const keys = ['a,b', '"', 'line\nbreak', '', '%', "it's", '\\', '😀']
    await catalogue.run('DELETE FROM "Tag"')
    for (const key of keys) {
      await catalogue.run('INSERT INTO "Tag" (label, is_hidden) VALUES ($1, false)', key)
    }

    const { data } = await catalogue.ask(
      'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Tag { label } } }',
      { variables: { ids: keys.map((key) => idOf('Tag', key)) } },
    )

    expect(data.nodes).toEqual(keys.map((label) => ({ label })))
  })
})

test.each(texts)('the text %j is a value wherever a text may stand', async (text) => {
  const { data, errors } = await catalogue.ask(
    `query ($text: String!) {
      tag(label: $text) { label }
      books(tag: $text, code: $text) { totalCount }
      search: authors(filter: { search: $text }) { totalCount }
      name: authors(filter: { name: $text }) { nodes { name } }
      aliases: authors(filter: { aliases: [$text, $text] }) { totalCount }
    }`,
    { variables: { text } },
  )

  expect(errors).toEqual([])
  expect(data.tag?.label ?? text).toBe(text)
  for (const { name } of data.name.nodes) expect(name).toBe(text)
})

test('the NUL character is refused in every text that a client can send', async () => {
  await using app = await startTestApp()
  const admin = await app.rows.admin()
  const fields = [
    'course(slug: $text) { id }',
    'course(id: $id) { id }',
    'courses(filter: { search: $text }) { nodes { id } }',
    'courses(after: $text) { nodes { id } }',
    'courses(before: $text) { nodes { id } }',
    'users(filter: { search: $text }) { nodes { id } }',
    'node(id: $id) { id }',
    'nodes(ids: [$id]) { id }',
  ]
  for (const field of fields) {
    const [type, name] = field.includes('$id') ? ['ID!', 'id'] : ['String', 'text']
    const { errors } = await app.query(`query ($${name}: ${type}) { field: ${field} }`, {
      variables: { [name]: 'a\u0000b' },
      as: admin,
    })

    expect(errors?.length, field).toBe(1)
    expect(['BAD_USER_INPUT', 'INVALID_CURSOR'], field).toContain(errors?.[0]?.extensions.code)
  }
})

describe('cursors', () => {
  const list = (page: string) =>
    `query ($cursor: String) { books(first: 3, after: $cursor ${page}) { edges { cursor } } }`
  const ask = (cursor: string, page = '') =>
    catalogue.ask(list(page), { variables: { cursor }, viewer: editor })

  test('with any one character changed, left out or added are refused', async () => {
    const { data } = await catalogue.ask(list(''), { viewer: editor })
    const cursor: string = data.books.edges[0].cursor
    const other = (character: string) => (character === 'A' ? 'B' : 'A')
    const spoilt = [...cursor].flatMap((character, index) => [
      cursor.slice(0, index) + other(character) + cursor.slice(index + 1),
      cursor.slice(0, index) + cursor.slice(index + 1),
      `${cursor.slice(0, index)}-${cursor.slice(index)}`,
    ])
    expect((await ask(cursor)).errors).toEqual([])

    for (const text of [...spoilt, `${cursor}=`, ` ${cursor}`, '', 'A', '\u0000']) {
      if (text !== cursor) expect((await ask(text)).errors, text).toEqual(['books INVALID_CURSOR'])
    }
  })

  test('of another list, order or filter are refused', async () => {
    const others = [
      'books(orderBy: PRICE)',
      'books(tag: "a")',
      'books(genres: [NOVEL])',
      'tags',
      'authors',
    ]
    for (const other of others) {
      const { data } = await catalogue.ask(`{ list: ${other} { edges { cursor } } }`, {
        viewer: editor,
      })
      for (const { cursor } of data.list.edges.slice(0, 2)) {
        expect((await ask(cursor)).errors, other).toEqual(['books INVALID_CURSOR'])
      }
    }
  })

  test('that are well made of values nobody was given end in no error of the database', async () => {
    const fields = [
      ...[
        'NAME',
        'RATING',
        'RATING_FIRST',
        'ROYALTIES',
        'FAVOURITE',
        'TIMES',
        'JOINED',
        'BOOKS',
      ].map((order) => `authors(orderBy: ${order}`),
      ...['TITLE', 'PRICE', 'CODE', 'TAGS'].map((order) => `books(orderBy: ${order}`),
      ...['I', 'O', 'KEY'].map((order) => `copies(orderBy: ${order}`),
      ...['tags(', 'contributions(', 'editions('],
    ]
    const real: Record<string, readonly unknown[]> = {}
    for (const field of fields) {
      const { data } = await catalogue.ask(`{ list: ${field} first: 1) { edges { cursor } } }`, {
        viewer: editor,
      })
      real[field] = unpack(data.list.edges[0].cursor)
    }
    const strange = fc.oneof(
      fc.constantFrom(
        ...[null, '', '0', '-0', '1e-400', '1e400', '1e39', '1e-50', 'NaN', 'Infinity', 'nan', '٣'],
        ...['9223372036854775808', '-9223372036854775808', '2147483648', '1.5', '0x10', ' 1', '1 '],
        ...['2026-02-30 00:00:00+00', '2026-01-01 25:00:00+00', '0000-01-01 00:00:00+00', 'now'],
        ...['294277-01-01 00:00:00+00', '294276-12-31 23:59:59+00', '4714-01-01 00:00:00+00 BC'],
        ...['infinity', '-infinity', '24:00:00', '23:59:60', 'allballs', 'novel', 'NOVEL', 'VINYL'],
        ...['t', 'true', 'yes', '\\x00', "'; --", '\u0000', '{1,2}', 'x'.repeat(250), '\ud800'],
        ...[authorId(3), authorId(3).replaceAll('-', ''), 'ZZZZZZZZ-0000-7000-8000-000000000000'],
        ...[1, true, {}, [], ['a', 'b'], [['a'], 'b'], ['a'.repeat(99), 'x'], [null, 'x']],
      ),
      fc.string(),
      fc.integer().map(String),
      fc.double().map(String),
      fc
        .date({ noInvalidDate: true })
        .map((date) => date.toISOString().replace('T', ' ').replace('Z', '+00')),
    )
    const property = fc.asyncProperty(
      fc.constantFrom(...fields),
      fc.array(fc.record({ at: fc.nat(5), value: strange }), { minLength: 1, maxLength: 5 }),
      fc.constantFrom('first: 2, after', 'first: 2, before', 'last: 2, after', 'last: 2, before'),
      async (field, changes, page) => {
        const parts = [...(real[field] ?? [])]
        for (const { at, value } of changes) parts[1 + (at % (parts.length - 1))] = value
        const { errors } = await catalogue.ask(
          `query ($cursor: String) { list: ${field} ${page}: $cursor) { totalCount pageInfo { hasNextPage hasPreviousPage } edges { cursor } } }`,
          { variables: { cursor: pack(parts) }, viewer: editor },
        )
        expect([[], ['list INVALID_CURSOR']]).toContainEqual(errors)
      },
    )
    await fc.assert(property, { numRuns: 600, seed: 5 })
  }, 60_000)

  /** As the library packs them: a checksum before the JSON of digest and values. */
  function pack(parts: readonly unknown[]): string {
    const json = Buffer.from(JSON.stringify(parts))
    const checksum = Buffer.alloc(4)
    checksum.writeUInt32BE(crc32(json))
    return Buffer.concat([checksum, json]).toString('base64url')
  }

  function unpack(cursor: string): readonly unknown[] {
    return JSON.parse(Buffer.from(cursor, 'base64url').subarray(4).toString())
  }

  test('made up by somebody show no row that they may not see', async () => {
    const { data } = await catalogue.ask(list(''), { viewer: editor })
    const [digest] = unpack(data.books.edges[0].cursor)
    const hidden = await catalogue.run('SELECT id, title FROM archive.book WHERE NOT is_public')
    const visible = await catalogue.run('SELECT id FROM archive.book WHERE is_public')
    const ids = new Set(visible.map(([id]) => idOf('Book', id)))
    expect(hidden.length).toBeGreaterThan(3)

    for (const [id, title] of hidden) {
      const cursor = pack([digest, String(title).slice(0, 100), String(id)])
      for (const page of ['first: 9, after', 'last: 9, before']) {
        const answer = await catalogue.ask(
          `query ($cursor: String) { books(${page}: $cursor) { nodes { id } } }`,
          { variables: { cursor } },
        )
        expect(answer.errors).toEqual([])
        for (const node of answer.data.books.nodes) expect(ids).toContain(node.id)
      }
    }
  })

  test.each([
    'first: -1',
    'first: 101',
    'last: -1',
    'last: 101',
    'first: 1, last: 1',
    'first: 2147483647',
  ])('a page of (%s) is refused', async (page) => {
    const { errors } = await catalogue.ask(`{ books(${page}) { nodes { id } } }`)

    expect(errors).toEqual(['books BAD_USER_INPUT'])
  })
})

test('more loads than a statement takes are split, and answered in their order', async () => {
  await using own = await openFilledCatalogue({ authors: 1, books: 0 })
  await own.run(
    'INSERT INTO archive.book (id, title) SELECT n, n::text FROM generate_series(1, 12000) n WHERE n % 3 > 0',
  )
  const { loaders, tally } = await own.ask('{ __typename }')
  const model = own.datamodel.models.Book
  if (!model) throw new Error('The schema has books')
  const needs = { columns: new Set(['title']), joins: new Map() }
  const plan = { model, key: ['id'], needs }
  const asker = { fieldNodes: {}, path: { prev: undefined, key: 'test', typename: undefined } }

  const rows = await Promise.all(
    Array.from({ length: 12_000 }, (_, index) =>
      loaders.findRow({ plan, values: [BigInt(index + 1)], asker }),
    ),
  )

  expect(tally.statements).toHaveLength(2)
  for (const [index, row] of rows.entries()) {
    expect(row?.title ?? null).toBe((index + 1) % 3 > 0 ? String(index + 1) : null)
  }
})

describe('a relation whose row vanishes between two statements', () => {
  const columns = 'name fame favourite born wakesAt seenAt joinedAt isActive genres'

  test('is an error at its place where a row must be, and hurts nothing else', async () => {
    await using own = await openFilledCatalogue({ authors: 6, books: 0 })
    await own.run('ALTER TABLE "Contribution" DROP CONSTRAINT "Contribution_author_id_fkey"')
    await own.run("INSERT INTO archive.book (id, title) VALUES (1, 'x'), (2, 'x')")
    const insert = 'INSERT INTO "Contribution" VALUES ($1, $2::int, 1, $3::archive."genre kind")'
    await own.run(insert, authorId(0), 1, 'novel')
    await own.run(insert, authorId(1), 2, 'novel')
    await own.run('DELETE FROM "Dossier"')
    // The row goes when the first statement has been answered.
    const query = own.database.query.bind(own.database)
    let statements = 0
    own.database.query = async (...args) => {
      const rows = await query(...args)
      statements += 1
      if (statements === 1) {
        await query({ name: 'v1', text: 'UPDATE archive."the authors" SET mentor_id = NULL' }, [])
        await query(
          { name: 'v2', text: 'DELETE FROM archive."the authors" WHERE author_id = $1' },
          [authorId(1)],
        )
      }
      return rows
    }

    const { data, errors } = await own.ask(
      `{ contributions { edges { node { book { title } author { ${columns} } } } } }`,
      { viewer: editor },
    )

    expect(data).toBeNull()
    expect(errors).toEqual(['contributions.edges.1.node.author NOT_FOUND'])
  })
})

describe.runIf(testDatabaseKind() === 'postgresql')('on a server', () => {
  const document = `{
    authors { nodes { books { totalCount nodes { title } } admirers { nodes { name } } } }
    viewer { name books { nodes { title } } }
    copy(k: 0, n: 1) { t }
  }`

  test('a statement that takes too long fails all who wait for it, nothing is remembered, and the pool goes on', async () => {
    await using own = await openFilledCatalogue(
      { authors: 6, books: 6 },
      { statementTimeoutMs: 300, poolSize: 3 },
    )
    await using locked = await lockBooks(own)

    const waiting = own.ask(document, { viewer: editor })
    const failed = await waiting

    expect(failed.data).toBeNull()
    expect(codesOf(failed)).toEqual(new Set(['57014']))
    await locked.release()
    const again = await own.ask(document, { viewer: editor })
    expect(again.errors).toEqual([])
  })

  test('a connection that dies in the middle fails all who wait for it, and the pool replaces it', async () => {
    await using own = await openFilledCatalogue({ authors: 6, books: 6 }, { poolSize: 3 })
    await using locked = await lockBooks(own)

    const waiting = own.ask(document, { viewer: editor })
    const killed = await locked.killWaiting(waiting)
    const failed = await waiting

    expect(killed).toBeGreaterThan(0)
    expect(failed.data).toBeNull()
    expect(codesOf(failed)).toEqual(new Set(['57P01']))
    await locked.release()
    const again = await own.ask(document, { viewer: editor })
    expect(again.errors).toEqual([])
  })

  test('the same loaders read again what failed before', async () => {
    await using own = await openFilledCatalogue(
      { authors: 2, books: 2 },
      { statementTimeoutMs: 200, poolSize: 3 },
    )
    await using locked = await lockBooks(own)
    const { loaders } = await own.ask('{ __typename }')
    const model = own.datamodel.models.Book
    if (!model) throw new Error('The schema has books')
    const needs = { columns: new Set(['title']), joins: new Map() }
    const plan = { model, key: ['id'], needs }
    const asker = { fieldNodes: {}, path: { prev: undefined, key: 'test', typename: undefined } }
    const load = (id: bigint) => loaders.findRow({ plan, values: [id], asker })
    const [[id] = []] = await own.run('SELECT max(id) FROM archive.book_ids')

    const failed = await Promise.allSettled([
      load(BigInt(String(id))),
      load(5n),
      load(BigInt(String(id))),
    ])
    await locked.release()
    const row = await load(BigInt(String(id)))

    expect(failed.map(({ status }) => status)).toEqual(Array(3).fill('rejected'))
    expect(row).toMatchObject({ title: expect.any(String) })
  })

  function codesOf({ result }: Awaited<ReturnType<typeof catalogue.ask>>): ReadonlySet<unknown> {
    return new Set(
      result.errors?.map(({ originalError }) => Reflect.get(originalError ?? {}, 'code')),
    )
  }

  /** Holds the books from a connection of its own, so that whoever reads them waits. */
  async function lockBooks(own: typeof catalogue) {
    await own.run('CREATE TABLE archive.book_ids AS SELECT id FROM archive.book')
    const { default: pg } = await import('pg')
    const [[url] = []] = await own.run(
      `SELECT format('postgresql://%s@%s:%s/%s', current_user, host(inet_server_addr()), inet_server_port(), current_database())`,
    )
    const client = new pg.Client({ connectionString: String(url) })
    await client.connect()
    await client.query('BEGIN; LOCK TABLE archive.book IN ACCESS EXCLUSIVE MODE')
    const watcher = new pg.Client({ connectionString: String(url) })
    await watcher.connect()
    let isReleased = false
    const release = async () => {
      if (!isReleased) await client.query('ROLLBACK')
      isReleased = true
    }
    return {
      release,
      /** Ends the connections of all that wait for the lock, until the answer is there. */
      async killWaiting(answer: Promise<unknown>): Promise<number> {
        let isOver = false
        let killed = 0
        answer.finally(() => {
          isOver = true
        })
        while (!isOver) {
          const { rowCount } = await watcher.query(
            `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
          )
          killed += rowCount ?? 0
        }
        return killed
      },
      async [Symbol.asyncDispose]() {
        await release()
        await client.end()
        await watcher.end()
      },
    }
  }
})
