import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { generateTriggers } from '../../src/capture/generate-triggers.ts'
import type { Database } from '../../src/sql/database.ts'
import { getModel } from '../../src/sql/datamodel.ts'
import { literal, quote, tableName } from '../../src/sql/identifiers.ts'
import type { Tag } from '../../src/tags/tag.ts'
import { authorId, fillCatalogue, texts, times } from '../foreign/catalogue-rows.ts'
import { createCatalogueSchema } from '../foreign/catalogue-schema.ts'
import { datamodel } from '../foreign/generated/datamodel.ts'
import { openCatalogue } from '../foreign/open-catalogue.ts'
import { type Answer, createAsker } from '../loaders/ask-loaders.ts'
import { drawDocument } from '../loaders/random-document.ts'
import { createProbe } from './probe.ts'

const isLong = process.env.LOADLINE_LONG === '1'
const runs = isLong ? 3_000 : 60
const writesPerDocument = 6

let database: Database
let probe: ReturnType<typeof createProbe>
const schema = createCatalogueSchema()

beforeAll(async () => {
  database = await openCatalogue()
  const adapter = await database.adapter.connect()
  await adapter.executeScript(generateTriggers(datamodel))
  probe = createProbe(database)
})
afterAll(() => database[Symbol.asyncDispose]())

const book = 'archive.book'

/** What a read leaves and a write announces in common, for keys of every kind. */
const meetings: readonly {
  readonly read: string
  readonly write: string
  readonly common: readonly Tag[]
}[] = [
  {
    read: '{ tag(label: "a,b") { weight } }',
    write: `UPDATE "Tag" SET is_hidden = NOT is_hidden WHERE label = 'a,b'`,
    common: ['Tag:a,b'],
  },
  {
    read: '{ copy(k: 0, n: 100) { n } }',
    write: `UPDATE "Copy" SET count = count + 1 WHERE (k, n) = (0, 100)`,
    common: ['Copy:0,100'],
  },
  {
    read: '{ copy(k: 9, n: 100) { n } }',
    write: `UPDATE "Copy" SET k = 9 WHERE (k, n) = (1, 101)`,
    common: ['Copy.*'],
  },
  {
    read: `{ node(id: "${globalId('Book', '9007199254740993')}") { ... on Book { editions { nodes { pages } } } } }`,
    write: `UPDATE archive."Edition" SET pages = 7 WHERE book_id = 9007199254740993`,
    common: [
      'Edition:9007199254740993,a,b,audio, spoken,2026-01-01 00:00:00.000001+00',
      'Edition:9007199254740993,a,paper,2026-01-01 00:00:00+00',
    ],
  },
  {
    read: `{ node(id: "${globalId('Book', '9007199254740993')}") { ... on Book { editions { totalCount } } } }`,
    write: `DELETE FROM archive."Edition" WHERE book_id = 9007199254740993 AND format = 'paper'`,
    common: ['Edition.bookId=9007199254740993'],
  },
  {
    read: `{ node(id: "${globalId('Author', authorId(0))}") { ... on Author { books { totalCount } } } }`,
    write: `UPDATE ${book} SET author_id = '${authorId(0)}' WHERE id = 9007199254740994`,
    common: [`Book.authorId=${authorId(0)}`],
  },
  {
    read: `{ node(id: "${globalId('Book', '9007199254740993')}") { ... on Book { tags { nodes { label } } } } }`,
    write: `DELETE FROM archive."_BookToTag" WHERE "A" = 9007199254740993`,
    common: ['_BookToTag.A=9007199254740993'],
  },
  {
    read: `{ node(id: "${globalId('Author', authorId(1))}") { ... on Author { admirerCount } } }`,
    write: `UPDATE archive."_admiration" SET "A" = '${authorId(1)}' WHERE "A" = '${authorId(0)}'`,
    common: [`_admiration.A=${authorId(1)}`],
  },
  {
    read: '{ places { nodes { author { id } } } }',
    write: `UPDATE ${book} SET author_id = NULL WHERE id = 9007199254740993`,
    common: ['Book.*', 'Book.*/authorId'],
  },
]

test.for(meetings)('$read meets $write', async ({ read, write, common }) => {
  await fillFew()
  const { readSet, errors } = await createAsker({ schema, datamodel, queryable: database })(read, {
    viewer: { id: authorId(0), role: 'EDITOR' },
  })
  const announced = await probe.tagsOf(write)

  expect(errors).toEqual([])
  expect(announced.filter((tag) => readSet.tags.has(tag))).toEqual([...common].sort())
})

test(
  'whatever write changes an answer announces a tag that the answer has left',
  async () => {
    const ask = createAsker({ schema, datamodel, queryable: database })
    const viewers = [
      null,
      { id: authorId(0), role: 'WRITER' },
      { id: authorId(1), role: 'EDITOR' },
    ] as const
    const score = { changed: 0, spared: 0 }
    let run = 0

    const property = fc.asyncProperty(fc.gen(), async (g) => {
      run += 1
      if (run % 8 === 1) await fillCatalogue(database, run, { authors: 9, books: 14 })
      const ids = await nodeIds()
      const pools = { texts: texts.slice(0, 24), times: times.map(toRfc3339), ids }
      const { text, variables } = drawDocument(schema, pools, g).print()
      const viewer = viewers[g(fc.nat, { max: 2 })] ?? null
      const read = () => ask(text, { variables, viewer }).catch(() => null)

      let before = await read()
      for (let turn = 0; turn < writesPerDocument && before; turn += 1) {
        const write = drawWrite((limit) => g(fc.nat, { max: limit - 1 }))
        const announced = await probe.tagsOf(() => probe.run(write).catch(ignoreRefused))
        const left = before.readSet.tags
        const isMet = announced.some((tag) => left.has(tag))
        const after = await read()
        if (show(after) === show(before)) {
          if (announced.length > 0 && !isMet) score.spared += 1
        } else {
          score.changed += 1
          expect(
            isMet,
            `${text}\n${write}\n${announced.join('\n')}\nleft:\n${[...left].join('\n')}`,
          ).toBe(true)
        }
        before = after
      }
    })

    await fc.assert(property, { seed: 7, numRuns: runs, endOnFailure: true })
    expect(score.changed).toBeGreaterThan(runs / 4)
    expect(score.spared).toBeGreaterThan(runs / 4)
  },
  isLong ? 3_600_000 : 120_000,
)

