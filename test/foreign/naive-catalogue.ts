import { GraphQLError } from 'graphql'
import { asc, desc, type NaiveTerm, paginate } from '../loaders/naive-page.ts'
import {
  asNode,
  forbidden,
  type NaiveArguments,
  type NaiveField,
  type NaiveTypes,
} from '../loaders/naive-schema.ts'
import {
  type loadTables,
  matching,
  type NaiveRow,
  type NaiveTable,
  type TableSource,
  text,
} from '../loaders/naive-tables.ts'
import { micros, scaled, show, showList, type ValueKind } from '../loaders/naive-values.ts'

export const catalogueTables = {
  Author: { sql: '"archive"."the authors"', key: ['author_id'] },
  Dossier: { sql: '"Dossier"', key: ['id'] },
  Book: { sql: 'archive.book', key: ['id'] },
  Tag: { sql: '"Tag"', key: ['label'] },
  Contribution: { sql: '"Contribution"', key: ['author_id', 'book_id'] },
  Edition: { sql: 'archive."Edition"', key: ['book_id', 'market', 'format', 'since'] },
  Copy: { sql: '"Copy"', key: ['k', 'n'] },
  BookTag: { sql: 'archive."_BookToTag"', key: ['A', 'B'] },
  Admiration: { sql: 'archive."_admiration"', key: ['A', 'B'] },
} satisfies Record<string, TableSource>

export interface CatalogueEnv {
  readonly tables: Awaited<ReturnType<typeof loadTables<keyof typeof catalogueTables>>>
  readonly viewer: { readonly id: string | null; readonly role: string }
  /** The row behind a cursor of an earlier answer. */
  readonly rowOfCursor: (cursor: string) => NaiveRow
  readonly rowOfId: (id: string) => NaiveRow | null
}

const genre = { novel: 'NOVEL', 'a "poem"': 'POEM', ESSAY: 'ESSAY' }
const format = { paper: 'PAPER', 'audio, spoken': 'AUDIO', SCREEN: 'SCREEN' }

type Rows = readonly NaiveRow[]
type Field = NaiveField<CatalogueEnv>

/** The global id of a row, as the library documents it. */
export function naiveId(row: NaiveRow): string {
  const { name, key } = row.table
  const members = name === 'Edition' ? format : {}
  const values = key.map((column) => {
    const value = text(row, column) ?? ''
    if (column === 'since') return `${value.replace(' ', 'T').replace(/\+00$/, '')}Z`
    return column === 'format' ? (Reflect.get(members, value) as string) : value
  })
  const printed = values.length === 1 ? values[0] : JSON.stringify(values)
  return Buffer.from(`${name}:${printed}`).toString('base64url')
}

const one = (rows: Rows): NaiveRow | null => rows[0] ?? null
const is = (row: NaiveRow, column: string) => text(row, column) === 't'

// Relations.
const booksOf = (author: NaiveRow, { tables }: CatalogueEnv) =>
  matching(tables.Book, author, { author_id: 'author_id' })
const contributionsOf = (author: NaiveRow, { tables }: CatalogueEnv) =>
  matching(tables.Contribution, author, { author_id: 'author_id' })
const contributionsTo = (book: NaiveRow, { tables }: CatalogueEnv) =>
  matching(tables.Contribution, book, { book_id: 'id' })
const editionsOf = (book: NaiveRow, { tables }: CatalogueEnv) =>
  matching(tables.Edition, book, { book_id: 'id' })
const editionKey = { book_id: 'book_id', market: 'market', format: 'format', since: 'since' }
const bookOf = (row: NaiveRow, { tables }: CatalogueEnv) =>
  one(matching(tables.Book, row, { id: 'book_id' }))
const authorOf = (row: NaiveRow, { tables }: CatalogueEnv) =>
  one(matching(tables.Author, row, { author_id: 'author_id' }))

function through(join: NaiveTable, near: string, far: string, target: NaiveTable, key: string) {
  return (value: string | null): Rows => {
    const keys = new Set(
      join.rows.filter((row) => text(row, near) === value).map((row) => text(row, far)),
    )
    return target.rows.filter((row) => keys.has(text(row, key)))
  }
}
const tagsOf = (book: NaiveRow, { tables }: CatalogueEnv) =>
  through(tables.BookTag, 'A', 'B', tables.Tag, 'label')(text(book, 'id'))
const taggedBooks = (tag: NaiveRow, { tables }: CatalogueEnv) =>
  through(tables.BookTag, 'B', 'A', tables.Book, 'id')(text(tag, 'label'))
