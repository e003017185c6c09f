import { setImmediate as turn } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { afterEach, describe, expect, test } from 'vitest'
import { createBudget } from '../../src/cache/budget.ts'
import { createRedisStore } from '../../src/cache/redis-store.ts'
import type { CacheStore } from '../../src/cache/store.ts'
import { openTcpProxy } from '../consistency/harness/tcp-proxy.ts'
import { findRedis, startPrivateRedis } from '../support/private-redis.ts'
import { confirmReading, untilReachable } from '../support/test-stores.ts'

const keys = { public: 'p', role: 'r', own: 'o' }
const generation = { database: 'one history', answers: 'one build' }
const log = { info() {}, warn() {} }
const patient = () => createBudget(60_000)

const opened: AsyncDisposable[] = []
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one[Symbol.asyncDispose]()
})

async function openStore(url: string): Promise<CacheStore> {
  const store = createRedisStore({ generation: () => generation, url, heartbeatMs: 60_000, log })
  opened.push(store)
  await untilReachable(store)
  await confirmReading(store)
  return store
}

async function openServer() {
  const server = await startPrivateRedis()
  const redis = new Redis(server.url, { protocol: 2 })
  opened.push(server, { [Symbol.asyncDispose]: async () => redis.disconnect() })
  /** Only look-ups read values. */
  const readings = async () =>
    Number(/cmdstat_mget:calls=(\d+)/.exec(await redis.info('commandstats'))?.[1] ?? 0)
  return { url: server.url, port: Number(new URL(server.url).port), readings }
}

async function fill(store: CacheStore, text: string): Promise<void> {
  const found = await store.lookUp({ public: 'none', role: null, own: null }, patient())
  if (found.outcome !== 'miss') throw new Error(`No epoch: ${JSON.stringify(found)}`)
  const options = { epoch: found.epoch, tags: ['A:1'], ttlMs: 60_000 }
  expect(await store.fill('p', Buffer.from(text), options)).toBe('accepted')
}

describe.runIf(findRedis())('look-ups in Redis', () => {
  test('that ask the same in one turn of the event loop are one command', async () => {
    const { url, readings } = await openServer()
    const store = await openStore(url)
    await fill(store, 'one')
    const before = await readings()
    const found = await Promise.all(
      Array.from({ length: 10_000 }, () => store.lookUp(keys, patient())),
    )

    expect(await readings()).toBe(before + 1)
    const texts = found.map(
      (one) => one.outcome === 'hit' && Buffer.from(one.answer.bytes).toString(),
    )
    expect(new Set(texts)).toEqual(new Set(['one']))
    expect((await store.describe()).counts.hits).toBe(10_000)
  })

  test('that ask for something else, or beside something else, have commands of their own', async () => {
    const { url, readings } = await openServer()
    const store = await openStore(url)
    await fill(store, 'one')
    const before = await readings()
    const found = await Promise.all([
      store.lookUp(keys, patient()),
      store.lookUp({ ...keys, public: 'other' }, patient()),
      store.lookUp({ public: 'p', role: null, own: null }, patient(), 'r'),
      store.lookUp({ public: 'p', role: 'r', own: null }, patient()),
    ])

    expect(found.map(({ outcome }) => outcome)).toEqual(['hit', 'miss', 'hit', 'hit'])
    expect(await readings()).toBe(before + 4)
  })

  test('do not join one that has gone out: a write may have been announced since', async () => {
    const { url, port } = await openServer()
    const proxy = await openTcpProxy(port)
    opened.push(proxy)
    const writer = await openStore(url)
    const reader = await openStore(`redis://127.0.0.1:${proxy.port}`)
    await fill(writer, 'before the write')
    // What Redis answers is on its way for so long that a write comes in between.
    proxy.delay(1_000)
    const early = reader.lookUp(keys, patient())
    await turn()
    await turn()
    await writer.announce(['A:1'])
    const late = reader.lookUp(keys, patient())

    expect((await late).outcome).toBe('miss')
    expect(['hit', 'miss']).toContain((await early).outcome)
  })

  test('that share a failure are asked anew afterwards', async () => {
    const { url, port } = await openServer()
    const proxy = await openTcpProxy(port)
    opened.push(proxy)
    const store = await openStore(`redis://127.0.0.1:${proxy.port}`)
    await fill(await openStore(url), 'one')
    proxy.cut()
    const lost = await Promise.all([store.lookUp(keys, patient()), store.lookUp(keys, patient())])
    proxy.mend()
    await untilReachable(store)

    expect(lost.map(({ outcome }) => outcome)).toEqual(['bypass', 'bypass'])
    expect((await store.lookUp(keys, patient())).outcome).toBe('hit')
  })
})
