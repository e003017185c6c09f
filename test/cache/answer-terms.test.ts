import {
  type GraphQLFieldConfigMap,
  GraphQLID,
  GraphQLInterfaceType,
  GraphQLList,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
  GraphQLUnionType,
  parse,
} from 'graphql'
import { describe, expect, test } from 'vitest'
import { createAnswerTerms } from '../../src/cache/answer-terms.ts'
import {
  type AnswerPolicy,
  hours,
  minutes,
  seconds,
  withPolicy,
} from '../../src/loaders/answer-policy.ts'

const schema = createSchema()
const termsOf = createAnswerTerms(schema)
const read = (text: string, operationName?: string) => termsOf(parse(text), operationName)

const minute = 60_000

describe('an answer is kept', () => {
  test.for<readonly [what: string, document: string, maxAgeMs: number]>([
    ['a minute, where nothing says how long', '{ greeting }', minute],
    ['a minute, where only its own name is asked', '{ __typename }', minute],
    ['as long as the type of a field says', '{ book { title } }', 30 * minute],
    ['as long as a field says, before its type', '{ freshBook { title } }', 10_000],
    ['longer than its type, where a field says so', '{ oldBook { title } }', 2 * 60 * minute],
    ['as long as a field that is no object says', '{ book { price } }', 20_000],
    [
      'like what leads to it, where its type says nothing',
      '{ book { notes { text } } }',
      30 * minute,
    ],
    ['a minute, where nothing leads to it that says more', '{ notes { text } }', minute],
    [
      'like what leads to it, through several',
      '{ book { notes { book { title } } } }',
      30 * minute,
    ],
    ['as long as its shortest part', '{ book { title author { name } } }', 5 * minute],
    [
      'as long as its shortest part at the root',
      '{ book { title } author { name } greeting }',
      minute,
    ],
    ['by the field and not by its alias', '{ greeting: book { price: title } }', 30 * minute],
    [
      'as long as the shortest part behind fragments',
      'query { book { ...A } } fragment A on Book { title ... { ...B } } fragment B on Book { author { name } }',
      5 * minute,
    ],
    [
      'by each way that leads to a fragment',
      'query { book { notes { ...N } } notes { ...N } } fragment N on Note { text }',
      minute,
    ],
    [
      'as long as the shortest part, whether or not it is skipped',
      'query ($b: Boolean!) { book { title author @skip(if: $b) { name } } }',
      5 * minute,
    ],
    ['as long as any type says that an interface may stand for', '{ named { name } }', 20_000],
    [
      'as long as the types say that a fragment is for',
      '{ quick { ... on Tag { name } } }',
      20_000,
    ],
    ['as long as a field says, before an interface', '{ namedBriefly { name } }', 5_000],
    [
      'as long as the members say that are selected',
      '{ result { ... on Book { title } } }',
      minute,
    ],
    [
      'as long as the shortest member',
      '{ result { ... on Book { title } ... on Tag { name } } }',
      20_000,
    ],
  ])('%s: %s', ([, document, maxAgeMs]) => {
    expect(read(document)).toEqual({ kind: 'query', maxAgeMs, noStore: null, isPrivate: false })
  })

  test('as long as the app says, where nothing else does', () => {
    const terms = createAnswerTerms(schema, { defaultMaxAge: seconds(7) })

    expect(terms(parse('{ notes { text } }')).maxAgeMs).toBe(7_000)
  })
})