// In A Prisma keeps the row of which the field is that comes first in the alphabet: admirers.
const admires = (author: NaiveRow, { tables }: CatalogueEnv) =>
  through(tables.Admiration, 'B', 'A', tables.Author, 'author_id')(text(author, 'author_id'))
const admirers = (author: NaiveRow, { tables }: CatalogueEnv) =>
  through(tables.Admiration, 'A', 'B', tables.Author, 'author_id')(text(author, 'author_id'))

// Who sees what.
const isEditor = ({ viewer }: CatalogueEnv) => viewer.role === 'EDITOR'
const isViewer = (id: string | null, { viewer }: CatalogueEnv) => id !== null && id === viewer.id

function seesBook(book: NaiveRow, env: CatalogueEnv): boolean {
  return (
    is(book, 'is_public') ||
    isEditor(env) ||
    isViewer(text(book, 'author_id'), env) ||
    contributionsTo(book, env).some((row) => isViewer(text(row, 'author_id'), env))
  )
}
function seesTag(tag: NaiveRow, env: CatalogueEnv): boolean {
  return (
    !is(tag, 'is_hidden') ||
    isEditor(env) ||
    taggedBooks(tag, env).some(
      (book) => text(book, 'genre') === 'novel' && isViewer(text(book, 'author_id'), env),
    )
  )
}
function seesDossier(dossier: NaiveRow, env: CatalogueEnv): boolean {
  return (
    isEditor(env) || isViewer(text(dossier, 'author_id'), env) || Number(text(dossier, 'size')) < 0
  )
}
function seesContribution(row: NaiveRow, env: CatalogueEnv): boolean {
  const book = bookOf(row, env)
  const author = authorOf(row, env)
  return (book !== null && seesBook(book, env)) || (author !== null && !is(author, 'is_active'))
}
function seesEdition(row: NaiveRow, env: CatalogueEnv): boolean {
  const book = bookOf(row, env)
  return book !== null && seesBook(book, env)
}
const seesAll = () => true

// Fields.
const column =
  (name: string, kind: ValueKind): Field =>
  (row) =>
    show(row, name, kind)
const list =
  (name: string, kind: ValueKind): Field =>
  (row) =>
    showList(row, name, kind)
const id: Field = (row) => naiveId(row)

/** A figure in the database's own numbers: what a computed order goes by. */
const counted =
  (rowsOf: (row: NaiveRow) => Rows): NaiveTerm['by'] =>
  (row) =>
    rowsOf(row).length

function connect(
  rowsOf: (row: NaiveRow, env: CatalogueEnv, args: NaiveArguments) => Rows,
  sees: (row: NaiveRow, env: CatalogueEnv) => boolean,
  orderOf: (args: NaiveArguments, env: CatalogueEnv) => readonly NaiveTerm[],
): Field {
  return (row, args, env) =>
    paginate(
      rowsOf(row, env, args).filter((other) => sees(other, env)),
      orderOf(args, env),
      args,
      env.rowOfCursor,
    )
}

function visible(
  find: (row: NaiveRow, env: CatalogueEnv, args: NaiveArguments) => NaiveRow | null,
  sees: (row: NaiveRow, env: CatalogueEnv) => boolean = seesAll,
): Field {
  return (row, args, env) => {
    const found = find(row, env, args)
    return found && sees(found, env) ? found : null
  }
}

function guard(may: (row: NaiveRow, env: CatalogueEnv) => boolean, field: Field): Field {
  return (row, args, env) => {
    if (!may(row, env)) throw forbidden()
    return field(row, args, env)
  }
}

const isSelf = (author: NaiveRow, env: CatalogueEnv) =>
  isEditor(env) || isViewer(text(author, 'author_id'), env)

function authorOrder({ orderBy }: NaiveArguments, env: CatalogueEnv): readonly NaiveTerm[] {
  switch (orderBy) {
    case 'RATING':
      return [desc('rating')]
    case 'RATING_FIRST':
      return [asc('rating', 'first'), desc('full name')]
    case 'ROYALTIES':
      return [desc('royalties', 'last'), asc('is_active')]
    case 'FAVOURITE':
      return [asc('favourite'), desc('fame')]
    case 'TIMES':
      return [asc('born', 'first'), desc('wakes at', 'last'), asc('seen_at'), desc('joined_at')]
    case 'JOINED':
      return [asc('joined_at')]
    case 'BOOKS':
      return [desc(counted((row) => booksOf(row, env).filter((book) => is(book, 'is_public'))))]
    case 'ADMIRERS':
      return [desc(counted((row) => admirers(row, env))), asc('full name')]
    case 'SHARES':
      return [asc((row) => sumOf(contributionsOf(row, env), 'share'))]
    default:
      return [asc('full name')]
  }
}

