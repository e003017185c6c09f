import { setTimeout as passMs } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { afterEach, describe, expect, test } from 'vitest'
import { createBudget } from '../../src/cache/budget.ts'
import { type RedisScripts, redisScripts } from '../../src/cache/redis-scripts.ts'
import { createRedisStore, type RedisStoreOptions } from '../../src/cache/redis-store.ts'
import { type CacheStore, type LookUp, StoreUnavailableError } from '../../src/cache/store.ts'
import { findRedis, type PrivateRedis, startPrivateRedis } from '../support/private-redis.ts'
import { confirmReading, untilReachable } from '../support/test-stores.ts'

const keys = { public: 'p', role: 'r', own: 'o' }
const generation = { database: 'one history', answers: 'one build' }

const opened: AsyncDisposable[] = []
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one[Symbol.asyncDispose]()
})

async function startRedis(settings: readonly string[] = []): Promise<PrivateRedis> {
  const server = await startPrivateRedis(settings)
  opened.push(server)
  return server
}

interface Watched extends CacheStore {
  readonly warnings: readonly string[]
  /** Since the store was reachable, corrupt values and failed calls. */
  newFaults(): Promise<{ readonly corrupt: number; readonly failures: number }>
  /** The first calls may come before the connection. */
  untilReachable(): Promise<void>
}

function openStore(url: string, options: Partial<RedisStoreOptions> = {}): Watched {
  const warnings: string[] = []
  const store = createRedisStore({
    generation: () => generation,
    url,
    // So that a busy machine is not taken for a drainer that stopped.
    heartbeatMs: 60_000,
    log: { info() {}, warn: (...entry: readonly unknown[]) => warnings.push(String(entry[1])) },
    ...options,
  })
  opened.push(store)
  const faults = async () => {
    const { corrupt, failures } = (await store.describe()).counts
    return { corrupt, failures }
  }
  let before = { corrupt: 0, failures: 0 }
  return Object.assign(store, {
    warnings,
    async newFaults() {
      const { corrupt, failures } = await faults()
      return { corrupt: corrupt - before.corrupt, failures: failures - before.failures }
    },
    async untilReachable() {
      await untilReachable(store)
      before = await faults()
    },
  })
}

/** A server, a store on it that a drainer confirmed, and a connection to spoil things with. */
async function openBeating(
  settings: readonly string[] = [],
  options: Partial<RedisStoreOptions> = {},
) {
  const server = await startRedis(settings)
  const store = openStore(server.url, options)
  await store.untilReachable()
  await confirmReading(store)
  const redis = new Redis(server.url, { protocol: 2 })
  redis.on('error', () => {})
  opened.push({ [Symbol.asyncDispose]: async () => redis.disconnect() })
  return { server, store, redis }
}

async function fillNow(store: CacheStore, key = 'p', tags = ['A:1'], text = 'text') {
  const found = await store.lookUp({ public: 'nobody', role: 'stored', own: 'this' })
  if (found.outcome !== 'miss') throw new Error(`No epoch: ${JSON.stringify(found)}`)
  return store.fill(key, Buffer.from(text), { epoch: found.epoch, tags, ttlMs: 60_000 })
}

/**
 * What look-ups find while a server that was killed comes back with a snapshot that holds the answer,
 * a beat that is still fresh, and not the announcement that ended the answer.
 */
async function askAfterOldSnapshot(scripts?: RedisScripts): Promise<readonly string[]> {
  const options = scripts ? { scripts } : {}
  const { server, store, redis } = await openBeating([], options)
  await fillNow(store)
  await redis.save()
  await store.announce(['A:1'])
  await server.kill()
  await server.start()
  const other = openStore(server.url, options)
  const outcomes: string[] = []
  for (let i = 0; i < 40; i += 1) {
    for (const one of [store, other]) {
      const found = await one.lookUp(keys)
      outcomes.push(found.outcome === 'bypass' ? found.reason : found.outcome)
    }
    await passMs(5)
  }
  return outcomes
}

/** Tries until the outcome is the wanted one; fails with the last. */
async function until(store: CacheStore, wanted: Partial<LookUp>): Promise<void> {
  for (let attempt = 0; attempt < 400; attempt += 1) {
    const found = await store.lookUp(keys)
    if (found.outcome === wanted.outcome) return
    await passMs(10)
  }
  expect(await store.lookUp(keys)).toMatchObject(wanted)
}

