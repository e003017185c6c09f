import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CacheStore, Epoch, FillOptions, ScopedKeys } from '../../src/cache/store.ts'
import { hasTestRedis } from '../support/private-redis.ts'
import {
  confirmReading,
  openMemoryStores,
  openRedisStores,
  type StoreKind,
  type TestStore,
  type TestStoreOptions,
} from '../support/test-stores.ts'

describe('the store in memory', () => holdTheContract(openMemoryStores))
describe.skipIf(!hasTestRedis())('the store in Redis', () => holdTheContract(openRedisStores))

function holdTheContract(openKind: () => Promise<StoreKind>): void {
  let kind: StoreKind
  beforeAll(async () => {
    kind = await openKind()
  })
  afterAll(() => kind[Symbol.asyncDispose]())

  async function openBeating(options?: TestStoreOptions): Promise<TestStore> {
    const opened = await kind.open(options)
    await confirmReading(opened.store)
    return opened
  }

  test('serves the bytes that were filled, with their scope, age and number of tags', async () => {
    const { store } = await openBeating()
    const bytes = Buffer.from([0, 255, 13, 10, 0x80])
    const start = performance.now()

    expect(await fillNow(store, 'p', { bytes, tags: ['A:1', 'A:2'], ttlMs: 60_000 })).toBe(
      'accepted',
    )

    const { answer } = await expectHit(store, keys)
    expect(Buffer.from(answer.bytes)).toEqual(bytes)
    expect(answer).toMatchObject({ scope: 'public', tags: 2 })
    // Clocks count whole milliseconds.
    const lastedMs = performance.now() - start + 2
    expect(answer.ageMs).toBeLessThan(lastedMs)
    expect(answer.ttlMs).toBeGreaterThan(60_000 - lastedMs)
    expect(answer.ttlMs).toBeLessThanOrEqual(60_000)
  })

  test('serves an answer of no bytes and one that depends on nothing', async () => {
    const { store } = await openBeating()

    await fillNow(store, 'p', { bytes: Buffer.alloc(0), tags: [] })
    await store.announce(['A:1'])

    const { answer } = await expectHit(store, keys)
    expect(answer.bytes).toHaveLength(0)
  })

  test.for(['public', 'role', 'own'] as const)('finds an answer of scope %s', async (scope) => {
    const { store } = await openBeating()
    await fillNow(store, keys[scope] ?? '', { tags: ['A:1'] })

    expect((await expectHit(store, keys)).answer.scope).toBe(scope)
  })

  test('does not serve what was stored for another viewer or role', async () => {
    const { store } = await openBeating()
    await fillNow(store, 'o', { tags: ['A:1'] })
    await fillNow(store, 'r', { tags: ['A:1'] })

    expect(await store.lookUp({ public: 'p', role: 'r2', own: 'o2' })).toMatchObject(miss)
    expect(await store.lookUp({ public: 'p', role: 'r2', own: null })).toMatchObject(miss)
  })

  test('serves the answer that was captured last when several are right', async () => {
    const { store } = await openBeating()
    await fillNow(store, 'o', { text: 'old', tags: ['A:1'] })
    await store.announce(['B:1'])
    await fillNow(store, 'r', { text: 'new', tags: ['A:1'] })

    expect(textOf(await expectHit(store, keys))).toBe('new')
  })

  test('serves another right answer when the one that was captured last is dead', async () => {
    const { store } = await openBeating()
    await fillNow(store, 'o', { text: 'old', tags: ['A:1'] })
    await store.announce(['C:1'])
    await fillNow(store, 'r', { text: 'new', tags: ['B:1'] })
    await store.announce(['B:1'])

    expect(textOf(await expectHit(store, keys))).toBe('old')
  })

  test('serves nothing that depends on a tag that was announced', async () => {
    const { store } = await openBeating()
    await fillNow(store, 'p', { tags: ['A:1', 'B.x=2', 'C.*/y'] })

    await store.announce(['B.x=2'])

    expect(await store.lookUp(keys)).toMatchObject(miss)
  })

  test('goes on serving what depends on none of the tags that were announced', async () => {
    const { store } = await openBeating()
    await fillNow(store, 'p', { tags: ['A:1', 'B.x=2'] })

    await store.announce(['A:2', 'B.x=3', 'B.x=2/y', 'A~', ''])

    await expectHit(store, keys)
  })

  test('finds the one tag that was announced among thousands of both', async () => {
    const { store } = await openBeating({ collapseLimit: 10_000, maxTags: 10_000 })
    const many = (prefix: string) => Array.from({ length: 2_500 }, (_, i) => `${prefix}:${i}`)
    await fillNow(store, 'p', { tags: many('A') })
    await store.announce(many('B'))
    await expectHit(store, keys)

    await store.announce(['A:2499', 'B:1'])

    expect(await store.lookUp(keys)).toMatchObject(miss)
  })

  test('announces thousands of tags at once', async () => {
    const { store } = await openBeating({ maxTags: 10_000 })
    await fillNow(store, 'p', { tags: ['A:2999'] })

    await store.announce(Array.from({ length: 3_000 }, (_, i) => `A:${i}`))

    expect(await store.lookUp(keys)).toMatchObject(miss)
    expect((await store.describe()).tags).toBe(3_000)
  })

  test('accepts no answer that was overtaken by an announcement', async () => {
    const { store } = await openBeating()
    const epoch = await capture(store)

    await store.announce(['A:1'])

    const options = { epoch, tags: ['A:1'], ttlMs: 1_000 }
    expect(await store.fill('p', Buffer.from('late'), options)).toBe('overtaken')
    expect(await store.lookUp(keys)).toMatchObject(miss)
  })

  test('accepts an answer although other tags were announced, and before its capture its own', async () => {
    const { store } = await openBeating()
    await store.announce(['A:1'])
    const epoch = await capture(store)
    await store.announce(['B:1'])

    const options = { epoch, tags: ['A:1'], ttlMs: 60_000 }
    expect(await store.fill('p', Buffer.from('right'), options)).toBe('accepted')
    await expectHit(store, keys)
  })

  test('gives with a hit the epoch of the look-up, for an answer that is made of what was found', async () => {
    const { store } = await openBeating()
    await fillNow(store, 'p', { tags: ['A:1'] })
    await store.announce(['B:1'])
    const { epoch } = await expectHit(store, keys)

    const made = { epoch, tags: ['A:1', 'B:1'], ttlMs: 60_000 }
    expect(await store.fill('r', Buffer.from('made'), made)).toBe('accepted')
    await store.announce(['A:1'])
    expect(await store.fill('r', Buffer.from('late'), made)).toBe('overtaken')
    expect(await store.lookUp(keys)).toMatchObject(miss)
  })

  test('looks for what is the same for everybody under one key', async () => {
    const { store } = await openBeating()
    await fillNow(store, 'r', { tags: [] })
    await fillNow(store, 'o', { tags: [] })
    const forAll = { public: 'p', role: null, own: null }
    expect(await store.lookUp(forAll)).toMatchObject(miss)

    await fillNow(store, 'p', { tags: [] })

    expect((await expectHit(store, forAll)).answer.scope).toBe('public')
  })

  test('is not led astray by announcements that are repeated', async () => {
    const { store } = await openBeating()
    await store.announce(['A:1'])
    await fillNow(store, 'p', { tags: ['A:1'] })
    await store.announce(['A:1', 'A:1'])
    await store.announce(['A:1'])

    expect(await store.lookUp(keys)).toMatchObject(miss)
    expect(await fillNow(store, 'p', { tags: ['A:1'] })).toBe('accepted')
    await expectHit(store, keys)
  })

  test('counts an answer that depends on too many rows of a model as depending on the model', async () => {
    const { store } = await openBeating({ collapseLimit: 3 })
    const tags = ['A:1', 'A:2', 'A:3', 'A.x=1', 'B:1', 'B:2', 'B:3']
    await fillNow(store, 'p', { tags })
    expect((await expectHit(store, keys)).answer.tags).toBe(4)

    await store.announce(['A:1'])
    await expectHit(store, keys)
    await store.announce(['A:1', 'A~'])

    expect(await store.lookUp(keys)).toMatchObject(miss)
  })

  test('does not serve an answer beyond its lifetime, which begins with its capture', async () => {
    const { store } = await openBeating()
    const epoch = await capture(store)
    await fillNow(store, 'p', { tags: ['A:1'], ttlMs: 30 })
    await passMs(40)

    expect(await store.lookUp(keys)).toMatchObject(miss)
    const late = { epoch, tags: ['A:1'], ttlMs: 30 }
    expect(await store.fill('p', Buffer.from('late'), late)).toBe('expired')
  })

  test('stores no answer that is too large', async () => {
    const { store } = await openBeating({ maxEntryBytes: 1_000 })

    expect(await fillNow(store, 'p', { bytes: Buffer.alloc(1_001), tags: [] })).toBe('oversized')
    expect(await store.lookUp(keys)).toMatchObject(miss)
    expect((await store.describe()).counts).toMatchObject({ fills: 0, refusedFills: 1 })
  })

  test('neither serves nor stores before a reading of the outbox was confirmed', async () => {
    const { store } = await kind.open()
    await store.beat(null)

    expect(await store.lookUp(keys)).toEqual({ outcome: 'bypass', reason: 'no-heartbeat' })
  })

  test('neither serves nor stores once the last confirmed reading is too long ago', async () => {
    const { store } = await openBeating({ heartbeatMs: 400 })
    await fillNow(store, 'p', { tags: ['A:1'] })
    await expectHit(store, keys)
    const epoch = await capture(store)
    await passMs(410)

    expect(await store.lookUp(keys)).toEqual({ outcome: 'bypass', reason: 'no-heartbeat' })
    const late = { epoch, tags: ['A:1'], ttlMs: 1_000 }
    expect(await store.fill('p', Buffer.from('late'), late)).toBe('no-heartbeat')
  })

  test('takes a beat that was held up for what it says: when the outbox was read', async () => {
    const { store } = await kind.open({ heartbeatMs: 50 })
    const readSince = await store.beat(null)
    await passMs(60)

    await store.beat(readSince)

    expect(await store.lookUp(keys)).toMatchObject({ reason: 'no-heartbeat' })
  })

  test('does not let an old beat shorten what a newer one confirmed', async () => {
    const { store } = await kind.open({ heartbeatMs: 500 })
    const early = await store.beat(null)
    await passMs(450)
    await confirmReading(store)
    await store.beat(early)
    await passMs(60)

    expect(await store.lookUp(keys)).toMatchObject(miss)
  })

  test('takes no beat with a moment that is not its own', async () => {
    const { store } = await kind.open()
    await store.beat(null)
    for (const at of ['', 'x', '0123abcd:9999999999999999', '12']) {
      await store.beat({ store: 'elsewhere', at })
    }

    expect(await store.lookUp(keys)).toMatchObject({ reason: 'no-heartbeat' })
  })

  test('does not serve answers of another build, but hears its announcements and beats', async () => {
    const opened = await openBeating()
    const { store } = opened
    const here = opened.generation
    await fillNow(store, 'p', { tags: ['A:1'] })

    opened.generation = { ...here, answers: 'the next build' }
    expect(await store.lookUp(keys)).toMatchObject(miss)
    await store.announce(['A:1'])
    opened.generation = here

    expect(await store.lookUp(keys)).toMatchObject(miss)
  })

  test('does not serve answers of another history of the database, nor before it is confirmed', async () => {
    const opened = await openBeating()
    const { store } = opened
    await fillNow(store, 'p', { tags: ['A:1'] })

    opened.generation = { ...opened.generation, database: 'restored' }

    expect(await store.lookUp(keys)).toMatchObject({ outcome: 'bypass' })
    await confirmReading(store)
    expect(await store.lookUp(keys)).toMatchObject(miss)
  })

  test('accepts no answer that was captured in another generation', async () => {
    const opened = await openBeating()
    const epoch = await capture(opened.store)
    opened.generation = { ...opened.generation, answers: 'the next build' }

    const options = { epoch, tags: ['A:1'], ttlMs: 1_000 }
    expect(await opened.store.fill('p', Buffer.from('x'), options)).toBe('overtaken')
  })

  test('accepts no answer that was captured in another store', async () => {
    const [here, there] = [await openBeating(), await openBeating()]

    const options = { epoch: await capture(there.store), tags: [], ttlMs: 1_000 }
    expect(await here.store.fill('p', Buffer.from('x'), options)).toBe('overtaken')
  })

  test('remembers a bounded number of tags, and what it forgets is dead', async () => {
    const { store } = await openBeating({ maxTags: 10 })
    await fillNow(store, 'p', { tags: ['A:1'] })
    const epoch = await capture(store)
    await store.announce(['A:1'])
    for (let i = 0; i < 30; i += 1) await store.announce([`B:${i}`])

    expect((await store.describe()).tags).toBe(10)
    expect(await store.lookUp(keys)).toMatchObject(miss)
    const late = { epoch, tags: ['A:1'], ttlMs: 1_000 }
    expect(await store.fill('p', Buffer.from('late'), late)).toBe('overtaken')
  })

  test('goes on serving young answers while it forgets old tags', async () => {
    const { store } = await openBeating({ maxTags: 10 })
    for (let i = 0; i < 30; i += 1) await store.announce([`B:${i}`])
    await fillNow(store, 'p', { tags: ['A:1'] })
    for (let i = 0; i < 9; i += 1) await store.announce([`C:${i}`])

    await expectHit(store, keys)
  })

  test('sweeps the tags that are older than any answer', async () => {
    const { store } = await openBeating({ keepTagsMs: 30 })
    await store.announce(['A:1', 'A:2'])
    expect((await store.describe()).tags).toBe(2)
    await passMs(40)

    await confirmReading(store)

    expect((await store.describe()).tags).toBe(0)
    expect(await fillNow(store, 'p', { tags: ['A:1'] })).toBe('accepted')
    await expectHit(store, keys)
  })

  test('counts what it did', async () => {
    const { store } = await openBeating()
    await fillNow(store, 'p', { tags: ['A:1'] })
    await store.lookUp(keys)
    await store.announce(['A:1', 'A~'])
    await store.announce([])
    const epoch = await capture(store)
    await store.announce(['A:1'])
    await store.fill('p', Buffer.from('x'), { epoch, tags: ['A:1'], ttlMs: 1_000 })

    expect(await store.describe()).toMatchObject({
      tags: 2,
      breaker: 'closed',
      counts: {
        ...{ hits: 1, misses: 2, bypasses: 0, fills: 1, refusedFills: 1 },
        ...{ announcements: 2, announcedTags: 3, corrupt: 0 },
      },
    })
  })
}

