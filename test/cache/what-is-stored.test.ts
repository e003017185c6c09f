import { randomBytes } from 'node:crypto'
import {
  GraphQLError,
  type GraphQLFieldConfig,
  GraphQLInt,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
} from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Context } from '../../src/context.ts'
import { seconds, withPolicy } from '../../src/loaders/answer-policy.ts'
import {
  type CachedApp,
  type CachedPlace,
  forEachStore,
  openCachedPlace,
  patience,
} from '../support/start-cached-apps.ts'

/** How often something was computed. */
let computed = 0

const field = (
  resolve: (context: Context) => unknown = () => {},
  more: Partial<GraphQLFieldConfig<unknown, Context>> = {},
): GraphQLFieldConfig<unknown, Context> => ({
  type: GraphQLInt,
  resolve: async (_, __, context) => {
    await resolve(context)
    computed += 1
    return computed
  },
  ...more,
})

const fail = () => {
  throw new GraphQLError('No')
}

const schema = new GraphQLSchema({
  query: new GraphQLObjectType<unknown, Context>({
    name: 'Query',
    fields: {
      plain: field(),
      short: field(undefined, { extensions: withPolicy({ maxAge: seconds(10) }) }),
      secret: field(undefined, { extensions: withPolicy({ noStore: true }) }),
      untagged: field(({ readSet }) => readSet.forbid('somewhere without tags')),
      soonOver: field(({ readSet }) => readSet.endLife(Date.now() + 5_000)),
      over: field(({ readSet }) => readSet.endLife(Date.now())),
      mine: field(({ viewer }) => viewer.id()),
      failing: field(fail),
      fatal: field(fail, { type: new GraphQLNonNull(GraphQLInt) }),
      long: { type: GraphQLString, resolve: () => randomBytes(60_000).toString('hex') },
    },
  }),
  mutation: new GraphQLObjectType({ name: 'Mutation', fields: { change: field() } }),
})

