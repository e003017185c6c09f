import { GraphQLInt, GraphQLObjectType, GraphQLSchema, GraphQLString } from 'graphql'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { CacheStore } from '../../src/cache/store.ts'
import type { Context } from '../../src/context.ts'
import {
  type CachedApp,
  type CachedPlace,
  forEachStore,
  openCachedPlace,
  patience,
} from '../support/start-cached-apps.ts'

/** Executions that began, and what those wait for that are to be held up. */
let executed = 0
let gate: Promise<void> = Promise.resolve()
let open = () => {}

function closeGate() {
  gate = new Promise((resolve) => {
    open = resolve
  })
}

async function compute() {
  executed += 1
  const number = executed
  await gate
  return number
}

const schema = new GraphQLSchema({
  query: new GraphQLObjectType<unknown, Context>({
    name: 'Query',
    fields: {
      plain: { type: GraphQLInt, args: { n: { type: GraphQLInt } }, resolve: compute },
      tagged: {
        type: GraphQLInt,
        resolve: (_, __, { readSet }) => {
          readSet.add('Thing:1')
          return compute()
        },
      },
      mine: {
        type: GraphQLString,
        resolve: async (_, __, { viewer }) => {
          const id = viewer.id()
          await compute()
          return id
        },
      },
      failing: {
        type: GraphQLInt,
        resolve: async () => {
          await compute()
          throw new Error('No')
        },
      },
      untagged: {
        type: GraphQLInt,
        resolve: (_, __, { readSet }) => {
          readSet.forbid('somewhere without tags')
          return compute()
        },
      },
    },
  }),
  mutation: new GraphQLObjectType<unknown, Context>({
    name: 'Mutation',
    fields: { count: { type: GraphQLInt, resolve: compute } },
  }),
})

interface Asking {
  readonly as?: string | null
  readonly variables?: Readonly<Record<string, unknown>>
  readonly signal?: AbortSignal
}

