import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { rowsToMs, takeRows } from '../../src/guard/gcra.ts'
import { createLocalRate } from '../../src/guard/local-rate.ts'
import { createRateLimit, type RateLimit } from '../../src/guard/rate-limit.ts'
import { createRedisRateLimit } from '../../src/guard/redis-rate-limit.ts'
import { clientAddress } from '../../src/http/client-address.ts'
import { createSmallSchema } from '../http/small-schema.ts'
import { findRedis, openTestRedis, startPrivateRedis } from '../support/private-redis.ts'
import { startTestApp, type TestApp, type TestAppOptions } from '../support/start-test-app.ts'

const silent = { warn() {}, info() {} }
const rate = { rows: 100, windowMs: 60_000 }
/** So slow that nothing comes back while a test runs. */
const slow = { rows: 100, windowMs: 24 * 3_600_000 }

describe('a debt', () => {
  test('grows with what is taken, and passes by itself', () => {
    expect(takeRows(0, 25, rate)).toMatchObject({ isAllowed: true, resetMs: 15_000, remaining: 75 })
    expect(takeRows(15_000, 75, rate)).toMatchObject({
      isAllowed: true,
      remaining: 0,
      resetMs: 60_000,
    })
  })

  test('that would be too large is not made, and says when it could be', () => {
    expect(takeRows(54_000, 20, rate)).toEqual({
      isAllowed: false,
      remaining: 10,
      resetMs: 54_000,
      retryMs: 6_000,
    })
  })

  test('for more than there ever is counts as all of it', () => {
    expect(takeRows(0, 1e9, rate)).toMatchObject({ isAllowed: true, remaining: 0 })
    expect(rowsToMs(Infinity, rate)).toBe(60_000)
  })
})

test('somebody who asks alone costs no more to count than one of two', () => {
  const cpuUs = (isAlone: boolean) => {
    const counted = createLocalRate()
    if (!isAlone) counted.take('other', 50, slow)
    const before = process.cpuUsage()
    for (let turn = 0; turn < 2_000; turn += 1) {
      counted.take('one', 1, rate)
      counted.give('one', 1, rate)
    }
    const { user, system } = process.cpuUsage(before)
    return user + system
  }
  const rounds = Array.from({ length: 5 }, () => [cpuUs(true), cpuUs(false)] as const)

  const cheapest = (of: 0 | 1) => Math.min(...rounds.map((round) => round[of]))
  expect(cheapest(0) / cheapest(1)).toBeLessThan(20)
})

const kinds: readonly (readonly [string, () => Promise<Limiter>])[] = [
  ['in process', openLocal],
  ...(findRedis() ? [['in Redis', openShared] as const] : []),
]

describe.each(kinds)('%s', (_kind, open) => {
  test('a viewer gets what there is, then nothing, and others are not touched', async () => {
    await using limiter = await open()
    const { limit } = limiter
    const taken = await takeAll(limit, 'a', 10)

    expect(taken).toBe(100)
    expect(await limit.take('a', 1)).toMatchObject({ isAllowed: false })
    expect(await limit.take('b', 60)).toMatchObject({ isAllowed: true, remaining: 40 })
  })

  test('what was not used is given back, never more than was taken', async () => {
    await using limiter = await open()
    const { limit } = limiter
    await limit.take('a', 90)
    limit.give('a', 50)
    await until(async () => (await limit.take('a', 0)).remaining >= 60)
    limit.give('a', 500)
    await until(async () => (await limit.take('a', 0)).remaining === 100)

    expect(await takeAll(limit, 'a', 10)).toBe(100)
  })

  test('what is refused costs nothing', async () => {
    await using limiter = await open()
    const { limit } = limiter
    await limit.take('a', 50)
    for (let turn = 0; turn < 5; turn += 1) await limit.take('a', 90)

    expect((await limit.take('a', 40)).isAllowed).toBe(true)
  })

  test('however many ask at once, no more than the rate is given', async () => {
    await using limiter = await open()
    const answers = await Promise.all(Array.from({ length: 300 }, () => limiter.limit.take('a', 1)))

    expect(answers.filter(({ isAllowed }) => isAllowed).length).toBeLessThanOrEqual(101)
    expect(answers.filter(({ isAllowed }) => isAllowed).length).toBeGreaterThanOrEqual(100)
  })
})

