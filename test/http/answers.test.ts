import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chooseEncoding } from '../../src/http/compress.ts'
import { startTestApp, type TestApp } from '../support/start-test-app.ts'
import { createSmallSchema } from './small-schema.ts'

let app: TestApp
let production: TestApp

beforeAll(async () => {
  const schema = createSmallSchema()
  app = await startTestApp({ schema, env: { CORS_ORIGINS: 'https://web.example' } })
  production = await startTestApp({
    schema,
    database: app.database,
    env: { NODE_ENV: 'production' },
  })
})
afterAll(async () => {
  await production[Symbol.asyncDispose]()
  await app[Symbol.asyncDispose]()
})

const preflighted = { 'graphql-require-preflight': '1' }

describe('compression', () => {
  test.for([
    [null, 'identity'],
    ['', 'identity'],
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip', 'gzip'],
    ['br;q=0.5, gzip', 'gzip'],
    ['br;q=0, gzip;q=0.1', 'gzip'],
    ['identity, br;q=0.2', 'identity'],
    ['zstd', 'identity'],
    ['*', 'br'],
    ['gzip;q=0', 'identity'],
  ] as const)('of "%s" the best is %s', ([header, encoding]) => {
    expect(chooseEncoding(header)).toBe(encoding)
  })

  test('is for answers of 1 KB and more, and says that it varies', async () => {
    const small = await fetchLetters(900, 'br')
    const large = await fetchLetters(2_000, 'br')

    expect(small.headers.get('content-encoding')).toBeNull()
    expect(large.headers.get('content-encoding')).toBe('br')
    expect(large.headers.get('vary')).toContain('Accept-Encoding')
    expect((await fetchLetters(2_000, 'identity')).headers.get('vary')).toContain('Accept-Encoding')
  })

  test('leaves the answer what it was', async () => {
    const [plain, br, gzip] = await Promise.all(
      ['identity', 'br', 'gzip'].map(async (encoding) =>
        Buffer.from(await (await fetchLetters(5_000, encoding)).arrayBuffer()),
      ),
    )

    expect(brotliDecompressSync(br ?? '')).toEqual(plain)
    expect(gunzipSync(gzip ?? '')).toEqual(plain)
  })

  function fetchLetters(count: number, encoding: string): Promise<Response> {
    const query = `{ letters(count: ${count}) }`
    return app.fetch(`/graphql?${new URLSearchParams({ query })}`, {
      headers: { 'accept-encoding': encoding, ...preflighted },
    })
  }
})

describe('an origin', () => {
  test('that is listed may read answers and send a token', async () => {
    const origin = 'https://web.example'
    const preflight = await app.fetch('/graphql', {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST' },
    })
    const answer = await app.fetch('/graphql?query={hello}', {
      headers: { origin, ...preflighted },
    })

    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-origin')).toBe(origin)
    expect(preflight.headers.get('access-control-allow-headers')).toContain('authorization')
    expect(answer.headers.get('access-control-allow-origin')).toBe(origin)
    expect(answer.headers.get('vary')).toContain('Origin')
  })

  test('that is not listed may not', async () => {
    const headers = { origin: 'https://evil.example' }
    const answer = await app.fetch('/graphql?query={hello}', {
      headers: { ...headers, ...preflighted },
    })

    expect(answer.headers.get('access-control-allow-origin')).toBeNull()
  })

  test('finds no cross-origin headers at all where nothing is configured', async () => {
    const headers = { origin: 'https://web.example', 'access-control-request-method': 'POST' }
    const preflight = await production.fetch('/graphql', { method: 'OPTIONS', headers })
    const answer = await production.fetch('/graphql?query={hello}', {
      headers: { ...headers, ...preflighted },
    })

    expect(preflight.status).toBe(405)
    expect(answer.headers.get('access-control-allow-origin')).toBeNull()
    expect(answer.headers.get('vary')).toBeNull()
  })
})

describe('health', () => {
  test('is live and ready on a migrated database', async () => {
    for (const path of ['/health/live', '/health/ready']) {
      const response = await app.fetch(path)

      expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }])
      expect(response.headers.get('cache-control')).toBe('no-store')
    }
  })

  test('is not ready while migrations are missing, and says which', async () => {
    await using behind = await startTestApp({ schema: createSmallSchema() })
    await behind.prisma.$executeRaw`DELETE FROM _prisma_migrations`
    const response = await behind.fetch('/health/ready')

    expect(response.status).toBe(503)
    expect((await response.json()).reasons).toEqual([expect.stringContaining('_init')])
    expect((await behind.fetch('/health/live')).status).toBe(200)
  })

  test('is not ready without its database, in words of our own', async () => {
    await using lost = await startTestApp({ schema: createSmallSchema() })
    await lost.database[Symbol.asyncDispose]()
    const response = await lost.fetch('/health/ready')

    expect(response.status).toBe(503)
    expect((await response.json()).reasons).toEqual(['The database does not answer'])
  })

  test('is not ready while the process drains', async () => {
    await using leaving = await startTestApp({
      schema: createSmallSchema(),
      database: app.database,
    })
    leaving.app.startDraining()
    const response = await leaving.fetch('/health/ready')

    expect([response.status, (await response.json()).reasons]).toEqual([
      503,
      ['The process is shutting down'],
    ])
  })
})