function sumOf(rows: Rows, name: string): bigint {
  return rows.reduce((sum, row) => sum + scaled(text(row, name) ?? '0'), 0n)
}

function bookOrder({ orderBy }: NaiveArguments, env: CatalogueEnv): readonly NaiveTerm[] {
  switch (orderBy) {
    case 'PRICE':
      return [desc('price'), asc('title')]
    case 'CODE':
      return [asc('code'), desc('genre')]
    case 'TAGS':
      return [asc(counted((row) => tagsOf(row, env)))]
    default:
      return [asc('title')]
  }
}

function copyOrder({ orderBy }: NaiveArguments): readonly NaiveTerm[] {
  if (orderBy === 'O') return [desc('o1', 'last'), asc('r', 'first')]
  if (orderBy === 'KEY') return [desc('n'), asc('k')]
  return [asc('i'), desc('s1'), asc('t')]
}

function keepAuthors(rows: Rows, filter: NaiveArguments, env: CatalogueEnv): Rows {
  const wants = (name: string) => filter[name] !== undefined && filter[name] !== null
  const compares =
    (name: string, from: string, test: (cell: string, value: string) => boolean) =>
    (row: NaiveRow) => {
      const cell = text(row, from)
      return !wants(name) || (cell !== null && test(cell, String(filter[name])))
    }
  const tests = [
    compares('search', 'full name', (cell, value) => lower(cell).includes(lower(value))),
    compares('name', 'full name', (cell, value) => [value, 'nobody'].includes(cell)),
    compares('isActive', 'is_active', (cell, value) => (cell === 't') === (value === 'true')),
    compares('favourite', 'favourite', (cell, value) => Reflect.get(genre, cell) !== value),
    compares('fameAbove', 'fame', (cell, value) => BigInt(cell) > BigInt(value)),
    // PostgreSQL takes NaN for greater than any other number.
    compares(
      'ratingBelow',
      'rating',
      (cell, value) => cell !== 'NaN' && Number(cell) < Number(value),
    ),
    compares(
      'royaltiesFrom',
      'royalties',
      (cell, value) => cell === 'NaN' || scaled(cell) >= scaled(value),
    ),
    compares('seenFrom', 'seen_at', (cell, value) => micros(cell) >= micros(value)),
    compares('seenBefore', 'seen_at', (cell, value) => micros(cell) < micros(value)),
    compares('joinedUntil', 'joined_at', (cell, value) => micros(cell) <= micros(value)),
    (row: NaiveRow) =>
      !wants('hasMentor') || filter.hasMentor === (text(row, 'mentor_id') !== null),
    (row: NaiveRow) =>
      !wants('aliases') ||
      (text(row, 'aliases') !== null &&
        JSON.stringify(JSON.parse(text(row, 'aliases') ?? '')) === JSON.stringify(filter.aliases)),
    (row: NaiveRow) =>
      filter.wroteNovel !== true ||
      booksOf(row, env).some((book) => text(book, 'genre') === 'novel'),
  ]
  return rows.filter((row) => tests.every((test) => test(row)))
}

/** ILIKE folds case as the database's locale does; beyond ASCII the data has no letters with case. */
function lower(value: string): string {
  return value.toLowerCase()
}