describe.runIf(findRedis())('with Redis', () => {
  test('two processes share one rate, and each question is one round trip', async () => {
    await using server = await openTestRedis()
    using one = shared(server)
    using two = shared(server)
    await untilShared(one)
    await untilShared(two)
    const before = await commands(server.redis)
    const taken = (await takeAll(one, 'a', 5)) + (await takeAll(two, 'a', 5))
    const after = await commands(server.redis)

    expect(taken).toBe(100)
    // 22 questions; counting the processes goes on beside them, once a second.
    expect(after - before).toBeLessThan(22 + 40)
    expect(after - before).toBeGreaterThanOrEqual(22)
  })

  test('thousands who ask about one viewer at once are one question', async () => {
    await using server = await openTestRedis({})
    using limit = shared(server)
    await untilShared(limit)
    const before = await commands(server.redis)
    const answers = await Promise.all(Array.from({ length: 5_000 }, () => limit.take('a', 1)))
    const after = await commands(server.redis)

    expect(answers.filter(({ isAllowed }) => isAllowed).length).toBeGreaterThanOrEqual(100)
    expect(answers.filter(({ isAllowed }) => isAllowed).length).toBeLessThanOrEqual(101)
    // Beside what counts the processes, and tells what was taken without asking.
    expect(after - before).toBeLessThanOrEqual(10)
    expect(await limit.take('a', 50)).toMatchObject({ isAllowed: false })
  })

  test('while it does not answer nobody is refused for it, and nobody gets twice the rate', async () => {
    await using server = await startPrivateRedis()
    using limit = createRedisRateLimit({ ...slow, url: server.url, namespace: 'test', log: silent })
    await untilShared(limit)
    const before = await takeUpTo(limit, 'a', 60)
    server.pause()
    const during = await takeAll(limit, 'a', 10)
    const stranger = await limit.take('b', 10)
    server.resume()
    await until(async () => (await limit.take('a', 0)).remaining <= 1)
    const afterwards = await takeAll(limit, 'a', 1)

    expect(before).toBe(60)
    expect(during).toBe(40)
    expect(stranger.isAllowed).toBe(true)
    expect(before + during + afterwards).toBeLessThanOrEqual(102)
  })

  test('takes without asking while there is plenty, and tells Redis with the next question', async () => {
    await using server = await openTestRedis()
    using limit = shared(server)
    await untilShared(limit)
    await limit.take('a', 1)
    const before = await commands(server.redis)
    const taken = [limit.takeAtOnce('a', 60), limit.takeAtOnce('a', 60)]
    limit.give('a', 20)
    const { remaining } = await limit.take('a', 1)
    const after = await commands(server.redis)

    expect(taken).toMatchObject([{ isAllowed: true, remaining: 39 }, null])
    expect(remaining).toBe(100 - 1 - 60 + 20 - 1)
    // One question, and what counts the processes once a second.
    expect(after - before).toBeLessThanOrEqual(2)
  })

  test('tells Redis what was taken without asking though nobody asks again', async () => {
    await using server = await openTestRedis()
    using limit = shared(server)
    using other = shared(server)
    await untilShared(limit)
    await untilShared(other)
    await limit.take('a', 1)
    limit.takeAtOnce('a', 30)

    await until(async () => (await other.take('a', 0)).remaining === 69)
  })

  test('of several processes none takes more than its part without asking', async () => {
    await using server = await openTestRedis()
    using one = shared(server)
    using two = shared(server)
    const both = [one, two]
    for (const limit of both) await untilShared(limit)
    // Until they have counted each other.
    await until(async () => {
      for (const limit of both) await limit.take('a', 0)
      return both.every(
        (limit) => limit.isShared && limit.takeAtOnce(crypto.randomUUID(), 60) === null,
      )
    })
    const taken = both.map((limit) => [limit.takeAtOnce('a', 40), limit.takeAtOnce('a', 20)])

    expect(taken).toMatchObject([
      [{ isAllowed: true }, null],
      [{ isAllowed: true }, null],
    ])
  })

  test('killed and empty it gives at most the rate once more', async () => {
    await using server = await startPrivateRedis()
    using limit = createRedisRateLimit({ ...slow, url: server.url, namespace: 'test', log: silent })
    await untilShared(limit)
    const before = await takeAll(limit, 'a', 10)
    await server.kill()
    const during = await takeAll(limit, 'a', 10)
    await server.start()
    await untilShared(limit)
    const afterwards = await takeAll(limit, 'a', 10)

    expect(before + during + afterwards).toBeLessThanOrEqual(2 * rate.rows)
  })

  test('whatever stands under its key, it goes on', async () => {
    await using server = await openTestRedis()
    using limit = shared(server)
    await untilShared(limit)
    await server.redis.set(`{${server.namespace}}:rate:text`, 'nonsense')
    await server.redis.set(`{${server.namespace}}:rate:late`, '99999999999999999')
    await server.redis.hset(`{${server.namespace}}:rate:hash`, 'a', 'b')

    expect((await limit.take('text', 1)).isAllowed).toBe(true)
    expect((await limit.take('late', 1)).isAllowed).toBe(false)
    expect((await limit.take('hash', 1)).isAllowed).toBe(true)
  })
})

