import fc from 'fast-check'
import { parse, validate } from 'graphql'
import { expect, test } from 'vitest'
import { createRandom, type Random } from '../../prisma/seed/random.ts'
import { createStatement } from '../../src/sql/statements.ts'
import { authorId, fillCatalogue, texts, times } from '../foreign/catalogue-rows.ts'
import { createCatalogueSchema } from '../foreign/catalogue-schema.ts'
import { datamodel } from '../foreign/generated/datamodel.ts'
import { catalogueTables, naiveId } from '../foreign/naive-catalogue.ts'
import { openCatalogue } from '../foreign/open-catalogue.ts'
import { type Answer, createAsker } from '../loaders/ask-loaders.ts'
import { loadTables } from '../loaders/naive-tables.ts'
import { drawDocument, type Pools } from '../loaders/random-document.ts'
import { announcedTags } from './announced-tags.ts'

const isLong = process.env.LOADLINE_LONG === '1'
const size = isLong
  ? { dataSets: 60, documents: 40, writes: 60 }
  : { dataSets: 3, documents: 24, writes: 20 }

test(
  'whenever a write changes an answer, it announces a tag that the answer has left',
  async () => {
    await using database = await openCatalogue()
    const schema = createCatalogueSchema()
    const ask = createAsker({ schema, datamodel, queryable: database })
    const { BookTag, Admiration, ...models } = catalogueTables
    const sources = { ...models, BookToTag: BookTag, admiration: Admiration }
    let changes = 0

    for (let seed = 1; seed <= size.dataSets; seed += 1) {
      await fillCatalogue(database, seed, { authors: 8, books: 10 })
      const random = createRandom(seed, 'writes')
      let before = await loadTables(database, sources)
      const ids = Object.entries(before)
        .filter(([name]) => name in datamodel.models)
        .flatMap(([, { rows }]) => rows.map(naiveId))
      const pools: Pools = {
        ids,
        texts: texts.slice(0, 20),
        times: times.map((time) => `${time.replace(' ', 'T').slice(0, -3)}Z`),
      }
      const questions = await drawQuestions(schema, pools, seed)
      let answers = await askAll(questions)

      for (let write = 0; write < size.writes; write += 1) {
        const sql = drawWrite(random)
        await database.query(createStatement(sql), []).catch(ignoreConstraint)
        const after = await loadTables(database, sources)
        const announced = announcedTags(datamodel, before, after)
        const next = await askAll(questions)
        for (const [index, answer] of answers.entries()) {
          if (same(answer, next[index])) continue
          changes += 1
          const left = answer.readSet.tags
          const context = `${sql}\n${questions[index]?.text}\nleft ${[...left].sort().join(' ')}\nannounced ${[...announced].join(' ')}`
          expect(
            [...announced].some((tag) => left.has(tag)),
            context,
          ).toBe(true)
        }
        answers = next
        before = after
      }
    }
    expect(changes).toBeGreaterThan(size.dataSets * size.writes)

    function askAll(questions: readonly Question[]): Promise<readonly Answer[]> {
      return Promise.all(questions.map(({ text, ...asking }) => ask(text, asking)))
    }
  },
  isLong ? 3_600_000 : 120_000,
)

interface Question {
  readonly text: string
  readonly variables: Readonly<Record<string, unknown>>
  readonly viewer: { readonly id: string; readonly role: string } | null
}

async function drawQuestions(
  schema: Parameters<typeof drawDocument>[0],
  pools: Pools,
  seed: number,
): Promise<readonly Question[]> {
  const viewers = [
    null,
    { id: authorId(0), role: 'WRITER' },
    { id: authorId(1), role: 'WRITER' },
    { id: authorId(2), role: 'EDITOR' },
  ]
  const questions: Question[] = []
  const property = fc.property(fc.gen(), (g) => {
    const viewer = viewers[questions.length % viewers.length] ?? null
    const { text, variables } = drawDocument(schema, pools, g).print()
    // Fragments on different types may give one name to fields of different types.
    if (validate(schema, parse(text)).length === 0) questions.push({ text, variables, viewer })
  })
  fc.assert(property, { numRuns: size.documents, seed })
  return questions
}