const author: Readonly<Record<string, Field>> = {
  id,
  name: column('full name', 'text'),
  rating: column('rating', 'float'),
  royalties: guard(isSelf, column('royalties', 'decimal')),
  fame: column('fame', 'bigint'),
  favourite: column('favourite', genre),
  born: column('born', 'date'),
  wakesAt: column('wakes at', 'time'),
  seenAt: column('seen_at', 'timestamp'),
  joinedAt: column('joined_at', 'timestamptz'),
  isActive: column('is_active', 'bool'),
  extra: column('extra', 'json'),
  portrait: column('portrait', 'bytes'),
  aliases: list('aliases', 'text'),
  luckyNumbers: list('lucky_numbers', 'bigint'),
  prices: list('prices', 'decimal'),
  moments: list('moments', 'timestamptz'),
  genres: list('genres', genre),
  headline: (row) => `${text(row, 'full name')} (${text(row, 'fame')})`,
  mentor: visible((row, { tables }) =>
    one(matching(tables.Author, row, { author_id: 'mentor_id' })),
  ),
  pupils: connect(
    (row, { tables }) => matching(tables.Author, row, { mentor_id: 'author_id' }),
    seesAll,
    authorOrder,
  ),
  admires: connect(admires, seesAll, authorOrder),
  admirers: connect(admirers, seesAll, () => [desc('favourite')]),
  dossier: visible(
    (row, { tables }) => one(matching(tables.Dossier, row, { author_id: 'author_id' })),
    seesDossier,
  ),
  books: connect(
    (row, env, args) =>
      booksOf(row, env).filter(
        (book) =>
          (args.genre == null || show(book, 'genre', genre) === args.genre) &&
          (args.isPublic == null || is(book, 'is_public') === args.isPublic),
      ),
    seesBook,
    () => [desc('published_at')],
  ),
  allBooks: connect(booksOf, seesAll, () => [asc('title'), desc('code')]),
  involvedIn: connect(
    (row, env) =>
      env.tables.Book.rows.filter(
        (book) =>
          text(book, 'author_id') === text(row, 'author_id') ||
          contributionsTo(book, env).some(
            (other) => text(other, 'author_id') === text(row, 'author_id'),
          ),
      ),
    seesBook,
    () => [asc('price', 'first')],
  ),
  contributions: connect(contributionsOf, seesContribution, () => [desc('share')]),
  bookCount: (row, args, env) =>
    booksOf(row, env).filter(
      (book) => args.genre == null || show(book, 'genre', genre) === args.genre,
    ).length,
  admirerCount: (row, _args, env) => admirers(row, env).length,
  copyCount: (row, _args, env) =>
    booksOf(row, env)
      .flatMap((book) => editionsOf(book, env))
      .flatMap((edition) => matching(env.tables.Copy, edition, editionKey)).length,
  paperShare: (row, _args, env) => {
    const all = contributionsOf(row, env)
    if (all.length === 0) return null
    const novels = all.filter((other) => text(other, 'genre') === 'novel')
    const others = all.filter((other) => text(other, 'genre') !== 'novel')
    const sum = (rows: Rows) =>
      rows.reduce((total, other) => total + Number(text(other, 'share')), 0)
    return novels.length / all.length + sum(others) + sum(all) / all.length
  },
}

const copy: Readonly<Record<string, Field>> = {
  id,
  k: column('k', 'int'),
  n: column('n', 'int'),
  i: column('i', 'int'),
  rank: column('rank', 'int'),
  t: column('t', 'text'),
  r: column('r', 'time'),
  c1: column('c1', 'int'),
  s1: column('s1', 'int'),
  o1: column('o1', 'int'),
  is_row: column('is_row', 'bool'),
  edition: visible(
    (row, { tables }) => one(matching(tables.Edition, row, editionKey)),
    seesEdition,
  ),
}

const sights: Readonly<Record<string, (row: NaiveRow, env: CatalogueEnv) => boolean>> = {
  Book: seesBook,
  Tag: seesTag,
  Dossier: seesDossier,
  Contribution: seesContribution,
  Edition: seesEdition,
}

function node(wanted: unknown, env: CatalogueEnv) {
  const row = env.rowOfId(String(wanted))
  if (!row) return null
  const sees = sights[row.table.name] ?? seesAll
  return sees(row, env) ? asNode(row.table.name, row) : null
}

