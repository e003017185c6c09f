import { expect, test } from 'vitest'
import type { CacheStore } from '../../src/cache/store.ts'
import { confirmReading, openMemoryStores } from '../support/test-stores.ts'

test('the store in memory keeps to its bytes, and drops what was used longest ago', async () => {
  const { store } = await (await openMemoryStores()).open({ maxBytes: 100_000 })
  await confirmReading(store)
  for (let i = 0; i < 500; i += 1) await fill(store, `p${i}`, 1_000)

  const { entries, bytes } = await store.describe()
  expect(bytes).toBeLessThanOrEqual(100_000)
  expect(entries).toBeGreaterThan(80)
  expect((await store.lookUp(keysOf('p499'))).outcome).toBe('hit')
  expect((await store.lookUp(keysOf('p0'))).outcome).toBe('miss')
})

test('the store in memory lets go of answers and tags once their time is over', async () => {
  let nowMs = 1_000
  const { store } = await (await openMemoryStores()).open({
    ...{ nowMs: () => nowMs, keepTagsMs: 90_000 },
  })
  await confirmReading(store)
  for (let i = 0; i < 10; i += 1) await fill(store, `p${i}`, 1_000)
  await store.announce(['B:1'])
  expect(await store.describe()).toMatchObject({ entries: 10, tags: 1 })

  nowMs += 100_000
  await confirmReading(store)

  expect(await store.describe()).toMatchObject({ entries: 0, bytes: 0, tags: 0 })
})

async function fill(store: CacheStore, key: string, size: number): Promise<void> {
  const found = await store.lookUp(keysOf(key))
  if (found.outcome !== 'miss') throw new Error('No epoch')
  await store.fill(key, Buffer.alloc(size), { epoch: found.epoch, tags: ['A:1'], ttlMs: 60_000 })
}

function keysOf(key: string) {
  return { public: key, role: `${key} role`, own: null }
}