function same(left: Answer, right: Answer | undefined): boolean {
  const print = (answer: Answer | undefined) => JSON.stringify([answer?.data, answer?.errors])
  return print(left) === print(right)
}

/** A constraint may forbid what was drawn; then nothing has changed. */
function ignoreConstraint(error: { readonly code?: string }): void {
  if (!error.code?.startsWith('23')) throw error
}

const columns = {
  'archive."the authors"': [
    ...['full name', 'rating', 'royalties', 'fame', 'favourite', 'born', 'seen_at', 'joined_at'],
    ...['is_active', 'extra', 'aliases', 'genres', 'mentor_id'],
  ],
  '"Dossier"': ['author_id', 'note', 'secret', 'size'],
  'archive.book': [
    ...['title', 'is_public', 'genre', 'price', 'code', 'published_at', 'author_id'],
  ],
  '"Tag"': ['is_hidden', 'weight'],
  '"Contribution"': ['share', 'genre'],
  'archive."Edition"': ['pages', 'weight'],
  '"Copy"': ['i', 'rank', 't', 'c1', 's1', 'o1', 'is_row'],
  'archive."_BookToTag"': [],
  'archive."_admiration"': [],
} as const

/** Inserts of a row like another, by table; `x` is a number that is new. */
const inserts = (x: number): readonly string[] => [
  `INSERT INTO archive."the authors" SELECT (jsonb_populate_record(a, jsonb_build_object('author_id', '${authorId(x)}'))).* FROM archive."the authors" a LIMIT 1`,
  `INSERT INTO archive.book SELECT (jsonb_populate_record(b, jsonb_build_object('id', ${x}))).* FROM archive.book b OFFSET ${x % 7} LIMIT 1`,
  `INSERT INTO "Tag" SELECT 'new ' || ${x}, false, weight FROM "Tag" LIMIT 1`,
  `INSERT INTO "Dossier" SELECT ${x}, author_id, 'new', NULL, -1 FROM archive."the authors" OFFSET ${x % 8} LIMIT 1`,
  `INSERT INTO "Contribution" SELECT a.author_id, b.id, 1, 'novel' FROM archive."the authors" a, archive.book b OFFSET ${x % 61} LIMIT 1`,
  `INSERT INTO archive."Edition" SELECT id, 'new', 'paper', '2026-01-01', 7, 1 FROM archive.book OFFSET ${x % 9} LIMIT 1`,
  `INSERT INTO "Copy" (k, n, is_row, count, sum, book_id, market, format, since) SELECT 0, ${x}, true, 0, 0, book_id, market, format, since FROM archive."Edition" OFFSET ${x % 9} LIMIT 1`,
  `INSERT INTO archive."_BookToTag" SELECT id, label FROM archive.book, "Tag" OFFSET ${x % 53} LIMIT 1`,
  `INSERT INTO archive."_admiration" SELECT a.author_id, b.author_id FROM archive."the authors" a, archive."the authors" b OFFSET ${x % 59} LIMIT 1`,
]

function drawWrite(random: Random): string {
  const x = random.between(10_000, 9_000_000)
  if (random.chance(0.25)) return random.pick(inserts(x))
  const [table, names] = random.pick(Object.entries(columns))
  const nth = () => `(SELECT ctid FROM ${table} ORDER BY ctid OFFSET ${random.below(9)} LIMIT 1)`
  if (names.length === 0 || random.chance(0.2)) return `DELETE FROM ${table} WHERE ctid = ${nth()}`
  const column = `"${random.pick(names)}"`
  const value = random.chance(0.15)
    ? 'NULL'
    : `(SELECT ${column} FROM ${table} WHERE ctid = ${nth()})`
  return `UPDATE ${table} SET ${column} = ${value} WHERE ctid = ${nth()}`
}
