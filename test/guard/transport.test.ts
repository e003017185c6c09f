import { SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createLogger } from '../../src/observe/logger.ts'
import { createSmallSchema } from '../http/small-schema.ts'
import { startTestApp, type TestApp, testSecret } from '../support/start-test-app.ts'

let app: TestApp

beforeAll(async () => {
  app = await startTestApp({ schema: createSmallSchema() })
})
afterAll(() => app[Symbol.asyncDispose]())

describe('a GET', () => {
  const get = (headers: Record<string, string>) => app.fetch('/graphql?query={hello}', { headers })

  test.for<readonly [string, Record<string, string>]>([
    ['nothing', {}],
    [
      'what any page may send',
      { accept: 'application/json', 'accept-language': 'de', referer: 'https://evil.example' },
    ],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['text', { 'content-type': 'text/plain' }],
    ['text that looks like JSON', { 'content-type': 'text/plain; application/json' }],
  ])('with %s is refused: a page of another origin can send it', async ([, headers]) => {
    const response = await get(headers)

    expect(response.status).toBe(403)
    expect((await response.json()).errors[0].extensions.code).toBe('FORBIDDEN')
  })

  test.for<readonly [string, Record<string, string>]>([
    ['the header for it', { 'graphql-require-preflight': '1' }],
    ['that of Apollo', { 'apollo-require-preflight': 'true' }],
    ['JSON', { 'content-type': 'application/json' }],
    ['a request id', { 'x-request-id': 'a' }],
  ])('with %s is answered: no page of another origin can send it unasked', async ([, headers]) => {
    expect((await get(headers)).status).toBe(200)
  })
})

test('every answer forbids to be run, framed or told about, and names no software', async () => {
  for (const path of ['/graphql', '/health/live', '/nowhere', '/dev/token']) {
    const { headers } = await app.fetch(path)

    expect(headers.get('content-security-policy'), path).toBe(
      "default-src 'none'; frame-ancestors 'none'",
    )
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('x-frame-options')).toBe('DENY')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect([headers.get('server'), headers.get('x-powered-by')]).toEqual([null, null])
  }
})

describe('in production', () => {
  test('neither schema, GraphiQL, nor names of the schema are shown', async () => {
    await using production = await startTestApp({
      schema: app.schema,
      database: app.database,
      env: { NODE_ENV: 'production' },
    })
    const schema = await production.query(
      '{ __schema { types { name } } __type(name: "Query") { name } }',
    )
    const typo = await production.query(
      '{ helo ecco(text: "") echo(txt: "", color: REDD) ... on Querry { hello } }',
    )
    const page = await production.fetch('/graphql', { headers: { accept: 'text/html' } })
    const token = await production.fetch('/dev/token?email=admin@loadline.dev')

    expect(schema.data).toBeUndefined()
    expect(schema.errors?.[0]?.message).toContain('introspection')
    expect(typo.errors?.length).toBeGreaterThan(2)
    expect(JSON.stringify(typo.errors)).not.toMatch(/did you mean|hello|"RED"/i)
    expect([page.status, token.status]).toEqual([406, 404])
  })
})

describe('a token', () => {
  const sign = (claims: Record<string, unknown>, header: Record<string, unknown> = {}) =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', ...header })
      .sign(new TextEncoder().encode(testSecret))

  test.for<readonly [string, () => Promise<string> | string]>([
    ['without an end', () => sign({ sub: crypto.randomUUID() })],
    ['with text for its end', () => sign({ sub: crypto.randomUUID(), exp: 'never' })],
    [
      'with a critical extension',
      () => sign({ sub: crypto.randomUUID(), exp: 9e9 }, { crit: ['x'], x: 1 }),
    ],
    ['of 5,000 characters', () => 'a'.repeat(5_000)],
    ['with a list of users', () => sign({ sub: [crypto.randomUUID()], exp: 9e9 })],
    [
      'that brings its own key',
      () => sign({ sub: 'x', exp: 9e9 }, { jwk: { kty: 'oct', k: 'AAAA' } }),
    ],
  ])('%s is refused', async ([, make]) => {
    const token = await Promise.resolve(make()).catch(() => 'unsigned')
    const { status } = await app.query('{ viewerId }', {
      headers: { authorization: `Bearer ${token}` },
    })

    expect(status).toBe(401)
  })
})

test('a secret that is logged by mistake is left out', () => {
  const lines: string[] = []
  const log = createLogger('info', { write: (line) => lines.push(line) })
  log.info(
    { authorization: 'hunter2', request: { token: 'hunter2', variables: { a: 'hunter2' } } },
    'x',
  )
  log.info(
    {
      variables: { password: 'hunter2' },
      headers: { authorization: 'hunter2', cookie: 'hunter2' },
    },
    'y',
  )

  expect(lines).toHaveLength(2)
  expect(lines.join()).not.toContain('hunter2')
})
