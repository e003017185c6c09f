import SchemaBuilder from '@pothos/core'
import { Decimal } from '@prisma/client-runtime-utils'
import type { GraphQLSchema } from 'graphql'
import { createEntities } from '../../src/loaders/create-entities.ts'
import { parseDateTime } from '../../src/loaders/date-time.ts'
import type { LoaderContext } from '../../src/loaders/loader-context.ts'
import {
  allOf,
  anyOf,
  everybody,
  parent,
  role,
  viewerId,
  type Where,
} from '../../src/loaders/where.ts'
import { datamodel, type Models } from './generated/datamodel.ts'

type Rule<M extends keyof Models> = Where<Models, M>

/** A schema over the foreign datamodel, made with the library's parts alone. */
export function createCatalogueSchema(): GraphQLSchema {
  const builder = new SchemaBuilder<{
    Context: LoaderContext
    DefaultFieldNullability: false
    Scalars: {
      DateTime: { Input: string; Output: string }
      BigInt: { Input: bigint; Output: bigint }
      Decimal: { Input: string; Output: unknown }
      JSON: { Input: unknown; Output: unknown }
      Bytes: { Input: Uint8Array; Output: Uint8Array }
      ID: { Input: string; Output: string | number }
    }
  }>({ defaultFieldNullability: false })

  builder.queryType({ description: 'All that can be read.' })
  builder.scalarType('DateTime', { serialize: (value) => value, parseValue: parseDateTime })
  builder.scalarType('BigInt', { serialize: String, parseValue: (value) => BigInt(String(value)) })
  builder.scalarType('Decimal', {
    // Prisma's decimals: without an exponent, as the database prints them but for trailing zeros.
    serialize: (value) => (value as { toFixed(): string }).toFixed(),
    parseValue: String,
  })
  builder.scalarType('JSON', { serialize: (value) => value, parseValue: (value) => value })
  builder.scalarType('Bytes', {
    serialize: (value) => Buffer.from(value).toString('hex'),
    parseValue: (value) => new Uint8Array(Buffer.from(String(value), 'hex')),
  })

  const entity = createEntities(builder, datamodel)
  const Genre = builder.enumType('Genre', { values: ['NOVEL', 'POEM', 'ESSAY'] as const })
  const Format = builder.enumType('Format', { values: ['PAPER', 'AUDIO', 'SCREEN'] as const })
  entity.enum('Genre', Genre)
  entity.enum('Format', Format)

  const bookVisible: Rule<'Book'> = anyOf(
    { isPublic: true },
    role('EDITOR'),
    { authorId: viewerId },
    { contributions: { some: { authorId: viewerId } } },
  )
  const dossierVisible: Rule<'Dossier'> = anyOf(
    role('EDITOR'),
    { author: { id: viewerId } },
    { size: { lt: 0 } },
  )
  // Through the many-to-many relation that lists of tags come from.
  const tagVisible: Rule<'Tag'> = anyOf({ isHidden: false }, role('EDITOR'), {
    books: { some: { genre: 'NOVEL', authorId: viewerId } },
  })
  const contributionVisible: Rule<'Contribution'> = anyOf(
    { book: bookVisible },
    { author: { isActive: false } },
  )
  const self: Rule<'Author'> = anyOf(role('EDITOR'), { id: viewerId })

  const authorOrder = entity.order('Author', {
    enum: 'AuthorOrder',
    description: 'Orders of authors.',
    values: {
      NAME: { description: 'By name.', by: [{ name: 'asc' }] },
      RATING: { description: 'By rating.', by: [{ rating: 'desc' }] },
      RATING_FIRST: {
        description: 'NULLs first, then mixed.',
        by: [{ rating: { sort: 'asc', nulls: 'first' } }, { name: 'desc' }],
      },
      ROYALTIES: {
        description: 'NULLs last, descending.',
        by: [{ royalties: { sort: 'desc', nulls: 'last' } }, { isActive: 'asc' }],
      },
      FAVOURITE: { description: 'By an enum.', by: [{ favourite: 'asc' }, { fame: 'desc' }] },
      TIMES: {
        description: 'By four nullable times.',
        by: [
          { born: { sort: 'asc', nulls: 'first' } },
          { wakesAt: { sort: 'desc', nulls: 'last' } },
          { seenAt: 'asc' },
          { joinedAt: 'desc' },
        ],
      },
      JOINED: { description: 'By time.', by: [{ joinedAt: 'asc' }] },
      BOOKS: {
        description: 'By number of public books.',
        by: [{ count: 'books', where: { isPublic: true }, direction: 'desc' }],
      },
      ADMIRERS: {
        description: 'By number of admirers, then name.',
        by: [{ count: 'admirers', direction: 'desc' }, { name: 'asc' }],
      },
      SHARES: {
        description: 'By a sum of decimals.',
        by: [{ sum: 'contributions.share', direction: 'asc' }],
      },
    },
  })

  const Author = entity.object('Author', {
    model: 'Author',
    description: 'Somebody who writes.',
    fields: (t) => ({
      name: t.column('name', { description: 'Text.' }),
      rating: t.column('rating', { description: 'Float.' }),
      royalties: t.column('royalties', { description: 'Decimal.', guard: self }),
      fame: t.column('fame', { description: 'BigInt.' }),
      favourite: t.column('favourite', { description: 'Enum.' }),
      born: t.column('born', { description: 'Date.' }),
      wakesAt: t.column('wakesAt', { description: 'Time.' }),
      seenAt: t.column('seenAt', { description: 'Timestamp.' }),
      joinedAt: t.column('joinedAt', { description: 'Timestamp with time zone.' }),
      isActive: t.column('isActive', { description: 'Boolean.' }),
      extra: t.column('extra', { description: 'Json.' }),
      portrait: t.column('portrait', { description: 'Bytes.' }),
      aliases: t.column('aliases', { description: 'Texts.' }),
      luckyNumbers: t.column('luckyNumbers', { description: 'BigInts.' }),
      prices: t.column('prices', { description: 'Decimals.' }),
      moments: t.column('moments', { description: 'Times.' }),
      genres: t.column('genres', { description: 'Enums.' }),
      headline: t.derived({
        type: 'String',
        nullable: false,
        columns: ['name', 'fame'],
        description: 'Of two columns.',
        resolve: ({ name, fame }) => `${name} (${fame})`,
      }),
      mentor: t.one('mentor', { description: 'Up the tree.' }),
      pupils: t.many('pupils', { description: 'Down the tree.', orderBy: authorOrder }),
      admires: t.many('admires', { description: 'One way.', orderBy: authorOrder }),
      admirers: t.many('admirers', {
        description: 'The other way.',
        orderBy: [{ favourite: 'desc' }],
      }),
      dossier: t.one('dossier', { description: 'One to one, from the far side.' }),
      books: t.many('books', {
        description: 'Books.',
        args: {
          genre: { type: Genre, description: 'Of this kind.' },
          isPublic: { type: 'Boolean', description: 'Public or not.' },
        },
        where: (args) => ({ genre: args.genre ?? undefined, isPublic: args.isPublic ?? undefined }),
        orderBy: [{ publishedAt: 'desc' }],
      }),
      allBooks: t.many('books', {
        description: 'Books, whoever asks.',
        inherits: true,
        orderBy: [{ title: 'asc' }, { code: 'desc' }],
      }),
      involvedIn: t.list('Book', {
        description: 'Books written or contributed to.',
        where: anyOf(
          { authorId: parent('id') },
          { contributions: { some: { authorId: parent('id') } } },
        ),
        orderBy: [{ price: { sort: 'asc', nulls: 'first' } }],
      }),
      contributions: t.many('contributions', {
        description: 'Contributions.',
        orderBy: [{ share: 'desc' }],
      }),
      bookCount: t.count('books', {
        description: 'Books of a kind.',
        args: { genre: { type: Genre, description: 'Of this kind.' } },
        where: (args) => ({ genre: args.genre ?? undefined }),
      }),
      admirerCount: t.count('admirers', { description: 'Through a join table.' }),
      copyCount: t.count('Copy', {
        description: 'Copies of all their books.',
        where: { edition: { book: { authorId: parent('id') } } },
      }),
      paperShare: t.aggregate('contributions', {
        type: 'Float',
        nullable: true,
        description: 'Of several figures.',
        of: {
          all: { count: true },
          novels: { count: true, where: { genre: 'NOVEL' } },
          shares: { sum: 'share', where: { genre: { in: ['POEM', 'ESSAY'] } } },
          mean: { average: 'share' },
        },
        resolve: ({ all, novels, shares, mean }) =>
          all === 0 ? null : novels / all + shares + (mean ?? 0),
      }),
    }),
  })

  entity.object('Dossier', {
    model: 'Dossier',
    description: 'What is known of an author.',
    visible: dossierVisible,
    fields: (t) => ({
      note: t.column('note', { description: 'Text.' }),
      secret: t.column('secret', {
        description: 'For those whom the author admires.',
        guard: { author: { admires: { some: { id: viewerId } } } },
      }),
      size: t.column('size', { description: 'Small.' }),
      author: t.one('author', { description: 'One to one, from the near side.' }),
    }),
  })

  const Book = entity.object('Book', {
    model: 'Book',
    description: 'Something written.',
    visible: bookVisible,
    fields: (t) => ({
      title: t.column('title', { description: 'Text, short or very long.' }),
      isPublic: t.column('isPublic', { description: 'Boolean.' }),
      genre: t.column('genre', { description: 'Enum.' }),
      price: t.column('price', { description: 'Decimal.' }),
      code: t.column('code', { description: 'Padded.' }),
      publishedAt: t.column('publishedAt', { description: 'Time.' }),
      author: t.one('author', { description: 'Nullable.' }),
      tags: t.many('tags', { description: 'Many to many.', orderBy: [{ weight: 'asc' }] }),
      contributions: t.many('contributions', {
        description: 'Who helped.',
        inherits: true,
        orderBy: [{ genre: 'asc' }, { share: 'desc' }],
      }),
      editions: t.many('editions', {
        description: 'Editions.',
        args: {
          format: { type: Format, description: 'Of this format.' },
          from: { type: 'DateTime', description: 'Not before.' },
        },
        where: (args) => ({
          format: args.format ?? undefined,
          since: { gte: args.from ?? undefined },
        }),
        orderBy: [{ market: 'desc' }],
      }),
      averagePages: t.average('editions', 'pages', {
        description: 'Null over none.',
        where: { pages: { not: null } },
      }),
      pages: t.sum('editions', 'pages', { description: 'Nought over none.' }),
    }),
  })

  const Tag = entity.object('Tag', {
    model: 'Tag',
    description: 'A word about books.',
    visible: tagVisible,
    fields: (t) => ({
      label: t.column('label', { description: 'The key.' }),
      weight: t.column('weight', { description: 'Real.' }),
      books: t.many('books', { description: 'Books.', orderBy: [{ title: 'desc' }] }),
      bookCount: t.count('books', { description: 'All of them.', where: { isPublic: true } }),
    }),
  })

  const Contribution = entity.object('Contribution', {
    model: 'Contribution',
    description: 'A join table with columns of its own.',
    visible: contributionVisible,
    fields: (t) => ({
      share: t.column('share', { description: 'Decimal.' }),
      genre: t.column('genre', { description: 'Enum.' }),
      author: t.one('author', { description: 'Who.' }),
      book: t.one('book', { description: 'What.' }),
    }),
  })

  const Edition = entity.object('Edition', {
    model: 'Edition',
    description: 'With a key of a number, a text, an enum and a time.',
    visible: { book: bookVisible },
    fields: (t) => ({
      market: t.column('market', { description: 'Text.' }),
      format: t.column('format', { description: 'Enum.' }),
      since: t.column('since', { description: 'Time.' }),
      pages: t.column('pages', { description: 'Int.' }),
      weight: t.column('weight', { description: 'Real.' }),
      book: t.one('book', { description: 'The book.', inherits: true }),
      copies: t.many('copies', {
        description: 'By a key of four columns.',
        inherits: true,
        orderBy: [{ rank: 'desc' }, { c1: 'asc' }],
      }),
      copyCount: t.count('copies', { description: 'How many.' }),
    }),
  })

  const Copy = entity.object('Copy', {
    model: 'Copy',
    description: 'Without a primary key, with columns named as in the statements.',
    fields: (t) => ({
      k: t.column('k', { description: 'Int.' }),
      n: t.column('n', { description: 'Int.' }),
      i: t.column('i', { description: 'Int.' }),
      rank: t.column('rank', { description: 'Int.' }),
      t: t.column('t', { description: 'Text.' }),
      r: t.column('r', { description: 'Time.' }),
      c1: t.column('c1', { description: 'Int.' }),
      s1: t.column('s1', { description: 'Int.' }),
      o1: t.column('o1', { description: 'Int.' }),
      is_row: t.column('is_row', { description: 'Boolean.' }),
      edition: t.one('edition', { description: 'Nullable, by four columns.' }),
    }),
  })

  const Place = entity.view('Place', {
    model: 'Author',
    description: 'A place among authors.',
    fields: (t) => ({
      place: t.rank({ description: 'By books.' }),
      name: t.column('name', { description: 'Who.' }),
      author: t.view(Author, { description: 'The author.' }),
      guarded: t.view(Author, { description: 'The author, for few.', guard: self }),
    }),
  })

  const CopyPlace = entity.view('CopyPlace', {
    model: 'Copy',
    description: 'A place among copies.',
    fields: (t) => ({
      place: t.rank({ description: 'By i.' }),
      rank: t.column('rank', { description: 'The column.' }),
      i: t.column('i', { description: 'The column.' }),
      copy: t.view(Copy, { description: 'The copy.' }),
    }),
  })

  const AuthorFilter = builder.inputType('AuthorFilter', {
    fields: (t) => ({
      search: t.string(),
      name: t.string(),
      isActive: t.boolean(),
      favourite: t.field({ type: Genre }),
      fameAbove: t.field({ type: 'BigInt' }),
      ratingBelow: t.float(),
      royaltiesFrom: t.field({ type: 'Decimal' }),
      seenFrom: t.field({ type: 'DateTime' }),
      seenBefore: t.field({ type: 'DateTime' }),
      joinedUntil: t.field({ type: 'DateTime' }),
      hasMentor: t.boolean(),
      aliases: t.stringList(),
      wroteNovel: t.boolean(),
    }),
  })

  const authorsLike = (filter: typeof AuthorFilter.$inferInput): Rule<'Author'> => {
    const search = filter.search ?? null
    const name = filter.name ?? null
    const favourite = filter.favourite ?? null
    const hasMentor = filter.hasMentor ?? null
    const royaltiesFrom = filter.royaltiesFrom ?? null
    return allOf(
      search === null ? everybody : { name: { contains: search } },
      name === null ? everybody : { name: { in: [name, 'nobody'] } },
      favourite === null ? everybody : { favourite: { not: favourite } },
      hasMentor === null ? everybody : { mentorId: hasMentor ? { not: null } : null },
      royaltiesFrom === null ? everybody : { royalties: { gte: new Decimal(royaltiesFrom) } },
      filter.wroteNovel ? { books: { some: { genre: 'NOVEL' } } } : everybody,
      {
        isActive: filter.isActive ?? undefined,
        fame: { gt: filter.fameAbove ?? undefined },
        rating: { lt: filter.ratingBelow ?? undefined },
        seenAt: { gte: filter.seenFrom ?? undefined, lt: filter.seenBefore ?? undefined },
        joinedAt: { lte: filter.joinedUntil ?? undefined },
        aliases: filter.aliases ?? undefined,
      },
    )
  }

  entity.query((t) => ({
    authors: t.connection(Author, {
      description: 'Authors.',
      args: { filter: { type: AuthorFilter, description: 'Which.' } },
      where: ({ filter }) => (filter ? authorsLike(filter) : everybody),
      orderBy: authorOrder,
    }),
    books: t.connection(Book, {
      description: 'Books.',
      args: {
        tag: { type: 'String', description: 'With this tag.' },
        genres: { type: [Genre] as never, description: 'Of these kinds.' }, // a list of enum members
        code: { type: 'String', description: 'Padded or not.' },
      },
      where: (args) => ({
        tags: args.tag == null ? undefined : { some: { label: args.tag } },
        genre: args.genres == null ? undefined : { in: args.genres as never },
        code: args.code ?? undefined,
      }),
      orderBy: {
        enum: 'BookOrder',
        description: 'Orders of books.',
        values: {
          TITLE: { description: 'By title.', by: [{ title: 'asc' }] },
          PRICE: { description: 'By price.', by: [{ price: 'desc' }, { title: 'asc' }] },
          CODE: { description: 'By a padded text.', by: [{ code: 'asc' }, { genre: 'desc' }] },
          TAGS: { description: 'By tags.', by: [{ count: 'tags', direction: 'asc' }] },
        },
      },
    }),
    tags: t.connection(Tag, { description: 'Tags.', orderBy: [{ label: 'desc' }] }),
    contributions: t.connection(Contribution, {
      description: 'Contributions.',
      orderBy: [{ share: 'asc' }],
    }),
    editions: t.connection(Edition, {
      description: 'Editions, by a part of their key and the rest of it.',
      orderBy: [{ weight: 'desc' }, { format: 'asc' }],
    }),
    copies: t.connection(Copy, {
      description: 'Copies.',
      args: { hasEdition: { type: 'Boolean', description: 'With an edition.' } },
      where: (args) => ({ edition: args.hasEdition ? everybody : undefined }),
      orderBy: {
        enum: 'CopyOrder',
        description: 'Orders of copies.',
        values: {
          I: { description: 'By i.', by: [{ i: 'asc' }, { s1: 'desc' }, { t: 'asc' }] },
          O: {
            description: 'NULLs against the grain.',
            by: [{ o1: { sort: 'desc', nulls: 'last' } }, { r: { sort: 'asc', nulls: 'first' } }],
          },
          KEY: { description: 'By its key backwards.', by: [{ n: 'desc' }, { k: 'asc' }] },
        },
      },
    }),
    places: t.connection(Place, {
      description: 'Places of authors.',
      orderBy: [{ count: 'books', direction: 'desc' }, { name: 'asc' }],
    }),
    copyPlaces: t.connection(CopyPlace, {
      description: 'Places of copies.',
      orderBy: [{ i: 'asc' }, { c1: 'desc' }],
    }),
    viewer: t.one(Author, {
      description: 'Who is asking.',
      by: (_args, { viewer }) => {
        const id = viewer.id()
        return id === null ? null : { id }
      },
    }),
    copy: t.one(Copy, {
      description: 'By two columns.',
      args: {
        k: { type: 'Int', required: true, description: 'One.' },
        n: { type: 'Int', required: true, description: 'Two.' },
      },
      by: ({ k, n }) => ({ k, n }),
    }),
    tag: t.one(Tag, {
      description: 'By its key.',
      args: { label: { type: 'String', required: true, description: 'The key.' } },
      by: ({ label }) => ({ label }),
    }),
  }))
  entity.node()
  return builder.toSchema()
}
