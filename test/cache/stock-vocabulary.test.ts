import { createSchema } from 'graphql-yoga'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { ResponseCacheOptions } from '../../src/cache/use-response-cache.ts'
import {
  type CachedApp,
  type CachedPlace,
  openCachedPlace,
  patience,
} from '../support/start-cached-apps.ts'

/** What users of `@envelop/response-cache` know by the same names. */
let computed = 0
const next = () => {
  computed += 1
  return computed
}
const schema = createSchema({
  typeDefs: `
    enum CacheControlScope { PUBLIC PRIVATE }
    directive @cacheControl(maxAge: Int, scope: CacheControlScope) on FIELD_DEFINITION | OBJECT
    type Query {
      plain(x: Int): Int!
      brief: Int! @cacheControl(maxAge: 5)
      never: Int! @cacheControl(maxAge: 0)
      mine: Int! @cacheControl(scope: PRIVATE)
      thing: Thing!
    }
    type Thing @cacheControl(maxAge: 7) { name: Int! }
  `,
  resolvers: {
    Query: { plain: next, brief: next, never: next, mine: next, thing: () => ({ name: next }) },
  },
})

describe('an answer', () => {
  let place: CachedPlace
  let app: CachedApp
  const responseCache: ResponseCacheOptions = {
    jitter: 0,
    ttlPerSchemaCoordinate: { 'Thing.name': 3_000, 'Query.plain': 20_000 },
  }
  beforeAll(async () => {
    place = await openCachedPlace('memory')
    app = await place.start({ schema, responseCache })
  })
  afterAll(() => place[Symbol.asyncDispose]())

  test.for<[document: string, ttlMs: number | null]>([
    ['{ plain }', 20_000],
    ['{ brief }', 5_000],
    ['{ a: plain brief }', 5_000],
    ['{ thing { __typename } }', 7_000],
    ['{ thing { name } }', 3_000],
    ['{ never }', null],
    ['{ brief never }', null],
  ])('to %s is kept for %i ms', async ([document, ttlMs]) => {
    expect((await app.ask(document)).cache.ttlMs).toBe(ttlMs)
  })

  test('with a private field is its viewer’s, whatever was asked about them', async () => {
    const [one, other] = [await app.rows.user(), await app.rows.user()]
    const first = await app.ask('{ mine }', { as: one })
    expect(first.cache.scope).toBe('own')
    expect((await app.ask('{ mine }', { as: other })).data).not.toEqual(first.data)
    expect((await app.ask('{ mine }')).cache.scope).toBe('role')
  })
})

async function withOptions(
  responseCache: ResponseCacheOptions,
  run: (ask: CachedApp['ask'], app: CachedApp) => Promise<void>,
) {
  await using place = await openCachedPlace('memory')
  const app = await place.start({ schema, responseCache })
  await run(app.ask, app)
}

test('session keeps answers apart', () => {
  let tenant = 'a'
  return withOptions({ session: () => tenant }, async (ask) => {
    const first = await ask('{ plain }')
    tenant = 'b'
    const second = await ask('{ plain }')
    tenant = 'a'

    expect(second.data).not.toEqual(first.data)
    expect((await ask('{ plain }')).data).toEqual(first.data)
  })
})

test('buildResponseCacheKey says which questions are the same', async () => {
  const build = vi.fn(
    async ({ operationName }: { operationName?: string | undefined }) => `${operationName}`,
  )
  await withOptions({ buildResponseCacheKey: build }, async (ask) => {
    const first = await ask('query A { plain(x: 1) }', { operationName: 'A' })
    const same = await ask('query A { plain(x: 2) }', { operationName: 'A' })
    const other = await ask('query B { plain(x: 1) }', { operationName: 'B' })

    expect(same.data).toEqual(first.data)
    expect(other.data).not.toEqual(first.data)
    expect(build).toHaveBeenCalledWith(
      expect.objectContaining({ documentString: 'query B { plain(x: 1) }', operationName: 'B' }),
    )
  })
})

test('includeExtensionMetadata tells whether an answer was there, or is now', () =>
  withOptions({ includeExtensionMetadata: true, jitter: 0 }, async (_, app) => {
    const metadata = async (query: string) => {
      const response = await app.fetch('/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
      })
      return (await response.json()).extensions.responseCache
    }
    expect(await metadata('{ plain }')).toEqual({ hit: false, didCache: true, ttl: 60_000 })
    await vi.waitFor(
      async () => expect(await metadata('{ plain }')).toEqual({ hit: true }),
      patience,
    )
    expect(await metadata('{ never }')).toEqual({ hit: false, didCache: false })
  }))
