import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { serve } from '../../src/http/serve.ts'
import { serveOperators } from '../../src/http/serve-operators.ts'
import { createLogger } from '../../src/observe/logger.ts'
import { startTestApp, type TestApp } from '../support/start-test-app.ts'

const token = 'a-token-of-the-operators'
const production = { NODE_ENV: 'production' }
const paths = ['/metrics', '/metrics.json', '/dashboard', '/dashboard/feed']

describe('in production without a token', () => {
  test.for(paths)('there is nothing at %s', async (path) => {
    await using app = await startTestApp({ env: production })

    expect((await app.fetch(path)).status).toBe(404)
  })
})

describe('with a token', () => {
  let app: TestApp
  beforeAll(async () => {
    app = await startTestApp({ env: { ...production, METRICS_TOKEN: token } })
  })
  afterAll(() => app[Symbol.asyncDispose]())

  const look = (path: string, authorization?: string) =>
    app.fetch(path, { headers: authorization === undefined ? {} : { authorization } })
  const basic = (password: string) => `Basic ${Buffer.from(`me:${password}`).toString('base64')}`

  test.for(paths)(
    '%s is shown to whoever shows it, as a bearer token or a password',
    async (path) => {
      expect((await look(path, `Bearer ${token}`)).status).toBe(200)
      expect((await look(path, `bearer ${token}`)).status).toBe(200)
      expect((await look(path, basic(token))).status).toBe(200)
    },
  )

  test.for([
    undefined,
    '',
    'Bearer',
    'Bearer ',
    `Bearer ${token.toUpperCase()}`,
    `Bearer ${token}x`,
    `Token ${token}`,
    basic(''),
    basic(`${token}x`),
    `Basic ${token}`,
    'Basic %%%',
    `Bearer ${'x'.repeat(10_000)}`,
  ])('of %s nothing is shown, and a browser is told to ask', async (authorization) => {
    const answer = await look('/metrics', authorization)

    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toMatch(/^Basic realm="loadline"/)
    expect(await answer.text()).not.toContain('loadline_')
  })

  test('the token is no token of a user, nor the other way round', async () => {
    const { id } = await app.rows.admin()
    const own = await look('/metrics', `Bearer ${await app.tokenFor(id)}`)
    const asked = await app.query('{ viewer { id } }', {
      headers: { authorization: `Bearer ${token}` },
    })

    expect(own.status).toBe(401)
    expect(asked.status).toBe(401)
  })

  test('it is only to be looked at', async () => {
    const headers = { authorization: `Bearer ${token}` }

    expect((await app.fetch('/metrics', { method: 'DELETE', headers })).status).toBe(405)
    expect((await app.fetch('/metrics', { method: 'HEAD', headers })).status).toBe(200)
  })

  test('no cache keeps it, and no site of another origin may read it', async () => {
    const answer = await app.fetch('/metrics.json', {
      headers: { authorization: `Bearer ${token}`, origin: 'https://elsewhere.example' },
    })

    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.get('access-control-allow-origin')).toBeNull()
  })
})

describe('in development', () => {
  test('this machine looks without a token, under its own name only', async () => {
    await using app = await startTestApp()
    const rebound = await app.fetch('/metrics', { headers: { host: 'evil.example' } })

    const cross = await app.fetch('/metrics', { headers: { 'sec-fetch-site': 'cross-site' } })
    const own = await app.fetch('/metrics', { headers: { 'sec-fetch-site': 'same-origin' } })

    expect((await app.fetch('/metrics')).status).toBe(200)
    expect([rebound.status, cross.status, own.status]).toEqual([403, 403, 200])
  })
})

describe('the feed of the dashboard', () => {
  test('is events for as long as somebody listens, and keeps no process from stopping', async () => {
    await using app = await startTestApp()
    const server = await serve(app.handler, {
      ...{ port: 0, host: '127.0.0.1' },
      drainTimeoutMs: 600_000,
    })
    const response = await fetch(`${server.origin}/dashboard/feed`)
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    while (!text.includes('event: second')) text += (await reader?.read())?.value ?? ''
    app.app.startDraining()
    // It would wait for the feed for ten minutes.
    await server.drain()

    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    expect(text).toMatch(/^event: history\ndata: \[/)
    expect(text).toContain('event: tables')
  })
})

describe('on a port of its own', () => {
  test('it is there, and not where all else is served', async () => {
    await using app = await startTestApp({ env: { ...production, METRICS_PORT: '0' } })
    const server = await serveOperators({
      config: { ...app.config, host: '127.0.0.1' },
      observation: app.observation,
      log: createLogger('silent'),
    })
    if (!server) throw new Error('There was to be a server')
    const text = await (await fetch(`${server.origin}/metrics`)).text()
    const graphql = await fetch(`${server.origin}/graphql`)
    await server.drain()

    expect(text).toContain('loadline_http_requests_total')
    expect(graphql.status).toBe(404)
    expect((await app.fetch('/metrics')).status).toBe(404)
  })
})

test('/metrics.json has the figures of cache, database and performance', async () => {
  await using app = await startTestApp()
  await app.rows.course()
  await app.query('{ courses(first: 1) { nodes { title } } }')
  await app.query('{ courses(first: 1) { nodes { title } } }')
  const figures = await (await app.fetch('/metrics.json')).json()

  expect(figures).toMatchObject({
    cache: { hitRate: null, lookUps: { hit: 0 }, size: null, announcements: 0, refusedFills: {} },
    database: { statements: 2, rows: 2, meanMs: expect.any(Number), p95Ms: expect.any(Number) },
    performance: { requests: 2, errorRate: 0, memoryBytes: expect.any(Number) },
  })
  expect(figures.performance.p99Ms).toBeGreaterThanOrEqual(figures.performance.p50Ms)
  expect(figures.performance.p50Ms).toBeGreaterThan(0)
  expect(figures.performance.requestsPerSecond).toBeGreaterThan(0)
})
