import { expect, test } from 'vitest'
import { createBudget } from '../../src/cache/budget.ts'
import { createMemoryStore } from '../../src/cache/memory-store.ts'
import { createRequestStore } from '../../src/cache/request-store.ts'
import type { CacheStore } from '../../src/cache/store.ts'
import { confirmReading } from '../support/test-stores.ts'

const forAll = (key: string) => ({ public: key, role: null, own: null })
const bytes = Buffer.from('text')

async function openStore() {
  const generation = () => ({ database: 'one history', answers: 'one build' })
  const store = createMemoryStore({ generation })
  await confirmReading(store)
  return store
}

test('what a request fills has the epoch of its first look-up, whatever it looked up later', async () => {
  const store = await openStore()
  const request = createRequestStore(store)
  await request.lookUp(forAll('who'))
  await store.announce(['User:1'])
  await request.lookUp(forAll('what'))

  expect(await request.fill('what', bytes, { tags: ['User:1'], ttlMs: 1_000 })).toBe('overtaken')
  expect(await request.fill('what', bytes, { tags: ['User:2'], ttlMs: 1_000 })).toBe('accepted')
})

test('so it is when the first look-up was a hit', async () => {
  const store = await openStore()
  const before = createRequestStore(store)
  await before.lookUp(forAll('who'))
  await before.fill('who', bytes, { tags: ['User:1'], ttlMs: 60_000 })
  const request = createRequestStore(store)
  expect(await request.lookUp(forAll('who'))).toMatchObject({ outcome: 'hit' })
  await store.announce(['User:1'])
  await request.lookUp(forAll('what'))

  expect(await request.fill('what', bytes, { tags: ['User:1'], ttlMs: 1_000 })).toBe('overtaken')
})

test('a request whose first look-up failed goes on without the store', async () => {
  const store = await openStore()
  let calls = 0
  const failing: CacheStore = {
    ...store,
    async lookUp() {
      calls += 1
      return { outcome: 'bypass', reason: 'slow' }
    },
  }
  const request = createRequestStore(failing)

  expect(await request.lookUp(forAll('who'))).toEqual({ outcome: 'bypass', reason: 'slow' })
  expect(await request.lookUp(forAll('what'))).toEqual({ outcome: 'bypass', reason: 'slow' })
  expect(await request.fill('what', bytes, { tags: [], ttlMs: 1_000 })).toBe('slow')
  expect(calls).toBe(1)
})

test('a store that breaks its promise and rejects costs no request', async () => {
  const store = await openStore()
  const broken = (): never => {
    throw new Error('a bug')
  }
  const lookUp = async () => broken()
  const fill = async () => broken()

  const unlucky = createRequestStore({ ...store, lookUp })
  expect(await unlucky.lookUp(forAll('what'))).toMatchObject({ reason: 'unavailable' })
  const unfilled = createRequestStore({ ...store, fill })
  await unfilled.lookUp(forAll('what'))
  expect(await unfilled.fill('what', bytes, { tags: [], ttlMs: 1_000 })).toBe('unavailable')
})

test('what is recalled and offered costs the request no more than one wait, and nothing if it fails', async () => {
  const store = await openStore()
  let waits = 0
  const slow: CacheStore = {
    ...store,
    async lookUp(keys, budget, beside) {
      if (keys.public.startsWith('aside')) {
        waits += 1
        await new Promise((resolve) => setTimeout(resolve, 30))
      }
      return store.lookUp(keys, budget, beside)
    },
  }
  const request = createRequestStore(slow, createBudget(100))
  await request.lookUp(forAll('who'))
  const aside = Array.from({ length: 20 }, (_, index) => `aside ${index}`)
  for (const key of aside) {
    expect(await request.offer(key, bytes, { tags: [], ttlMs: 60_000 })).toBe('accepted')
  }

  expect(await request.recall(aside)).toEqual(aside.map(() => bytes))
  expect(waits).toBe(20)
  expect(await request.recall(['aside 0'])).toEqual([bytes])
  // Nothing is left for a third time, but for the answer itself.
  const tight = createRequestStore(slow, createBudget(20))
  await tight.lookUp(forAll('who'))
  expect(await tight.recall(aside)).toEqual(aside.map(() => null))
  expect(tight.isOpen()).toBe(true)
})