forEachStore((kind) => {
  let place: CachedPlace
  let app: CachedApp
  beforeAll(async () => {
    place = await openCachedPlace(kind)
    app = await place.start({ schema, maxEntryBytes: 50_000, responseCache: { jitter: 0 } })
  })
  afterAll(() => place[Symbol.asyncDispose]())

  test('a query is computed once', async () => {
    const first = await app.ask('{ plain }')
    const second = await app.ask('{ plain }')

    expect(second.data).toEqual(first.data)
    expect(first.cache).toMatchObject({ outcome: 'miss', reason: null, scope: 'public' })
    expect(first.cache).toMatchObject({ ageMs: 0, ttlMs: 60_000, tags: 0 })
    expect(second.cache).toMatchObject({ outcome: 'hit', reason: null, scope: 'public', tags: 0 })
    expect(second.cache.ttlMs).toBeLessThanOrEqual(60_000)
    expect(second.cache.ttlMs).toBeGreaterThan(60_000 - patience.timeout)
  })

  test.for<[document: string, outcome: 'miss' | 'bypass', reason: string]>([
    ['mutation { change }', 'bypass', 'mutation'],
    ['{ failing }', 'miss', 'it has errors'],
    ['{ plain failing }', 'miss', 'it has errors'],
    ['{ fatal }', 'miss', 'it has errors'],
    ['{ nothingLikeThat }', 'miss', 'it has errors'],
    ['{ plain', 'miss', 'it has errors'],
    ['{ secret }', 'miss', 'noStore: Query.secret'],
    ['{ plain ... @skip(if: true) { secret } }', 'miss', 'noStore: Query.secret'],
    ['{ __schema { queryType { name } } }', 'miss', 'noStore: Query.__schema'],
    ['{ untagged }', 'miss', 'somewhere without tags'],
    ['{ over }', 'miss', 'expired'],
    ['{ long }', 'miss', 'oversized'],
  ])('%s is computed each time, and it is said why', async ([document, outcome, reason]) => {
    const answers = [await app.ask(document), await app.ask(document)]

    expect(answers.map(({ cache }) => cache)).toMatchObject([
      { outcome, reason },
      { outcome, reason },
    ])
    const [first, second] = answers
    if (first?.data?.plain) expect(second?.data.plain).toBeGreaterThan(first.data.plain)
  })

  test('an answer is kept as long as its shortest part', async () => {
    expect((await app.ask('{ a: plain short }')).cache.ttlMs).toBe(10_000)
    const { ttlMs } = (await app.ask('{ b: plain soonOver short }')).cache
    expect(ttlMs).toBeGreaterThan(0)
    expect(ttlMs).toBeLessThanOrEqual(5_000)
  })

  test('an explanation is made for who asks for it, and is no part of what is stored', async () => {
    await app.ask('{ c: plain }')
    const headers = { 'graphql-require-preflight': '1' }
    const response = await app.fetch(`/graphql?query=${encodeURIComponent('{ c: plain }')}`, {
      headers,
    })
    const again = await app.ask('{ c: plain }')

    expect(await response.json()).toEqual({ data: again.data })
    expect(again.cache.outcome).toBe('hit')
  })

  test('to be refused needs no cache: a bad token is refused before anything is looked for', async () => {
    await app.ask('{ d: plain }')
    const { counts } = await app.cache.store.describe()
    const headers = { authorization: 'Bearer nonsense' }
    const { status } = await app.query('{ d: plain }', { headers })

    expect(status).toBe(401)
    expect((await app.cache.store.describe()).counts).toEqual(counts)
  })

  describe('a rule on requests stands before the look-up:', () => {
    test('NUL in a variable', async () => {
      await app.ask('{ plain }', { variables: { x: 'fine' } })

      expect((await app.query('{ plain }', { variables: { x: 'a\0b' } })).status).toBe(400)
    })
  })

  describe('with plugins and options,', () => {
    test('what a plugin says of the parameters comes before the look-up', async () => {
      await using own = await openCachedPlace(kind)
      const plugin: Plugin = {
        onParams({ params, setParams }) {
          if (params.variables?.forbidden) throw new GraphQLError('Not you')
          if (params.query === '{ stored }') setParams({ ...params, query: '{ plain }' })
        },
      }
      const guarded = await own.start({ schema, plugins: [plugin] })
      const { data } = await guarded.ask('{ plain }')

      expect((await guarded.ask('{ stored }')).data).toEqual(data)
      const { errors } = await guarded.query('{ plain }', { variables: { forbidden: true } })
      expect(errors).toHaveLength(1)
    })

    test('what a plugin adds to a result is not stored', async () => {
      await using own = await openCachedPlace(kind)
      const plugin: Plugin = {
        onExecute: () => ({
          onExecuteDone: ({ result, setResult }) =>
            setResult({ ...result, extensions: { computedFor: 'one' } }),
        }),
      }
      const marked = await own.start({ schema, plugins: [plugin] })
      const [first, second] = [await marked.ask('{ plain }'), await marked.ask('{ plain }')]

      expect(first.extensions).toHaveProperty('computedFor')
      expect(second.extensions).not.toHaveProperty('computedFor')
      expect(second.data).toEqual(first.data)
    })

    test('the application may shorten lifetimes, leave requests out and results unstored', async () => {
      await using own = await openCachedPlace(kind)
      const responseCache = {
        ttl: 1_000,
        jitter: 0,
        enabled: ({ operationName }: { operationName?: string }) => operationName !== 'Live',
        shouldCacheResult: ({ result }: { result: { data?: unknown } }) =>
          !JSON.stringify(result.data).includes('"rare"'),
      }
      const optional = await own.start({ schema, responseCache })

      expect((await optional.ask('{ plain }')).cache.ttlMs).toBe(1_000)
      for (let i = 0; i < 2; i += 1) {
        const live = await optional.ask('query Live { plain }', { operationName: 'Live' })
        const rare = await optional.ask('{ rare: plain }')
        expect(live.cache).toMatchObject({ outcome: 'bypass', reason: 'not enabled for it' })
        expect(rare.cache).toMatchObject({ outcome: 'miss', reason: 'shouldCacheResult' })
      }
    })

    test('a cache that is switched off has no part in anything', async () => {
      await using own = await openCachedPlace(kind)
      const off = await own.start({ schema, enabled: false })
      const [first, second] = [await off.ask('{ plain }'), await off.ask('{ plain }')]

      expect(second.data.plain).toBeGreaterThan(first.data.plain)
      expect(second.cache).toMatchObject({ outcome: 'bypass', reason: 'off' })
    })
  })
})
