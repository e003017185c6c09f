import { createRandom, type Random } from '../../prisma/seed/random.ts'
import type { Queryable } from '../../src/sql/database.ts'
import { createStatement } from '../../src/sql/statements.ts'

const long = 'Once upon a time, when wishing still helped, there lived a very long title. '.repeat(
  9,
)

/** Texts that break naive quoting, naive joining of keys, and cursors that hold them whole. */
export const texts = [
  'a',
  'A',
  'b',
  'Zoë',
  'zz',
  '',
  ' ',
  "it's",
  '"q"',
  '\\',
  '%',
  '_',
  'a,b',
  '{x}',
  '[1]',
  'NULL',
  'null',
  'line\nbreak',
  "'; DROP TABLE book; --",
  '$1',
  '😀',
  '\u{10FFFF}',
  'e\u0301',
  'é',
  long,
  `${long}1`,
  `${long}2`,
  `${'ж'.repeat(250)}`,
] as const

const floats = [
  '0',
  '-0',
  '0.1',
  '1',
  '1.5',
  '-2.25',
  '1e308',
  '-1e308',
  '5e-324',
  '0.3333333333333333',
  'NaN',
  'Infinity',
  '-Infinity',
] as const
const reals = ['0', '0.1', '1', '-1', '16777216', '3.4028235e+38', '1e-45', 'NaN'] as const
const decimals = [
  '0',
  '0.1',
  '0.10',
  '-1.5',
  '123456789.0123456789',
  '999999999999999999999999999999.9999999999',
  '-0.0000000001',
  'NaN',
] as const
const shares = ['0', '0.25', '0.5', '0.75', '0.25', '-1.125', '99999.5'] as const
const bigints = [
  '0',
  '1',
  '-1',
  '9007199254740993',
  '9223372036854775807',
  '-9223372036854775808',
] as const
const dates = ['2026-01-01', '2026-01-02', '0001-01-01', '9999-12-31'] as const
const clocks = ['00:00:00', '12:00:00.000001', '12:00:00.000002', '23:59:59.999999'] as const
const zoneless = [
  '2026-01-01 00:00:00',
  '2026-01-01 00:00:00.000001',
  '2026-01-01 00:00:00.1',
  '1969-12-31 23:59:59.999999',
  '0001-01-01 00:00:00',
  '9999-12-31 23:59:59.999999',
] as const
export const times = zoneless.map((time) => `${time}+00`)
const ints = [0, 1, 2, 3, -1, 2147483647, -2147483648] as const
const genres = ['novel', 'a "poem"', 'ESSAY'] as const
const formats = ['paper', 'audio, spoken', 'SCREEN'] as const
const jsons = [{ a: [1, null, 'x'] }, [], 'text', 0, false, null] as const

export interface CatalogueSize {
  readonly authors: number
  readonly books: number
}

/** Replaces all rows: few distinct values, so that there are ties and NULLs in every order. */
export async function fillCatalogue(
  database: Queryable,
  seed: number,
  size: CatalogueSize,
): Promise<void> {
  const rows = drawCatalogue(createRandom(seed, 'catalogue'), size)
  await run(
    database,
    'TRUNCATE archive."the authors", "Dossier", archive.book, "Tag", "Contribution", archive."Edition", "Copy", archive."_BookToTag", archive."_admiration"',
  )
  for (const [table, list] of Object.entries(rows)) {
    await run(
      database,
      `INSERT INTO ${table} SELECT * FROM jsonb_populate_recordset(NULL::${table}, $1::jsonb)`,
      [JSON.stringify(list)],
    )
  }
}

async function run(database: Queryable, sql: string, values: readonly unknown[] = []) {
  await database.query(createStatement(sql), values)
}

export function authorId(index: number): string {
  return `00000000-0000-7000-8000-${String(index * 7919).padStart(12, '0')}`
}

