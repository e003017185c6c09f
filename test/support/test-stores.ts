import { createMemoryStore } from '../../src/cache/memory-store.ts'
import type { RedisScripts } from '../../src/cache/redis-scripts.ts'
import { createRedisStore } from '../../src/cache/redis-store.ts'
import type { CacheStore, Generation, Moment, StoreOptions } from '../../src/cache/store.ts'
import { createTagEpochs, type TagEpochs } from '../../src/cache/tag-epochs.ts'
import { openTestRedis } from './private-redis.ts'

/** A store, with hands to do to it what happens to stores. */
export interface TestStore {
  readonly store: CacheStore
  /** As the store asks for it. */
  generation: Generation
  /** Takes an answer away, as eviction does, where that does not happen by itself. */
  evict(): Promise<void>
  /** Loses all that is known of tags, where that can happen. */
  loseTags(): Promise<void>
}

/** One kind of store; those that it opens share nothing. */
export interface StoreKind extends AsyncDisposable {
  open(options?: TestStoreOptions): Promise<TestStore>
}

export interface TestStoreOptions extends Partial<StoreOptions> {
  readonly scripts?: RedisScripts
  /** Stands between the store in memory and its epochs. */
  readonly wrapEpochs?: (epochs: TagEpochs) => TagEpochs
  /** Of the store in memory. */
  readonly maxBytes?: number
  readonly nowMs?: () => number
}

const silentLog = { warn() {}, info() {} }

/** So long that a busy machine is not taken for a drainer that stopped. */
const heartbeatMs = 60_000

export async function openMemoryStores(): Promise<StoreKind> {
  return {
    async open({ scripts: _, wrapEpochs, ...options } = {}) {
      const { maxTags = 1_000, nowMs = () => performance.now() } = options
      const real = createTagEpochs({ nowMs, maxTags })
      const epochs = wrapEpochs?.(real) ?? real
      const test: TestStore = {
        generation: { database: 'one history', answers: 'one build' },
        store: createMemoryStore({
          ...{ generation: () => test.generation, heartbeatMs, epochs },
          ...options,
        }),
        async evict() {},
        async loseTags() {},
      }
      return test
    },
    async [Symbol.asyncDispose]() {},
  }
}

export async function openRedisStores(): Promise<StoreKind> {
  const { url, namespace, redis, ...server } = await openTestRedis()
  const opened: CacheStore[] = []
  return {
    async open({ wrapEpochs: _, maxBytes: __, nowMs: ___, ...options } = {}) {
      const own = `${namespace}.${opened.length}`
      const test: TestStore = {
        generation: { database: 'one history', answers: 'one build' },
        store: createRedisStore({
          ...{
            generation: () => test.generation,
            heartbeatMs,
            url,
            namespace: own,
            log: silentLog,
          },
          ...options,
        }),
        async evict() {
          const [answer] = await redis.keys(`{${own}:0}:e:*`)
          if (answer) await redis.unlink(answer)
        },
        async loseTags() {
          await redis.unlink(`{${own}:0}:tags`)
        },
      }
      opened.push(test.store)
      await untilReachable(test.store)
      return test
    },
    async [Symbol.asyncDispose]() {
      for (const store of opened) await store[Symbol.asyncDispose]()
      await server[Symbol.asyncDispose]()
    },
  }
}

/** The store connects in the background, so the first calls may come too early. */
export async function untilReachable(store: CacheStore): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      await store.beat(null)
      return
    } catch (error) {
      if (attempt === 200) throw error
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }
}

/** As a drainer does when it finds nothing: afterwards hits are served. */
export async function confirmReading(store: CacheStore): Promise<Moment> {
  return await store.beat(await store.beat(null))
}
