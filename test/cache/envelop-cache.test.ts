import type { Cache } from '@envelop/response-cache'
import { useResponseCache } from '@graphql-yoga/plugin-response-cache'
import { createSchema, createYoga } from 'graphql-yoga'
import { expect, test, vi } from 'vitest'
import { createEnvelopCache } from '../../src/cache/envelop-cache.ts'
import { type CacheStore, StoreUnavailableError } from '../../src/cache/store.ts'
import { type CachedPlace, forEachStore, openCachedPlace } from '../support/start-cached-apps.ts'

/** Yoga with the stock plugin, over this store; what is executed is counted. */
function startStock(store: Pick<CacheStore, 'lookUp' | 'fill' | 'announce'>) {
  const state = { name: 'Before', executed: 0, gate: Promise.resolve() }
  const errors: unknown[] = []
  // The package's own type takes it as it is.
  const cache: Cache = createEnvelopCache({ store, onError: (error) => errors.push(error) })
  const schema = createSchema({
    typeDefs: `
      type Query { thing: Thing! }
      type Mutation { rename(name: String!): Thing! }
      type Thing { id: ID! name: String! }
    `,
    resolvers: {
      Query: {
        async thing() {
          state.executed += 1
          const { name } = state
          await state.gate
          return { id: '1', name }
        },
      },
      Mutation: {
        rename(_: unknown, { name }: { name: string }) {
          state.name = name
          return { id: '1', name }
        },
      },
    },
  })
  const yoga = createYoga({
    schema,
    logging: false,
    plugins: [useResponseCache({ session: () => null, cache, ttl: 60_000 })],
  })
  const ask = async (query: string) => {
    const response = await yoga.fetch('http://localhost/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    })
    return (await response.json()).data
  }
  return { ask, state, errors }
}

const read = '{ thing { id name } }'
const rename = 'mutation { rename(name: "After") { id name } }'

forEachStore((kind) => {
  const inPlace = async (run: (place: CachedPlace, store: CacheStore) => Promise<void>) => {
    await using place = await openCachedPlace(kind)
    const app = await place.start({ env: { CACHE_VERIFY_SHARE: '0' } })
    await run(place, app.cache.store)
  }

  test('the stock plugin keeps its answers here, until one of their rows is changed', () =>
    inPlace(async (place, store) => {
      const { ask, state, errors } = startStock(store)
      await vi.waitFor(async () => {
        const before = state.executed
        await ask(read)
        expect(state.executed).toBe(before)
      })
      expect(await ask(read)).toEqual({ thing: { id: '1', name: 'Before' } })
      await ask(rename)
      await vi.waitFor(async () => {
        expect(await ask(read)).toEqual({ thing: { id: '1', name: 'After' } })
      })
      expect(errors).toEqual([])
      if (!place.redis) return
      const keys = await place.redis.redis.keys(`{${place.redis.namespace}*`)
      const ttls = await Promise.all(keys.map((key) => place.redis?.redis.pttl(key)))
      // The series and the tags are swept; whatever else there is ends by itself.
      expect(ttls.filter((ttl) => ttl === -1)).toHaveLength(2)
    }))

  test('what was read before an invalidation is not stored after it', () =>
    inPlace(async (_, store) => {
      const { ask, state } = startStock(store)
      let open = () => {}
      state.gate = new Promise((resolve) => {
        open = resolve
      })
      const reading = ask(read)
      await vi.waitFor(() => expect(state.executed).toBe(1))
      await ask(rename)
      await vi.waitFor(async () => {
        expect((await store.describe()).counts.announcements).toBeGreaterThan(0)
      })
      open()

      expect(await reading).toEqual({ thing: { id: '1', name: 'Before' } })
      expect(await ask(read)).toEqual({ thing: { id: '1', name: 'After' } })
    }))
})

test('a store that does not answer costs hits, and a write nothing', async () => {
  const { ask, errors } = startStock({
    lookUp: async () => ({ outcome: 'bypass', reason: 'unavailable' }),
    fill: async () => 'unavailable',
    announce: async () => {
      throw new StoreUnavailableError('announce a write', new Error('gone'))
    },
  })

  expect(await ask(read)).toEqual({ thing: { id: '1', name: 'Before' } })
  expect(await ask(rename)).toEqual({ rename: { id: '1', name: 'After' } })
  expect(await ask(read)).toEqual({ thing: { id: '1', name: 'After' } })
  expect(errors).toHaveLength(1)
})