async function timed<T>(
  call: () => Promise<T>,
): Promise<{ readonly ms: number; readonly value: T }> {
  const startedAt = performance.now()
  const value = await call()
  return { ms: performance.now() - startedAt, value }
}

describe.skipIf(!findRedis())('a Redis', () => {
  test('that is not there at the start is no cache, and one as soon as it comes', async () => {
    const server = await startRedis()
    await server.kill()
    const store = openStore(server.url)

    const { ms, value } = await timed(() => store.lookUp(keys))
    expect(value).toEqual({ outcome: 'bypass', reason: 'unavailable' })
    expect(ms).toBeLessThan(100)
    await expect(store.announce(['A:1'])).rejects.toThrow(StoreUnavailableError)
    await expect(store.beat(null)).rejects.toThrow(StoreUnavailableError)
    expect(await store.describe()).toMatchObject({ entries: null, tags: null })

    await server.start()
    await store.untilReachable()
    await confirmReading(store)
    expect(await fillNow(store)).toBe('accepted')
    expect((await store.lookUp(keys)).outcome).toBe('hit')
    expect(store.warnings).toEqual([expect.stringMatching(/^Redis .* the cache is off$/)])
  })

  test('that hangs holds up no request for 50 ms, and soon none at all', async () => {
    const { server, store } = await openBeating()
    server.pause()
    const waits: number[] = []
    for (let i = 0; i < 20; i += 1) {
      const { ms, value } = await timed(() => store.lookUp(keys))
      expect(value.outcome).toBe('bypass')
      waits.push(ms)
    }

    expect((await store.describe()).breaker).toBe('open')
    // A machine that is busy may be late once, but three waits are all.
    expect(waits.filter((ms) => ms > 20).length).toBeLessThanOrEqual(3)
    expect(waits.sort((a, b) => a - b)[17]).toBeLessThan(100)

    server.resume()
    await until(store, { outcome: 'miss' })
    expect((await store.describe()).breaker).toBe('closed')
  })

  test('that hangs takes one budget from all calls of a request together', async () => {
    const { server, store } = await openBeating()
    const budget = createBudget(45)
    const found = await store.lookUp(keys, budget)
    if (found.outcome !== 'miss') throw new Error('No epoch')
    server.pause()

    const { ms } = await timed(async () => {
      const options = { epoch: found.epoch, tags: [], ttlMs: 1_000, budget }
      expect(await store.fill('p', Buffer.from('x'), options)).toBe('slow')
      expect(await store.fill('p', Buffer.from('x'), options)).toBe('slow')
      expect(await store.lookUp(keys, budget)).toEqual({ outcome: 'bypass', reason: 'slow' })
    })

    expect(ms).toBeLessThan(120)
    server.resume()
  })

  test('is not blamed for an event loop that was busy', async () => {
    const { store } = await openBeating()
    await fillNow(store)

    const found = store.lookUp(keys)
    const until = performance.now() + 120
    while (performance.now() < until);

    expect((await found).outcome).toBe('hit')
    expect((await store.newFaults()).failures).toBe(0)
  })

  test('that hung for longer than a heartbeat serves nothing of before', async () => {
    const { server, store } = await openBeating([], { heartbeatMs: 300 })
    await fillNow(store)
    server.pause()
    await expect(store.beat(null)).rejects.toThrow('No answer within 500 ms')
    server.resume()
    await store.untilReachable()

    await confirmReading(store)
    await until(store, { outcome: 'miss' })
  })

  test('that was waited for only because no drainer ran serves what is still right', async () => {
    const { store } = await openBeating([], { heartbeatMs: 100 })
    await fillNow(store)
    await passMs(110)
    expect(await store.lookUp(keys)).toMatchObject({ reason: 'no-heartbeat' })

    await confirmReading(store)

    expect((await store.lookUp(keys)).outcome).toBe('hit')
  })

  test('that was killed and starts empty serves nothing until it is confirmed anew', async () => {
    const { server, store } = await openBeating()
    await fillNow(store)
    const ask = () => Array.from({ length: 20 }, () => store.lookUp(keys))
    const inFlight = ask()
    await server.kill()
    for (const { outcome } of await Promise.all([...inFlight, ...ask()])) {
      expect(['hit', 'bypass']).toContain(outcome)
    }
    await server.start()

    await store.untilReachable()
    await confirmReading(store)

    await until(store, { outcome: 'miss' })
  })

  test('that comes back with an old snapshot serves none of its answers', async () => {
    const outcomes = await askAfterOldSnapshot()

    expect(outcomes).toContain('starting')
    expect(outcomes).not.toContain('hit')
  })

  test('that comes back with an old snapshot fools a store that does not know which run it asks', async () => {
    const line = 'not read[1] or read[2] ~= runId()'
    const lookUp = redisScripts.lookUp.replace(line, 'not read[1]')
    expect(lookUp).not.toBe(redisScripts.lookUp)

    expect(await askAfterOldSnapshot({ ...redisScripts, lookUp })).toContain('hit')
  })

  test('whose clock was set back serves nothing until the next beat, and still ends what must end', async () => {
    const { store, redis } = await openBeating()
    const inAnHour = `${(Date.now() + 3_600_000) * 1_000}`
    const fields = await redis.hkeys('{loadline:0}:series')
    const beat = fields.find((field) => field.startsWith('beat:')) ?? ''
    await redis.hset('{loadline:0}:series', 'epoch', inAnHour, beat, inAnHour)

    expect(await store.lookUp(keys)).toMatchObject({ reason: 'no-heartbeat' })
    expect(await redis.hexists('{loadline:0}:series', beat)).toBe(0)
    await confirmReading(store)
    expect(await fillNow(store)).toBe('accepted')
    expect((await store.lookUp(keys)).outcome).toBe('hit')
    await store.announce(['A:1'])
    expect((await store.lookUp(keys)).outcome).toBe('miss')
  })

  test('that was emptied serves nothing until it is confirmed anew', async () => {
    const { store, redis } = await openBeating()
    await fillNow(store)
    await redis.flushall()

    expect(await store.lookUp(keys)).toEqual({ outcome: 'bypass', reason: 'starting' })
    await store.announce(['A:1'])
    await confirmReading(store)
    expect((await store.lookUp(keys)).outcome).toBe('miss')
  })

  test('that forgot the scripts is told them again', async () => {
    const { store, redis } = await openBeating()
    await redis.script('FLUSH')

    expect(await fillNow(store)).toBe('accepted')
    expect((await store.lookUp(keys)).outcome).toBe('hit')
    expect((await store.newFaults()).failures).toBe(0)
  })

  test('that refuses the password is no cache, and says so once', async () => {
    const server = await startRedis(['--requirepass', 'right'])
    const store = openStore(server.url.replace('redis://', 'redis://:wrong@'))
    for (let i = 0; i < 20; i += 1) {
      expect((await store.lookUp(keys)).outcome).toBe('bypass')
      await passMs(10)
    }
    await expect(store.announce(['A:1'])).rejects.toThrow(StoreUnavailableError)

    expect(store.warnings).toHaveLength(1)
    const welcome = openStore(server.url.replace('redis://', 'redis://:right@'))
    await welcome.untilReachable()
  })

  test('that may evict what was announced is no cache, says so once, and comes back empty', async () => {
    const { store, redis } = await openBeating()
    await fillNow(store)
    await redis.config('SET', 'maxmemory-policy', 'allkeys-lru')
    await confirmReading(store)

    expect(await store.lookUp(keys)).toEqual({ outcome: 'bypass', reason: 'evicting' })
    await store.announce(['A:2'])
    expect(store.warnings).toEqual([expect.stringContaining('maxmemory-policy allkeys-lru')])

    await redis.config('SET', 'maxmemory-policy', 'volatile-lru')
    await confirmReading(store)
    expect((await store.lookUp(keys)).outcome).toBe('miss')
    expect(await fillNow(store)).toBe('accepted')
  })

  test('that evicts answers under pressure revives none that are dead', async () => {
    const settings = ['--maxmemory', '4mb', '--maxmemory-policy', 'volatile-lru']
    const { store, redis } = await openBeating(settings)
    const text = 'x'.repeat(4_000)
    const questions = Array.from({ length: 1_500 }, (_, i) => i)
    for (const i of questions) {
      await fillNow(store, `p${i}`, [`A:${i}`], text)
      if (i % 2 === 0) await store.announce([`A:${i}`])
    }

    expect(Number((await redis.info('stats')).match(/evicted_keys:(\d+)/)?.[1])).toBeGreaterThan(
      100,
    )
    const hits = []
    for (const i of questions) {
      const { outcome } = await store.lookUp({ public: `p${i}`, role: 'r', own: null })
      if (outcome === 'hit') hits.push(i)
    }
    expect(hits.filter((i) => i % 2 === 0)).toEqual([])
    expect(hits.length).toBeGreaterThan(50)
    expect((await store.describe()).tags).toBe(750)
  })

  test('that is full and may not evict stores nothing, and still ends what must end', async () => {
    const { store, redis } = await openBeating()
    await fillNow(store)
    await redis.config('SET', 'maxmemory', '1')

    expect(await fillNow(store, 'o')).toBe('full')
    expect((await store.lookUp(keys)).outcome).toBe('hit')
    await store.announce(['A:1'])

    expect((await store.lookUp(keys)).outcome).toBe('bypass')
  })

  test('that has become a replica takes no announcement', async () => {
    const { store, redis } = await openBeating()
    await redis.call('REPLICAOF', '127.0.0.1', '1')

    await expect(store.announce(['A:1'])).rejects.toThrow('READONLY')
    await expect(confirmReading(store)).rejects.toThrow('READONLY')
  })
})

