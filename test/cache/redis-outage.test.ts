import { Redis } from 'ioredis'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { Budget } from '../../src/cache/budget.ts'
import { findRedis, type PrivateRedis, startPrivateRedis } from '../support/private-redis.ts'
import {
  type CachedApp,
  type CachedAppOptions,
  patience,
  startCachedApp,
} from '../support/start-cached-apps.ts'
import { openTestDatabase } from '../support/test-databases.ts'

const me = '{ viewer { name } }'
const setName = { name: '', text: 'UPDATE "User" SET name = $2 WHERE id = $1' }

const opened: AsyncDisposable[] = []
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one[Symbol.asyncDispose]()
})

async function keep<T extends AsyncDisposable>(opening: Promise<T>): Promise<T> {
  const one = await opening
  opened.push(one)
  return one
}

const startRedis = (settings: readonly string[] = []) => keep(startPrivateRedis(settings))

async function startOn(redisUrl: string, options: Partial<CachedAppOptions> = {}) {
  const database = await keep(openTestDatabase())
  return keep(startCachedApp({ database, redisUrl, ...options }))
}

async function startServing(redis: PrivateRedis, options: Partial<CachedAppOptions> = {}) {
  const app = await startOn(redis.url, options)
  await app.untilServing()
  return app
}

const rename = async (app: CachedApp, user: { readonly id: string }, name: string) => {
  const document = `mutation { updateProfile(input: { name: "${name}" }) { user { name } } }`
  const { data, errors } = await app.query(document, { as: user })
  expect(errors).toBeUndefined()
  expect(data.updateProfile.user.name).toBe(name)
}

async function warm(app: CachedApp, user: { readonly id: string }) {
  await vi.waitFor(async () => {
    expect((await app.ask(me, { as: user })).cache.outcome).toBe('hit')
  }, patience)
}

async function nameOf(app: CachedApp, user: { readonly id: string }) {
  const { data, errors, status } = await app.query(me, { as: user })
  expect([status, errors]).toEqual([200, undefined])
  return data.viewer.name
}

describe.skipIf(!findRedis())('a Redis', { timeout: 60_000 }, () => {
  test('that is not there at the start is no reason not to start, nor to answer', async () => {
    const redis = await startRedis()
    await redis.kill()
    const app = await startOn(redis.url, { heartbeatMs: 200 })
    const user = await app.rows.user()

    expect((await app.ask(me, { as: user })).cache).toMatchObject({ outcome: 'bypass' })
    await rename(app, user, 'Without')
    expect(await nameOf(app, user)).toBe('Without')
    expect((await app.fetch('/health/ready')).status).toBe(200)

    await redis.start()
    await app.untilServing()
    await warm(app, user)
    expect(await nameOf(app, user)).toBe('Without')
  })

  test('that is killed costs no request, and comes back without what was overwritten', async () => {
    const redis = await startRedis()
    const app = await startServing(redis, { heartbeatMs: 500 })
    const user = await app.rows.user({ name: 'Before' })
    await warm(app, user)

    await redis.kill()
    for (let i = 0; i < 10; i += 1) expect(await nameOf(app, user)).toBe('Before')
    await rename(app, user, 'Meanwhile')
    await app.database.query(setName, [user.id, 'After'])
    expect(await nameOf(app, user)).toBe('After')
    expect((await app.fetch('/health/ready')).status).toBe(200)
    await redis.start()

    await app.untilServing()
    expect(await nameOf(app, user)).toBe('After')
    await warm(app, user)
    expect(await nameOf(app, user)).toBe('After')
  })

  test('that hangs lets a mutation be acknowledged only when no old answer is served any more', async () => {
    const redis = await startRedis()
    const heartbeatMs = 1_000
    const app = await startServing(redis, { heartbeatMs })
    const user = await app.rows.user({ name: 'Before' })
    await warm(app, user)

    redis.pause()
    const startedAt = performance.now()
    await rename(app, user, 'After')
    const waitedMs = performance.now() - startedAt
    redis.resume()

    expect(waitedMs).toBeGreaterThan(heartbeatMs)
    for (let i = 0; i < 20; i += 1) expect(await nameOf(app, user)).toBe('After')
    await warm(app, user)
    expect(await nameOf(app, user)).toBe('After')
  })

  test('that hangs is soon not asked any more', async () => {
    const redis = await startRedis()
    const app = await startServing(redis, { waitMs: 45 })
    redis.pause()

    await vi.waitFor(async () => {
      expect((await app.ask('{ __typename }')).cache.reason).toBe('unavailable')
    }, patience)

    expect((await app.cache.store.describe()).breaker).toBe('open')
    redis.resume()
    await app.untilServing()
  })

  test('has one budget for all calls of a request', async () => {
    const redis = await startRedis()
    const budgets: (Budget | undefined)[] = []
    const app = await startServing(redis, {
      wrapStore: (store) => ({
        ...store,
        lookUp(keys, budget) {
          budgets.push(budget)
          return store.lookUp(keys, budget)
        },
        fill(key, bytes, options) {
          budgets.push(options.budget)
          return store.fill(key, bytes, options)
        },
      }),
    })
    const user = await app.rows.user()
    budgets.length = 0
    await app.ask(me, { as: user })

    // The identity is looked for and filled, and then the answer.
    expect(budgets).toHaveLength(4)
    expect(new Set(budgets).size).toBe(1)
    expect(budgets[0]).toBeDefined()
  })

  test('that refuses the password is no cache; the password is told nobody', async () => {
    const redis = await startRedis(['--requirepass', 'right'])
    const app = await startOn(redis.url.replace('redis://', 'redis://:hunter2@'))

    await vi.waitFor(() => expect(app.cacheLog.length).toBeGreaterThan(0), patience)
    expect((await app.ask('{ __typename }')).cache).toMatchObject({ outcome: 'bypass' })
    expect(JSON.stringify([app.cacheLog, app.logged, app.cache.describe()])).not.toContain(
      'hunter2',
    )

    const welcome = await startOn(redis.url.replace('redis://', 'redis://:right@'))
    await welcome.untilServing()
  })

  test('that may evict what was announced is no cache until that is changed', async () => {
    const redis = await startRedis(['--maxmemory-policy', 'allkeys-lru'])
    const app = await startOn(redis.url)
    await vi.waitFor(async () => {
      expect((await app.ask('{ __typename }')).cache.reason).toBe('evicting')
    }, patience)
    expect(app.cacheLog.some(({ msg }) => msg.includes('allkeys-lru'))).toBe(true)
    const user = await app.rows.user({ name: 'Before' })
    await rename(app, user, 'After')

    const admin = new Redis(redis.url, { protocol: 2 })
    await admin.config('SET', 'maxmemory-policy', 'volatile-lru')
    admin.disconnect()

    await app.untilServing()
    expect(await nameOf(app, user)).toBe('After')
  })

  test('that is emptied under a running process is filled anew', async () => {
    const redis = await startRedis()
    const app = await startServing(redis)
    const user = await app.rows.user({ name: 'Before' })
    await warm(app, user)
    const admin = new Redis(redis.url, { protocol: 2 })
    await admin.flushall()
    admin.disconnect()
    await rename(app, user, 'After')

    expect(await nameOf(app, user)).toBe('After')
    await app.untilServing()
    await warm(app, user)
    expect(await nameOf(app, user)).toBe('After')
  })
})