describe('in production', () => {
  test('the schema cannot be read, nor guessed from suggestions', async () => {
    const introspection = await production.query('{ __schema { types { name } } }')
    const typo = await production.query('{ helo }')
    const variable = await production.query('query ($c: Color) { echo(text: "", color: $c) }', {
      variables: { c: 'REDD' },
    })

    expect([introspection.status, introspection.errors?.[0]?.extensions.code]).toEqual([
      400,
      'GRAPHQL_VALIDATION_FAILED',
    ])
    expect(typo.errors?.[0]?.message).toBe('Cannot query field "helo" on type "Query".')
    expect(variable.errors?.[0]?.message).not.toMatch(/RED"|mean/)
    expect((await app.query('{ helo }')).errors?.[0]?.message).toContain('Did you mean "hello"?')
  })

  test('there is neither GraphiQL nor a token for the asking', async () => {
    const page = await production.fetch('/graphql', { headers: { accept: 'text/html' } })
    const token = await production.fetch('/dev/token?email=admin@loadline.dev', {
      headers: { host: 'localhost', 'sec-fetch-site': 'same-origin' },
    })

    expect(page.headers.get('content-type')).toContain('application/json')
    expect(token.status).toBe(404)
  })

  test('only an admin is told what a request cost', async () => {
    const [admin, student] = await Promise.all([
      production.rows.user({ role: 'ADMIN' }),
      production.rows.user(),
    ])
    const explained = await production.query('{ viewerId }', { as: admin })

    expect(explained.extensions?.loadline?.statements).toEqual([
      expect.objectContaining({ sql: expect.stringContaining('"User"'), rows: 1 }),
    ])
    expect((await production.query('{ viewerId }', { as: student })).extensions).toBeUndefined()
    expect((await production.query('{ viewerId }')).extensions).toBeUndefined()
  })
})

test('in development everybody who asks is told what a request cost, and nobody else', async () => {
  const unasked = await app.query('{ hello }', { headers: { 'loadline-explain': '0' } })

  expect((await app.query('{ hello }')).extensions?.loadline).toMatchObject({
    statements: [],
    rowsRead: 0,
  })
  expect(unasked.extensions).toBeUndefined()
})

describe('GraphiQL', () => {
  const browser = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8', 'accept-encoding': 'br' }

  test('comes whole, compressed, and under a policy that lets nothing else in', async () => {
    const response = await app.fetch('/graphql', { headers: browser })
    const html = brotliDecompressSync(Buffer.from(await response.arrayBuffer())).toString()
    const policy = response.headers.get('content-security-policy')

    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(html).toContain(
      'data-emails="student@loadline.dev teacher@loadline.dev admin@loadline.dev"',
    )
    expect(html.match(/<(script|link|img)[^>]+(src|href)="https?:/g)).toBeNull()
    expect(policy).toMatch(/^default-src 'none'; script-src( 'sha256-[\w+/=]+'){2};/)
    expect(response.headers.get('vary')).toBe('Accept, Accept-Encoding, Origin')
  })

  test('is not sent again to a browser that has it', async () => {
    const first = await app.fetch('/graphql', { method: 'HEAD', headers: browser })
    const etag = first.headers.get('etag') ?? ''
    const second = await app.fetch('/graphql', { headers: { ...browser, 'if-none-match': etag } })

    expect([first.status, second.status]).toEqual([200, 304])
    expect((await second.arrayBuffer()).byteLength).toBe(0)
  })

  test('gets a token for a demo person from its own origin on this machine only', async () => {
    const path = '/dev/token?email=student@loadline.dev'
    const own = { host: 'localhost:4000', 'sec-fetch-site': 'same-origin' }
    const statusWith = async (headers: Record<string, string>, at = path) =>
      (await app.fetch(at, { headers })).status
    const { token } = await (await app.fetch(path, { headers: own })).json()

    expect(token.split('.')).toHaveLength(3)
    expect(await statusWith({ ...own, 'sec-fetch-site': 'cross-site' })).toBe(403)
    expect(await statusWith({ ...own, host: 'rebound.example' })).toBe(403)
    expect(await statusWith({ host: 'localhost:4000' })).toBe(403)
    expect(await statusWith(own, '/dev/token?email=x@y.z')).toBe(404)
  })
})