/** Errors are in the order in which they happen to come. */
function show(answer: Answer | null): string {
  return JSON.stringify([answer?.data, answer?.errors])
}

const tables = Object.values(datamodel.models).map((model) => ({
  name: tableName(model),
  columns: Object.values(model.columns).map(({ dbName }) => quote(dbName)),
}))
const joinTables = ['archive."_BookToTag"', 'archive."_admiration"']

/** A change of some rows: another row's values, or NULL, or gone, or a link made or cut. */
function drawWrite(below: (limit: number) => number): string {
  const pick = <T>(list: readonly T[]) => list[below(list.length)] as T // the lists are not empty
  const salt = below(1_000_000)
  const some = (table: string, count: number) =>
    `SELECT ctid FROM ${table} AS t ORDER BY md5(t::text || ${salt}) LIMIT ${count}`
  const count = pick([1, 1, 2, 5])
  const kind = below(10)
  if (kind === 0) {
    const table = pick([...tables.map(({ name }) => name), ...joinTables])
    return `DELETE FROM ${table} WHERE ctid IN (${some(table, count)})`
  }
  if (kind === 1) {
    return `INSERT INTO archive."_BookToTag" SELECT b.id, t.label FROM ${book} AS b, "Tag" AS t
      ORDER BY md5(b.id || t.label || ${salt}) LIMIT ${count} ON CONFLICT DO NOTHING`
  }
  if (kind === 2) {
    return `INSERT INTO archive."_admiration" SELECT a.author_id, b.author_id
      FROM archive."the authors" AS a, archive."the authors" AS b
      ORDER BY md5(a::text || b::text || ${salt}) LIMIT ${count} ON CONFLICT DO NOTHING`
  }
  if (kind === 3) {
    const to = pick(['"A"', '"B"'])
    const table = pick(joinTables)
    return `UPDATE ${table} SET ${to} = (SELECT ${to} FROM ${table} AS t ORDER BY md5(t::text || ${salt + 1}) LIMIT 1)
      WHERE ctid IN (${some(table, count)})`
  }
  const table = pick(tables)
  const column = pick(table.columns)
  const value =
    kind === 4
      ? 'NULL'
      : `(SELECT ${column} FROM ${table.name} AS t ORDER BY md5(t::text || ${salt + 1}) LIMIT 1)`
  return `UPDATE ${table.name} SET ${column} = ${value} WHERE ctid IN (${some(table.name, count)})`
}

/** Constraints refuse some writes, which then change nothing. */
function ignoreRefused(error: unknown): void {
  if (!(error instanceof Error && /constraint/.test(error.message))) throw error
}

async function nodeIds(): Promise<readonly string[]> {
  const authors = await probe.run('SELECT author_id FROM archive."the authors"')
  const books = await probe.run(`SELECT id FROM ${book}`)
  return [
    ...authors.map(([id]) => globalId('Author', String(id))),
    ...books.map(([id]) => globalId('Book', String(id))),
    globalId('Book', '42'),
  ]
}

function globalId(model: string, key: string): string {
  return Buffer.from(`${getModel(datamodel, model).name}:${key}`).toString('base64url')
}

function toRfc3339(time: string): string {
  return `${time.replace(' ', 'T').slice(0, -3)}Z`
}

/** Two authors with a book each; the first book has two editions and a tag. */
async function fillFew(): Promise<void> {
  await fillCatalogue(database, 1, { authors: 0, books: 0 })
  const first = '9007199254740993'
  for (const index of [0, 1]) {
    await probe.run(
      `INSERT INTO archive."the authors" (author_id, "full name", fame, joined_at, is_active)
       VALUES ('${authorId(index)}', 'n', 1, '2026-01-01', true)`,
    )
  }
  for (const index of [0, 1]) {
    await probe.run(
      `INSERT INTO ${book} (id, title, author_id) VALUES (${BigInt(first) + BigInt(index)}, 't', '${authorId(1)}')`,
    )
    await probe.run(
      `INSERT INTO "Copy" (k, n, is_row, count, sum) VALUES (${index}, ${100 + index}, true, 1, 1)`,
    )
  }
  await probe.run(`INSERT INTO archive."_admiration" VALUES ('${authorId(0)}', '${authorId(0)}')`)
  await probe.run(`DELETE FROM "Tag" WHERE label = 'a,b'`)
  await probe.run(`INSERT INTO "Tag" (label, is_hidden) VALUES ('a,b', false)`)
  await probe.run(`INSERT INTO archive."_BookToTag" VALUES (${first}, ${literal('a,b')})`)
  await probe.run(
    `INSERT INTO archive."Edition" (book_id, market, format, since, weight) VALUES
       (${first}, 'a,b', 'audio, spoken', '2026-01-01 00:00:00.000001+00', 1),
       (${first}, 'a', 'paper', '2026-01-01 00:00:00+00', 1)`,
  )
}