forEachStore((kind) => {
  let place: CachedPlace
  let app: CachedApp
  let turn = 0
  let lookedUp = 0
  const countLookUps = (store: CacheStore): CacheStore => ({
    ...store,
    async lookUp(...asked) {
      const found = await store.lookUp(...asked)
      lookedUp += 1
      return found
    },
  })
  /** A question that nobody has asked before. */
  const ask = async (query: string, { as = null, variables, signal }: Asking = {}) => {
    const response = await app.fetch('/graphql', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(as && { authorization: `Bearer ${await app.tokenFor(as)}` }),
      },
      body: JSON.stringify({ query, variables }),
      ...(signal && { signal }),
    })
    const body = await response.text()
    return { status: response.status, body, from: response.headers.get('cache-status') }
  }
  const fresh = (field: string) => {
    turn += 1
    return `{ of${turn}: ${field} }`
  }
  const times = <T>(count: number, call: () => Promise<T>) =>
    Promise.all(Array.from({ length: count }, call))
  const untilExecuting = (count: number) => vi.waitFor(() => expect(executed).toBe(count), patience)

  beforeAll(async () => {
    place = await openCachedPlace(kind)
    const limits = 'rate=10000000,executions=4,executionsPerViewer=4,queued=10,requestMs=120000'
    app = await place.start({
      schema,
      env: { LOADLINE_LIMITS: limits, CACHE_VERIFY_SHARE: '0' },
      wrapStore: countLookUps,
      waitMs: 250,
    })
  })
  beforeEach(() => {
    executed = 0
    gate = Promise.resolve()
  })
  afterAll(() => place[Symbol.asyncDispose]())

  test('a hundred who ask the same at once are one execution, and get the same', async () => {
    const query = fresh('plain')
    const answers = await times(100, () => ask(query))

    expect(executed).toBe(1)
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1)
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
  })

  test('so are ten thousand, whether or not it is computed before all have looked for it', async () => {
    for (const waits of [true, false]) {
      const query = fresh('plain')
      executed = 0
      lookedUp = 0
      if (waits) closeGate()
      const asking = times(10_000, () => ask(query))
      if (waits) await vi.waitFor(() => expect(lookedUp).toBe(10_000), patience)
      open()
      const answers = await asking

      expect(executed).toBe(1)
      expect(new Set(answers.map(({ body }) => body)).size).toBe(1)
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    }
  })

  test('so are hundreds of each of many people whom this process has not seen', async () => {
    const people = await Promise.all(Array.from({ length: 10 }, () => app.rows.user()))
    const query = fresh('plain').replace(/(.*) plain/, 'query ($n: Int) $1 plain(n: $n)')
    // That its answers are everybody's is known from the last one.
    await ask(query, { variables: { n: 1 } })
    executed = 0
    const answers = await Promise.all(
      people.flatMap(({ id }) =>
        Array.from({ length: 100 }, () => ask(query, { as: id, variables: { n: 2 } })),
      ),
    )

    expect(executed).toBe(1)
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1)
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
  })

  test('an answer that expires while many ask for it is computed once each time', async () => {
    const short = await openCachedPlace(kind)
    try {
      const own = await short.start({
        schema,
        responseCache: { ttl: 400, jitter: 0 },
        env: { CACHE_VERIFY_SHARE: '0' },
      })
      const query = '{ hot: plain }'
      executed = 0
      let asked = 0
      const until = performance.now() + 2_000
      const seen = new Set<string>()
      while (performance.now() < until) {
        const answers = await times(10, async () =>
          (
            await own.fetch('/graphql', {
              method: 'POST',
              headers: { 'content-type': 'application/json' },
              body: JSON.stringify({ query }),
            })
          ).text(),
        )
        for (const answer of answers) seen.add(answer)
        asked += answers.length
      }

      expect(asked).toBeGreaterThan(100)
      expect(executed).toBeGreaterThan(1)
      // Each execution is an answer of its own: none was computed for nothing.
      expect(seen.size).toBe(executed)
      expect(executed).toBeLessThanOrEqual(6)
    } finally {
      await short[Symbol.asyncDispose]()
    }
  })

  test('nobody is served what a write has overtaken, which each computes anew', async () => {
    const query = fresh('tagged')
    closeGate()
    const before = times(2, () => ask(query))
    await untilExecuting(1)
    await app.cache.store.announce(['Thing:1'])
    // Whoever asks from now on may not be told what was computed before.
    const after = ask(query)
    open()
    const [first] = await before

    expect(JSON.parse(first?.body ?? '').data).not.toEqual(JSON.parse((await after).body).data)
    expect(executed).toBeGreaterThan(1)
  })

  describe('whose answer it is', () => {
    test('decides with whom one waits: nobody is told what was computed for another', async () => {
      const people = await Promise.all(Array.from({ length: 5 }, () => app.rows.user()))
      const query = fresh('mine')
      await ask(query, { as: people[0]?.id ?? '' })
      executed = 0
      const answers = await Promise.all(
        [...people, ...people].map(async ({ id }) => [id, (await ask(query, { as: id })).body]),
      )

      for (const [id, body] of answers) expect(body).toContain(id)
      expect(executed).toBeLessThanOrEqual(people.length)
    })

    test('is looked at again when it is known: who waited in vain asks for themselves', async () => {
      const [one, other] = [await app.rows.user(), await app.rows.user()]
      const field = fresh('mine')
      // What nobody asks about, everybody may share; so the document was public until now.
      const query = field
      await ask(query)
      closeGate()
      executed = 0
      const answers = Promise.all([ask(query, { as: one.id }), ask(query, { as: other.id })])
      await vi.waitFor(() => expect(executed).toBeGreaterThan(0), patience)
      open()

      const [first, second] = await answers
      expect(first.body).toContain(one.id)
      expect(second.body).toContain(other.id)
    })
  })

  describe('a client that hangs up', () => {
    test('takes nobody along who waits for the same', async () => {
      const query = fresh('plain')
      const leader = new AbortController()
      closeGate()
      const gone = ask(query, { signal: leader.signal }).catch(() => null)
      await untilExecuting(1)
      const waiting = ask(query)
      await new Promise((resolve) => setTimeout(resolve, 50))
      leader.abort()
      await new Promise((resolve) => setTimeout(resolve, 20))
      open()

      expect(await waiting).toMatchObject({ status: 200, from: 'loadline; fwd=miss; collapsed' })
      expect(executed).toBe(1)
      await gone
    })

    test('while it waits for another, leaves that one alone', async () => {
      const query = fresh('plain')
      const waiter = new AbortController()
      closeGate()
      const leading = ask(query)
      await untilExecuting(1)
      const gone = ask(query, { signal: waiter.signal }).catch(() => null)
      await new Promise((resolve) => setTimeout(resolve, 50))
      waiter.abort()
      open()

      expect(await leading).toMatchObject({ status: 200, from: 'loadline; fwd=miss' })
      await gone
    })
  })

  describe('what cannot be shared', () => {
    test('a mutation, is executed for each', async () => {
      await times(2, () => ask('mutation { count }'))
      expect(executed).toBe(2)
    })

    test('an answer with errors, is computed for each', async () => {
      const answers = await times(3, () => ask(fresh('failing').replace(/of\d+/, 'same')))
      expect(answers.map(({ body }) => JSON.parse(body).errors.length)).toEqual([1, 1, 1])
      expect(executed).toBe(3)
    })

    test('an answer that left no tags, is waited for at most once', async () => {
      const query = fresh('untagged')
      const bodies = async () => new Set((await times(3, () => ask(query))).map(({ body }) => body))

      expect((await bodies()).size).toBe(3)
      executed = 0
      expect((await bodies()).size).toBe(3)
      expect(executed).toBe(3)
    })
  })
})