describe('an answer is never stored', () => {
  test.for<readonly [what: string, document: string, noStore: string]>([
    ['that shows a type that is not', '{ book { letters { text } } }', 'Letter'],
    ['that shows a field that is not', '{ book { title secret } }', 'Book.secret'],
    ['under an alias', '{ book { title: secret } }', 'Book.secret'],
    [
      'through fragments',
      'query { book { ...A } } fragment A on Book { ...B } fragment B on Book { secret }',
      'Book.secret',
    ],
    ['through fragments without a type', '{ book { ... { secret } } }', 'Book.secret'],
    [
      'even where it is skipped',
      'query ($b: Boolean!) { book { title letters @skip(if: $b) { text } } }',
      'Letter',
    ],
    [
      'even where it is always skipped',
      '{ book { title letters @include(if: false) { text } } }',
      'Letter',
    ],
    ['where an interface may stand for such a type', '{ anything { id } }', 'Letter'],
    ['where only the name of such a type may show', '{ anything { __typename } }', 'Letter'],
    [
      'where a union has such a member that is selected',
      '{ something { ... on Letter { text } } }',
      'Letter',
    ],
    [
      'where a row decides, but such a type is named',
      '{ node { id ... on Letter { text } } }',
      'Letter',
    ],
    [
      'where such a type is named in a fragment',
      'query { node { ...L } } fragment L on Letter { text }',
      'Letter',
    ],
    ['that shows a type below such a type', '{ letter { book { title } } }', 'Letter'],
    ['that shows a field that an interface keeps so', '{ author { diary } }', 'Author.diary'],
    ['that shows a type of an interface that is not', '{ draft { text } }', 'Draft'],
    ['about the schema', '{ __schema { queryType { name } } }', 'Query.__schema'],
    [
      'about a type of the schema',
      '{ book { title } __type(name: "Book") { name } }',
      'Query.__type',
    ],
    ['that comes in parts', '{ book { title ... @defer { price } } }', '@defer'],
    ['whose list comes in parts', '{ book { notes @stream { text } } }', '@stream'],
    ['of a field that does not exist', '{ book { nothing } }', 'Book.nothing'],
  ])('%s: %s', ([, document, noStore]) => {
    expect(read(document)).toEqual({ kind: 'query', maxAgeMs: 0, noStore, isPrivate: false })
  })

  test.for([
    ['where a row decides, and no such type is named', '{ node { id } }'],
    ['where other types are named that a row decides about', '{ node { ... on Book { title } } }'],
    [
      'where an interface stands for such a type, and another is selected',
      '{ anything { ... on Book { title } } }',
    ],
  ])('but may be %s: %s', ([, document = '']) => {
    expect(read(document).noStore).toBeNull()
  })

  test.for([
    ['mutation', 'mutation { write { title } }', 'Mutation'],
    ['subscription', 'subscription { news }', 'subscription'],
  ] as const)('by a %s', ([kind, document, noStore]) => {
    expect(read(document)).toEqual({ kind, maxAgeMs: 0, noStore, isPrivate: false })
  })
})

describe('of several operations', () => {
  const document = parse(
    'query A { book { title } } query B { notes { text } } mutation C { write { title } }',
  )

  test('the one that is asked for counts', () => {
    expect(termsOf(document, 'A').maxAgeMs).toBe(30 * minute)
    expect(termsOf(document, 'B').maxAgeMs).toBe(minute)
    expect(termsOf(document, 'C').kind).toBe('mutation')
  })

  test.for([undefined, null, '', 'D'])('%s asks for none of them, so nothing is stored', (name) => {
    expect(termsOf(document, name)).toMatchObject({ maxAgeMs: 0, noStore: expect.any(String) })
  })
})

test('terms are worked out once for a document and an operation', () => {
  const document = parse('query A { book { title } } query B { book { title } }')

  expect(termsOf(document, 'A')).toBe(termsOf(document, 'A'))
  expect(termsOf(document, 'A')).not.toBe(termsOf(document, 'B'))
})

test('fragments that spread others twice are gone through once', () => {
  const depth = 60
  const chain = (type: string, last: string) =>
    Array.from({ length: depth }, (_, at) =>
      at === depth - 1
        ? `fragment F${at} on ${type} { ${last} }`
        : `fragment F${at} on ${type} { ...F${at + 1} ...F${at + 1} }`,
    ).join(' ')

  expect(read(`query { book { ...F0 } } ${chain('Book', 'title')}`).maxAgeMs).toBe(30 * minute)
  // Of no type but one: for each of the others the whole chain selects nothing.
  expect(read(`query { node { ...F0 } } ${chain('Node', '... on Tag { name }')}`).maxAgeMs).toBe(
    20_000,
  )
})