const keys = { public: 'p', role: 'r', own: 'o' } satisfies ScopedKeys
const miss = { outcome: 'miss' }

/** An epoch, captured by asking for what nobody stored. */
async function capture(store: CacheStore): Promise<Epoch> {
  const found = await store.lookUp({ public: 'nobody', role: 'stored', own: 'this' })
  if (found.outcome !== 'miss') throw new Error(`No epoch: ${JSON.stringify(found)}`)
  return found.epoch
}

interface Filled extends Omit<FillOptions, 'epoch' | 'ttlMs'> {
  readonly bytes?: Uint8Array
  readonly text?: string
  readonly ttlMs?: number
}

async function fillNow(store: CacheStore, key: string, filled: Filled) {
  const { text = 'text', bytes = Buffer.from(text), tags, ttlMs = 60_000 } = filled
  return store.fill(key, bytes, { epoch: await capture(store), tags, ttlMs })
}

async function expectHit(store: CacheStore, asked: ScopedKeys) {
  const found = await store.lookUp(asked)
  if (found.outcome !== 'hit') throw new Error(`No hit: ${JSON.stringify(found)}`)
  return found
}

function textOf({ answer }: { readonly answer: { readonly bytes: Uint8Array } }): string {
  return Buffer.from(answer.bytes).toString()
}

/** Lifetimes are what these tests are about, and Redis' clock cannot be set. */
function passMs(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