function drawCatalogue(random: Random, size: CatalogueSize) {
  const maybe = <T>(list: readonly T[]) => (random.chance(0.25) ? null : random.pick(list))
  const some = <T>(list: readonly T[]) =>
    random.chance(0.2) ? null : times0(random.below(3), () => random.pick(list))
  const indexes = (count: number) => times0(count, (index) => index)

  const authors = indexes(size.authors).map((index) => ({
    author_id: authorId(index),
    'full name': random.pick(texts.slice(0, 24)),
    rating: maybe(floats),
    royalties: maybe(decimals),
    fame: random.pick(bigints),
    favourite: maybe(genres),
    born: maybe(dates),
    'wakes at': maybe(clocks),
    seen_at: maybe(zoneless),
    joined_at: random.pick(times),
    is_active: random.chance(0.5),
    extra: maybe(jsons),
    portrait: maybe(['\\x', '\\x00ff', '\\x27225c']),
    aliases: some(texts.slice(0, 20)),
    lucky_numbers: some(bigints),
    prices: some(decimals),
    moments: some(times),
    genres: some(genres),
    mentor_id: index > 0 && random.chance(0.7) ? authorId(random.below(index)) : null,
  }))
  const books = indexes(size.books).map((index) => ({
    id: random.chance(0.1) ? String(-index - 1) : String(9007199254740993n + BigInt(index)),
    title: random.pick(texts),
    is_public: random.chance(0.6),
    genre: maybe(genres),
    price: maybe([
      ...decimals,
      '12345678901234567890123456789012345.123456789012345678901234567891',
    ]),
    code: maybe(['a', 'a', 'ab', 'abcd', '']),
    published_at: maybe(times),
    author_id: authors.length > 0 && random.chance(0.8) ? random.pick(authors).author_id : null,
  }))
  const tags = texts
    .filter((text) => text.length < 80 && random.chance(0.5))
    .map((label) => ({ label, is_hidden: random.chance(0.4), weight: maybe(reals) }))
  const pairs = <A, B>(lefts: readonly A[], rights: readonly B[], probability: number) =>
    lefts.flatMap((left) =>
      rights.filter(() => random.chance(probability)).map((right) => ({ left, right })),
    )
  const contributions = pairs(authors, books, 2.5 / Math.max(1, size.books)).map(
    ({ left, right }) => ({
      author_id: left.author_id,
      book_id: right.id,
      share: random.pick(shares),
      genre: random.pick(genres),
    }),
  )
  const editions = pairs(books, ['', 'a,b', 'a', '"'], 0.3).flatMap(({ left, right }) =>
    pairs([random.pick(formats)], times.slice(0, 3), 0.6).map((pair) => ({
      book_id: left.id,
      market: right,
      format: pair.left,
      since: pair.right,
      pages: maybe([0, 1, 2, 250, -1, 1_000_000]),
      weight: random.pick(reals.slice(0, -1)),
    })),
  )
  const copies = indexes(size.books).map((index) => {
    const { book_id, market, format, since } =
      editions.length > 0 && random.chance(0.8)
        ? random.pick(editions)
        : { book_id: null, market: null, format: null, since: null }
    return {
      k: random.below(3) - 1,
      n: index,
      i: maybe(ints),
      rank: maybe(ints),
      t: maybe(texts.slice(0, 12)),
      r: maybe(['00:00:00', '12:00:00.001', '23:59:59.999']),
      ...Object.fromEntries(
        ['c1', 's1', 'o1', 'a1', 'b1', 'k1', 'p1', 'f1'].map((name) => [name, maybe(ints)]),
      ),
      is_row: random.chance(0.5),
      count: random.pick(ints),
      sum: random.pick(ints),
      book_id,
      // A key that is NULL in part leads nowhere.
      market: random.chance(0.9) ? market : null,
      format,
      since,
    }
  })
  return {
    'archive."the authors"': authors,
    '"Dossier"': authors
      .filter(() => random.chance(0.6))
      .map(({ author_id }, index) => ({
        id: index * 3 - 2,
        author_id,
        note: random.pick(texts),
        secret: maybe(texts),
        size: random.pick([-32768, -1, 0, 1, 32767]),
      })),
    'archive.book': books,
    '"Tag"': tags,
    '"Contribution"': contributions,
    'archive."Edition"': editions,
    '"Copy"': copies,
    'archive."_BookToTag"': pairs(books, tags, 0.25).map(({ left, right }) => ({
      A: left.id,
      B: right.label,
    })),
    'archive."_admiration"': pairs(authors, authors, 2 / Math.max(1, size.authors)).map(
      ({ left, right }) => ({ A: left.author_id, B: right.author_id }),
    ),
  }
}

function times0<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index))
}
