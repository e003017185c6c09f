import { createMemoryStore } from '../../src/cache/memory-store.ts'
import { createRedisStore } from '../../src/cache/redis-store.ts'
import type { CacheStore } from '../../src/cache/store.ts'
import { startPrivateRedis } from '../../test/support/private-redis.ts'
import { confirmReading, untilReachable } from '../../test/support/test-stores.ts'
import { measure } from '../support/measure.ts'
import type { Curve, Series } from './curve.ts'
import type { GrowthOptions } from './requests.ts'

const sizes = [1, 10, 100, 1_000]

/** A hit on an answer of 2 KB by the tags that it left. */
export async function growTags(options: GrowthOptions): Promise<Curve> {
  await using redis = await startPrivateRedis()
  const generation = () => ({ database: 'one history', answers: 'one build' })
  const common = { generation, collapseLimit: 2_000, heartbeatMs: 3_600_000 }
  const log = { info() {}, warn() {} }
  await using inRedis = createRedisStore({ ...common, url: redis.url, log })
  await using inMemory = createMemoryStore(common)
  return {
    name: 'A look-up by the number of tags of the answer',
    axes: { x: 'tags', y: 'p50, ms' },
    series: [
      await measureStore('Redis', inRedis, options),
      await measureStore('in process', inMemory, options),
    ],
  }
}

async function measureStore(
  name: string,
  store: CacheStore,
  { rounds, roundMs }: GrowthOptions,
): Promise<Series> {
  await untilReachable(store)
  await confirmReading(store)
  for (const size of sizes) {
    const found = await store.lookUp(keysOf(size))
    if (found.outcome === 'bypass') throw new Error(`${name} keeps nothing: ${found.reason}`)
    const tags = Array.from({ length: size }, (_, index) => `Course:${size}-${index}`)
    const answer = { epoch: found.epoch, tags, ttlMs: 3_600_000 }
    await store.fill(keysOf(size).public, Buffer.alloc(2_000, 'x'), answer)
  }
  const ways = sizes.map((size): [string, () => Promise<void>] => [
    String(size),
    async () => {
      const { outcome } = await store.lookUp(keysOf(size))
      if (outcome !== 'hit') throw new Error(`${name} has no answer of ${size} tags: ${outcome}`)
    },
  ])
  const measured = await measure(Object.fromEntries(ways), {
    ...{ rounds, roundMs, warmUpMs: roundMs },
  })
  const points = measured.map(({ p50Ms }, index) => [sizes[index] ?? 0, p50Ms] as const)
  return { name, points }
}

function keysOf(size: number) {
  return { public: `${size} tags`, role: `${size} tags, role`, own: `${size} tags, own` }
}