test('fragments that spread each other end', () => {
  const document =
    'query { book { ...A } } fragment A on Book { ...B } fragment B on Book { title ...A }'

  expect(read(document).maxAgeMs).toBe(30 * minute)
})

type Fields = GraphQLFieldConfigMap<unknown, unknown>

function createSchema(): GraphQLSchema {
  const text = { type: GraphQLString }
  const keep = (policy: AnswerPolicy) => ({ extensions: withPolicy(policy) })
  const Node = new GraphQLInterfaceType({ name: 'Node', fields: { id: { type: GraphQLID } } })
  const Named = new GraphQLInterfaceType({
    name: 'Named',
    fields: { name: text, diary: { ...text, ...keep({ noStore: true }) } },
    ...keep({ maxAge: hours(1) }),
  })
  const Quick = new GraphQLInterfaceType({ name: 'Quick', fields: { name: text } })
  const id = { type: GraphQLID }
  const Note: GraphQLObjectType = new GraphQLObjectType({
    name: 'Note',
    interfaces: [Node],
    fields: (): Fields => ({ id, text, book: { type: Book } }),
  })
  const Letter = new GraphQLObjectType({
    name: 'Letter',
    interfaces: [Node],
    fields: (): Fields => ({ id, text, book: { type: Book } }),
    ...keep({ noStore: true }),
  })
  const Author = new GraphQLObjectType({
    name: 'Author',
    interfaces: [Node, Named],
    fields: { id, name: text, diary: text },
    ...keep({ maxAge: minutes(5) }),
  })
  const Tag = new GraphQLObjectType({
    name: 'Tag',
    interfaces: [Node, Named, Quick],
    fields: { id, name: text, diary: text },
    ...keep({ maxAge: seconds(20) }),
  })
  const Book = new GraphQLObjectType({
    name: 'Book',
    interfaces: [Node],
    fields: (): Fields => ({
      id,
      title: text,
      price: { ...text, ...keep({ maxAge: seconds(20) }) },
      secret: { ...text, ...keep({ noStore: true }) },
      author: { type: Author },
      notes: { type: new GraphQLList(Note) },
      letters: { type: new GraphQLList(Letter) },
    }),
    ...keep({ maxAge: minutes(30) }),
  })
  const Unpublished = new GraphQLInterfaceType({
    name: 'Unpublished',
    fields: { text },
    ...keep({ noStore: true }),
  })
  const Draft = new GraphQLObjectType({
    name: 'Draft',
    interfaces: [Unpublished],
    fields: { text },
  })
  const Result = new GraphQLUnionType({ name: 'Result', types: [Book, Tag] })
  const Something = new GraphQLUnionType({ name: 'Something', types: [Book, Letter] })
  return new GraphQLSchema({
    query: new GraphQLObjectType({
      name: 'Query',
      fields: {
        greeting: text,
        book: { type: Book },
        freshBook: { type: Book, ...keep({ maxAge: seconds(10) }) },
        oldBook: { type: Book, ...keep({ maxAge: hours(2) }) },
        author: { type: Author },
        draft: { type: Draft },
        letter: { type: Letter },
        notes: { type: new GraphQLList(Note) },
        named: { type: Named },
        namedBriefly: { type: Named, ...keep({ maxAge: seconds(5) }) },
        quick: { type: Quick },
        result: { type: Result },
        something: { type: Something },
        anything: { type: Node },
        node: { type: Node, ...keep({ isDecidedByRow: true }) },
      },
    }),
    mutation: new GraphQLObjectType({ name: 'Mutation', fields: { write: { type: Book } } }),
  })
}