describe('over HTTP', () => {
  let base: TestApp

  beforeAll(async () => {
    base = await startTestApp({ schema: createSmallSchema() })
  })
  afterAll(() => base[Symbol.asyncDispose]())

  const start = (options: TestAppOptions = {}) =>
    startTestApp({
      schema: base.schema,
      database: base.database,
      env: { LOADLINE_LIMITS: 'rate=5' },
      ...options,
    })

  test('every answer says what is left; beyond it the answer is 429 with the time to wait', async () => {
    await using app = await start()
    const first = await app.query('{ hello }')
    let last = first
    for (let turn = 0; turn < 5; turn += 1) last = await app.query('{ hello }')

    expect(first.headers.get('ratelimit-policy')).toBe('"rows";q=5;w=60')
    expect(first.headers.get('ratelimit')).toBe('"rows";r=4;t=12')
    expect(last.status).toBe(429)
    expect(last.errors?.[0]?.extensions).toEqual({
      code: 'RATE_LIMITED',
      retryAfterSeconds: expect.any(Number),
    })
    const seconds = Number(last.headers.get('retry-after'))
    expect(seconds).toBeGreaterThan(0)
    expect(seconds).toBeLessThanOrEqual(12)
    expect(last.headers.get('ratelimit')).toMatch(/^"rows";r=0;t=/)
  })

  test('each user has a rate of their own, and so has each address', async () => {
    await using app = await start()
    const user = await app.rows.user()
    for (let turn = 0; turn < 6; turn += 1) await app.query('{ hello }')

    expect((await app.query('{ hello }')).status).toBe(429)
    expect((await app.query('{ hello }', { as: user })).status).toBe(200)
  })

  test('bad tokens are charged to the address that they come from', async () => {
    await using app = await start()
    const headers = { authorization: 'Bearer abc' }
    const statuses: number[] = []
    for (let turn = 0; turn < 7; turn += 1)
      statuses.push((await app.query('{ hello }', { headers })).status)

    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429])
  })

  test('an operation pays for the rows that it may read, and gets back what it did not read', async () => {
    await using app = await startTestApp({ env: { LOADLINE_LIMITS: 'rate=1000' } })
    const left = (headers: Headers) => Number(/r=(\d+)/.exec(headers.get('ratelimit') ?? '')?.[1])
    const document = '{ courses(first: 100) { nodes { lessons(first: 5) { nodes { id } } } } }'
    const first = await app.query(document)
    const second = await app.query(document)

    expect([first.status, second.status]).toEqual([200, 200])
    expect(left(second.headers)).toBeGreaterThan(700)
  })

  test('an operation that is worth more than a rate runs for who owes nothing', async () => {
    await using app = await startTestApp({ env: { LOADLINE_LIMITS: 'rate=100' } })
    const document = '{ courses(first: 100) { nodes { lessons(first: 5) { nodes { id } } } } }'

    expect((await app.query(document)).status).toBe(200)
  })
})