/** The foreign schema, answered row by row from tables in memory. */
export const naiveCatalogue: NaiveTypes<CatalogueEnv> = {
  Author: author,
  Copy: copy,
  Dossier: {
    id,
    note: column('note', 'text'),
    secret: guard(
      (row, env) => {
        const whose = authorOf(row, env)
        return (
          whose !== null &&
          admires(whose, env).some((other) => isViewer(text(other, 'author_id'), env))
        )
      },
      column('secret', 'text'),
    ),
    size: column('size', 'int'),
    author: visible(authorOf),
  },
  Book: {
    id,
    title: column('title', 'text'),
    isPublic: column('is_public', 'bool'),
    genre: column('genre', genre),
    price: column('price', 'decimal'),
    code: column('code', 'text'),
    publishedAt: column('published_at', 'timestamptz'),
    author: visible(authorOf),
    tags: connect(tagsOf, seesTag, () => [asc('weight')]),
    contributions: connect(contributionsTo, seesAll, () => [asc('genre'), desc('share')]),
    editions: connect(
      (row, env, args) =>
        editionsOf(row, env).filter(
          (edition) =>
            (args.format == null || show(edition, 'format', format) === args.format) &&
            (args.from == null || micros(text(edition, 'since') ?? '') >= micros(args.from)),
        ),
      seesEdition,
      () => [desc('market')],
    ),
    averagePages: (row, _args, env) => {
      const pages = editionsOf(row, env).flatMap((edition) => text(edition, 'pages') ?? [])
      return pages.length === 0 ? null : pages.reduce((sum, n) => sum + Number(n), 0) / pages.length
    },
    pages: (row, _args, env) =>
      editionsOf(row, env).reduce((sum, edition) => sum + Number(text(edition, 'pages') ?? 0), 0),
  },
  Tag: {
    id,
    label: column('label', 'text'),
    weight: column('weight', 'float'),
    books: connect(taggedBooks, seesBook, () => [desc('title')]),
    bookCount: (row, _args, env) =>
      taggedBooks(row, env).filter((book) => is(book, 'is_public')).length,
  },
  Contribution: {
    id,
    share: column('share', 'decimal'),
    genre: column('genre', genre),
    author: visible(authorOf),
    book: visible(bookOf, seesBook),
  },
  Edition: {
    id,
    market: column('market', 'text'),
    format: column('format', format),
    since: column('since', 'timestamptz'),
    pages: column('pages', 'int'),
    weight: column('weight', 'float'),
    book: visible(bookOf),
    copies: connect(
      (row, { tables }) => matching(tables.Copy, row, editionKey),
      seesAll,
      () => [desc('rank'), asc('c1')],
    ),
    copyCount: (row, _args, { tables }) => matching(tables.Copy, row, editionKey).length,
  },
  Place: {
    name: column('full name', 'text'),
    author: visible((row) => row),
    guarded: guard(isSelf, (row) => row),
  },
  CopyPlace: {
    rank: column('rank', 'int'),
    i: column('i', 'int'),
    copy: (row) => row,
  },
  Query: {
    authors: connect(
      (_root, env, { filter }) => keepAuthors(env.tables.Author.rows, filter ?? {}, env),
      seesAll,
      authorOrder,
    ),
    books: connect(
      (_root, env, args) =>
        env.tables.Book.rows.filter(
          (book) =>
            (args.tag == null ||
              tagsOf(book, env).some((tag) => text(tag, 'label') === args.tag)) &&
            (args.genres == null || args.genres.includes(show(book, 'genre', genre))) &&
            (args.code == null ||
              (text(book, 'code') !== null && unpad(text(book, 'code')) === unpad(args.code))),
        ),
      seesBook,
      bookOrder,
    ),
    tags: connect(
      (_root, env) => env.tables.Tag.rows,
      seesTag,
      () => [desc('label')],
    ),
    contributions: connect(
      (_root, env) => env.tables.Contribution.rows,
      seesContribution,
      () => [asc('share')],
    ),
    editions: connect(
      (_root, env) => env.tables.Edition.rows,
      seesEdition,
      () => [desc('weight'), asc('format')],
    ),
    copies: connect(
      (_root, { tables }, args) =>
        tables.Copy.rows.filter(
          (row) => args.hasEdition !== true || matching(tables.Edition, row, editionKey).length > 0,
        ),
      seesAll,
      copyOrder,
    ),
    places: connect(
      (_root, { tables }) => tables.Author.rows,
      seesAll,
      (_args, env) => [desc(counted((row) => booksOf(row, env))), asc('full name')],
    ),
    copyPlaces: connect(
      (_root, { tables }) => tables.Copy.rows,
      seesAll,
      () => [asc('i'), desc('c1')],
    ),
    viewer: visible((_root, { tables, viewer }) =>
      one(tables.Author.rows.filter((row) => text(row, 'author_id') === viewer.id)),
    ),
    copy: visible((_root, { tables }, { k, n }) =>
      one(
        tables.Copy.rows.filter(
          (row) => Number(text(row, 'k')) === k && Number(text(row, 'n')) === n,
        ),
      ),
    ),
    tag: visible(
      (_root, { tables }, { label }) =>
        one(tables.Tag.rows.filter((row) => text(row, 'label') === label)),
      seesTag,
    ),
    node: (_root, args, env) => node(args.id, env),
    nodes: (_root, { ids }, env) => {
      if (ids.length <= 100) return ids.map((wanted: string) => node(wanted, env))
      throw new GraphQLError('too many', { extensions: { code: 'BAD_USER_INPUT' } })
    },
  },
}

/** Padded texts are equal whatever spaces they end with. */
function unpad(value: string | null): string | null {
  return value?.replace(/ +$/, '') ?? null
}