describe.skipIf(!findRedis())('a value in Redis', () => {
  async function openFilled() {
    const { store, redis } = await openBeating()
    await fillNow(store, 'p', ['A:1'], '{"data":1}')
    const [name = ''] = await redis.keys('*:e:*')
    const value = (await redis.getBuffer(name)) ?? Buffer.alloc(0)
    expect((await store.lookUp(keys)).outcome).toBe('hit')
    return { store, redis, name, value }
  }

  const spoilt: Record<string, (value: Buffer) => Buffer> = {
    'is cut off': (value) => value.subarray(0, -3),
    'is cut off in its header': (value) => value.subarray(0, 30),
    'has more than it should': (value) => Buffer.concat([value, Buffer.from('!')]),
    'has another byte in the answer': (value) => withByte(value, value.length - 1),
    'has another byte among its tags': (value) => withByte(value, 50),
    'has another epoch': (value) => withByte(value, 22),
    'has another lifetime': (value) => withByte(value, 37),
    'has a count of tags beyond its end': (value) => withByte(value, 12),
    'is somebody else’s': () => Buffer.from('{"data":"from another program"}'),
    'is long and somebody else’s': () => Buffer.alloc(100_000, 'x'),
  }

  test.for(Object.keys(spoilt))('that %s is a miss, counted and removed', async (how) => {
    const { store, redis, name, value } = await openFilled()
    await redis.set(name, spoilt[how]?.(value) ?? '', 'PX', 60_000)

    expect((await store.lookUp(keys)).outcome).toBe('miss')

    expect(await store.newFaults()).toEqual({ corrupt: 1, failures: 0 })
    expect(await redis.exists(name)).toBe(0)
    expect(await fillNow(store)).toBe('accepted')
    expect((await store.lookUp(keys)).outcome).toBe('hit')
  })

  test('that belongs under another key is a miss, counted and removed', async () => {
    const { store, redis, name } = await openFilled()
    await fillNow(store, 'somebody', ['A:1'], 'theirs')
    const names = await redis.keys('*:e:*')
    await redis.copy(names.find((one) => one !== name) ?? '', name, 'REPLACE')

    expect((await store.lookUp(keys)).outcome).toBe('miss')
    expect((await store.describe()).counts.corrupt).toBe(1)
  })

  test.for(['e', 'series', 'tags'])(
    'of the wrong type as %s is removed and made good',
    async (which) => {
      const { store, redis, name } = await openFilled()
      const spoiltName = which === 'e' ? name : `{loadline:0}:${which}`
      await redis.del(spoiltName)
      await redis.set(spoiltName, 'x')
      if (which === 'e') {
        await redis.del(name)
        await redis.rpush(name, 'x')
      }

      expect((await store.lookUp(keys)).outcome).not.toBe('hit')
      await store.announce(['B:1'])
      await confirmReading(store)

      expect(await fillNow(store)).toBe('accepted')
      expect((await store.lookUp(keys)).outcome).toBe('hit')
      expect((await store.newFaults()).failures).toBe(0)
    },
  )
})

function withByte(value: Buffer, at: number): Buffer {
  const changed = Buffer.from(value)
  changed.writeUInt8((value.readUInt8(at) + 1) % 256, at)
  return changed
}