describe('an address', () => {
  test.for<
    readonly [address: string | null, forwarded: string | null, proxies: number, expected: string]
  >([
    ['10.0.0.1', '1.2.3.4', 0, '10.0.0.1'],
    ['10.0.0.1', null, 1, '10.0.0.1'],
    ['10.0.0.1', '1.2.3.4', 1, '1.2.3.4'],
    ['10.0.0.1', 'forged, 1.2.3.4', 1, '1.2.3.4'],
    ['10.0.0.1', 'forged, 1.2.3.4, 10.0.0.2', 2, '1.2.3.4'],
    ['10.0.0.1', '1.2.3.4', 2, '1.2.3.4'],
    ['10.0.0.1', 'nonsense', 1, '10.0.0.1'],
    ['::ffff:10.0.0.1', null, 0, '10.0.0.1'],
    ['10.0.0.1', '1.2.3.4:5678', 1, '1.2.3.4'],
    ['2001:db8::1', null, 0, '2001:db8:0:0::/64'],
    ['2001:0DB8:0:0:ffff::1', null, 0, '2001:db8:0:0::/64'],
    ['10.0.0.1', '[2001:db8:1:2:3:4:5:6]:443', 1, '2001:db8:1:2::/64'],
    ['::1', null, 0, '0:0:0:0::/64'],
    ['fe80::1%eth0', null, 0, 'fe80:0:0:0::/64'],
    [null, null, 0, 'unknown'],
  ])('of %j, told %j by %i proxies, is %s', ([address, forwarded, proxies, expected]) => {
    expect(clientAddress(address, forwarded, proxies)).toBe(expected)
  })
})

interface Limiter extends AsyncDisposable {
  readonly limit: RateLimit
}

/** Its clock stands, so that only what is given back comes back. */
async function openLocal(): Promise<Limiter> {
  return { limit: createRateLimit(rate.rows, () => 0), async [Symbol.asyncDispose]() {} }
}

async function openShared(): Promise<Limiter> {
  const server = await openTestRedis()
  const limit = shared(server)
  await untilShared(limit)
  return {
    limit,
    async [Symbol.asyncDispose]() {
      limit[Symbol.dispose]()
      await server[Symbol.asyncDispose]()
    },
  }
}

function shared({ url, namespace }: { readonly url: string; readonly namespace: string }) {
  return createRedisRateLimit({ ...slow, url, namespace, log: silent })
}

async function untilShared(limit: RateLimit): Promise<void> {
  await until(async () => {
    await limit.take('probe', 0)
    return limit.isShared
  })
}

async function takeAll(limit: RateLimit, viewer: string, each: number): Promise<number> {
  return takeUpTo(limit, viewer, Infinity, each)
}

async function takeUpTo(
  limit: RateLimit,
  viewer: string,
  most: number,
  each = 10,
): Promise<number> {
  let taken = 0
  while (taken < most && (await limit.take(viewer, each)).isAllowed) taken += each
  return taken
}

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; !(await isTrue()); attempt += 1) {
    if (attempt === 1_000) throw new Error('It did not come true')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

async function commands(redis: { info(section: string): Promise<string> }): Promise<number> {
  const info = await redis.info('commandstats')
  return Number(/cmdstat_evalsha:calls=(\d+)/.exec(info)?.[1] ?? 0)
}
