import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createHitSampler } from '../../src/cache/sample-hits.ts'
import { shadowStore } from '../../src/cache/shadow-store.ts'
import type { CacheStore } from '../../src/cache/store.ts'
import type { Comparison } from '../../src/observe/events.ts'
import { createRequestFacts } from '../../src/observe/request-facts.ts'
import { type CachedApp, openCachedPlace, patience } from '../support/start-cached-apps.ts'
import { openMemoryStores, type TestStore } from '../support/test-stores.ts'
import { readSamples, sumOf } from './read-metrics.ts'

const list = 'query Screen { courses(first: 5) { nodes { title } } }'
const everyHit = { CACHE_VERIFY_SHARE: '1' }

/** A fault: writes are acknowledged and nobody hears of them. */
const deaf = (store: CacheStore): CacheStore => ({ ...store, announce: async () => '' })

async function comparisons(app: CachedApp, outcome: Comparison['outcome']): Promise<number> {
  return sumOf(await readSamples(app), 'loadline_cache_comparisons_total', { outcome })
}

async function hitUntil(app: CachedApp, outcome: Comparison['outcome']): Promise<void> {
  await vi.waitFor(async () => {
    await app.query(list)
    expect(await comparisons(app, outcome)).toBeGreaterThan(0)
  }, patience)
}

describe('a hit that is computed once more', () => {
  test('is found to be right', async () => {
    await using place = await openCachedPlace('memory')
    const app = await place.start({ env: everyHit })
    const course = await app.rows.course()
    await hitUntil(app, 'same')
    // What is written and announced is right again.
    await app.prisma.course.update({ where: { id: course.id }, data: { title: 'Anew' } })
    await place.untilDrained()
    await hitUntil(app, 'same')

    expect(await comparisons(app, 'stale')).toBe(0)
    expect(await comparisons(app, 'failed')).toBe(0)
  })

  test('is counted and logged with its tags when it is out of date', async () => {
    await using place = await openCachedPlace('memory')
    const app = await place.start({ env: everyHit, verifySettleMs: 50, wrapStore: deaf })
    const course = await app.rows.course()
    await hitUntil(app, 'same')
    await app.prisma.course.update({ where: { id: course.id }, data: { title: 'Unheard of' } })
    await hitUntil(app, 'stale')
    const line = app.logged.find(({ level }) => level === 50)

    expect(line).toMatchObject({
      msg: 'an answer was served that is out of date',
      operation: 'Screen',
      tags: expect.arrayContaining([`Course:${course.id}`]),
    })
  })

  test('is nobody else’s: of a viewer the viewer’s answer is computed', async () => {
    await using place = await openCachedPlace('memory')
    const app = await place.start({ env: everyHit })
    const people = [await app.rows.user({ name: 'Ada' }), await app.rows.user({ name: 'Bob' })]
    await vi.waitFor(async () => {
      for (const as of people) await app.query('{ viewer { name } }', { as })
      expect(await comparisons(app, 'same')).toBeGreaterThan(4)
    }, patience)

    expect(await comparisons(app, 'stale')).toBe(0)
    expect(await comparisons(app, 'failed')).toBe(0)
  })
})

describe('what differs', () => {
  const keys = { public: 'one', role: null, own: null }
  const facts = createRequestFacts({
    ...{ requestId: 'x', method: 'POST', path: '/graphql', startMs: 0, traceparent: null },
  })
  let stores: Awaited<ReturnType<typeof openMemoryStores>>
  beforeAll(async () => {
    stores = await openMemoryStores()
  })
  afterAll(() => stores[Symbol.asyncDispose]())

  async function openFilled(): Promise<TestStore> {
    const test = await stores.open()
    await test.store.beat(await test.store.beat(null))
    const found = await test.store.lookUp(keys)
    if (found.outcome === 'bypass') throw new Error(found.reason)
    const options = { epoch: found.epoch, tags: ['Row:1'], ttlMs: 60_000 }
    await test.store.fill(keys.public, Buffer.from('{"a":1}'), options)
    return test
  }

  async function compare(
    { store }: TestStore,
    options: { readonly meanwhile?: () => Promise<unknown>; readonly data?: unknown },
  ): Promise<Comparison | null> {
    const told: Comparison[] = []
    let computed = 0
    const checkHit = createHitSampler({
      ...{ store, share: 1, isBusy: () => false, settleMs: 20 },
      tell: (_, comparison) => told.push(comparison),
      async compute() {
        computed += 1
        if (computed === 2) await options.meanwhile?.()
        return options.data === null ? null : { keys, data: options.data, tags: ['Row:1'] }
      },
    })
    checkHit(facts, {})
    await new Promise((resolve) => setTimeout(resolve, 100))
    return told[0] ?? null
  }

  test('is stale when it is still served after all has settled', async () => {
    const comparison = await compare(await openFilled(), { data: { a: 2 } })

    expect(comparison).toEqual({ outcome: 'stale', tags: ['Row:1'] })
  })

  test('is explained by an announcement meanwhile', async () => {
    const test = await openFilled()
    const meanwhile = () => test.store.announce(['Row:1'])

    expect(await compare(test, { data: { a: 2 }, meanwhile })).toMatchObject({
      outcome: 'explained',
    })
  })

  test('says nothing of what is no longer served, and of what cannot be computed', async () => {
    const test = await openFilled()
    await test.store.announce(['Row:1'])

    expect(await compare(test, { data: { a: 2 } })).toBeNull()
    expect(await compare(await openFilled(), { data: null })).toMatchObject({ outcome: 'failed' })
    expect(await compare(await openFilled(), { data: { a: 1 } })).toMatchObject({ outcome: 'same' })
  })
})

describe('in the shadow', () => {
  async function startInTheShadow(
    place: Awaited<ReturnType<typeof openCachedPlace>>,
    isDeaf = false,
  ) {
    let app: CachedApp | null = null
    const wrapStore = (store: CacheStore) =>
      shadowStore(isDeaf ? deaf(store) : store, {
        tell: (comparison) => app?.observation.events.answerCompared(null, comparison),
        settleMs: 50,
      })
    app = await place.start({ wrapStore })
    return app
  }

  test('all is computed, and what would have been served is found to be right', async () => {
    await using place = await openCachedPlace('memory')
    const app = await startInTheShadow(place)
    await app.rows.course()
    await place.untilDrained()
    const before = await comparisons(app, 'same')
    const asked = []
    for (let time = 0; time < 4; time += 1) {
      asked.push(await app.ask(list))
      await new Promise((resolve) => setTimeout(resolve, 20))
    }

    expect(asked.map(({ cache }) => cache.outcome)).toEqual(Array(4).fill('miss'))
    expect(asked.map(({ statements }) => statements.length)).toEqual(Array(4).fill(1))
    expect(await comparisons(app, 'same')).toBe(before + 3)
    expect(await comparisons(app, 'stale')).toBe(0)
  })

  test('what would have been out of date is counted, and never served', async () => {
    await using place = await openCachedPlace('memory')
    const app = await startInTheShadow(place, true)
    const course = await app.rows.course({ title: 'Old' })
    await app.query(list)
    await app.prisma.course.update({ where: { id: course.id }, data: { title: 'New' } })
    await vi.waitFor(async () => {
      const { data } = await app.query(list)
      expect(data.courses.nodes).toEqual([{ title: 'New' }])
      expect(await comparisons(app, 'stale')).toBeGreaterThan(0)
    }, patience)
  })
})
