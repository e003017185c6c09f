import { createServer } from 'node:http'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { signToken } from '../../src/guard/sign-token.ts'
import { createSmallSchema } from '../http/small-schema.ts'
import { startTestApp, type TestApp, testSecret } from '../support/start-test-app.ts'

let app: TestApp
let userId: string

beforeAll(async () => {
  app = await startTestApp({ schema: createSmallSchema() })
  userId = (await app.rows.user()).id
})
afterAll(() => app[Symbol.asyncDispose]())

const anHour = 3_600
const free = { secret: testSecret, issuer: null, audience: null }

describe('a token signed with the secret', () => {
  test('makes its user the viewer, at the cost of one statement', async () => {
    const { data, extensions } = await app.query('{ viewerId }', { as: userId })

    expect(data.viewerId).toBe(userId)
    expect(extensions?.loadline?.statements).toHaveLength(1)
    expect(extensions?.loadline?.rowsRead).toBe(1)
  })

  test('counts whatever the case of the scheme and of the id', async () => {
    const token = await signToken(userId.toUpperCase(), free)
    const { data } = await ask(`bearer ${token}`)

    expect(data.viewerId).toBe(userId)
  })

  test('without a header the viewer is nobody', async () => {
    expect((await app.query('{ viewerId }')).data).toEqual({ viewerId: null })
  })

  test('may be 5 seconds past its end, but not longer', async () => {
    const [fresh, stale] = await Promise.all([
      signToken(userId, { ...free, expiresInSeconds: -2 }),
      signToken(userId, { ...free, expiresInSeconds: -8 }),
    ])

    expect((await ask(`Bearer ${fresh}`)).status).toBe(200)
    expect((await ask(`Bearer ${stale}`)).status).toBe(401)
  })

  test('of a user who is deleted is refused from then on', async () => {
    const gone = await app.rows.user()
    const token = await app.tokenFor(gone.id)
    expect((await ask(`Bearer ${token}`)).status).toBe(200)

    await app.prisma.user.delete({ where: { id: gone.id } })

    expect((await ask(`Bearer ${token}`)).status).toBe(401)
  })
})

describe('what is not a good token', () => {
  const bad: readonly (readonly [string, () => string | Promise<string>])[] = [
    ['an empty header', () => ''],
    ['a token without a scheme', () => signToken(userId, free)],
    ['another scheme', () => 'Basic dXNlcjpwYXNz'],
    ['a scheme without a token', () => 'Bearer '],
    ['a token with blanks in it', () => 'Bearer a b'],
    ['a token that is no JWT', () => 'Bearer abc'],
    ['an expired one', () => bearer(signToken(userId, { ...free, expiresInSeconds: -anHour }))],
    [
      'one signed by someone else',
      () => bearer(signToken(userId, { ...free, secret: `${testSecret}?` })),
    ],
    ['one that says "alg: none"', () => `Bearer ${unsigned({ alg: 'none' }, { sub: userId })}.`],
    ['one of another algorithm', () => bearer(signedWith('HS512', { sub: userId }))],
    [
      'one that is not valid yet',
      () => bearer(signedWith('HS256', { sub: userId, nbf: seconds() + anHour })),
    ],
    ['one without a subject', () => bearer(signedWith('HS256', {}))],
    ['one whose subject is no id', () => bearer(signedWith('HS256', { sub: "x' OR true" }))],
    ['one of a user who never was', () => bearer(signToken(crypto.randomUUID(), free))],
    ['one whose payload was changed', () => bearer(tamper())],
  ]

  test.for(bad)('%s is a 401 as a whole, never anonymous', async ([, make]) => {
    const before = app.logged.length
    const { status, body, headers } = await ask(await make())

    expect(status).toBe(401)
    expect(body).toEqual({
      errors: [{ message: expect.any(String), extensions: { code: 'UNAUTHENTICATED' } }],
    })
    expect(headers.get('www-authenticate')).toMatch(
      /^Bearer realm="loadline", error="invalid_token"/,
    )
    expect(app.logged.slice(before).map(({ msg }) => msg)).toEqual(['request'])
  })

  test('keeps a mutation from running', async () => {
    const before = await app.query('{ count }')
    await app.query('mutation { add }', { headers: { authorization: 'Bearer abc' } })

    expect((await app.query('{ count }')).data).toEqual(before.data)
  })
})

test('issuer and audience are checked when they are configured', async () => {
  const claims = { issuer: 'https://issuer.example', audience: 'loadline' }
  await using strict = await startTestApp({
    schema: createSmallSchema(),
    database: app.database,
    env: { AUTH_ISSUER: claims.issuer, AUTH_AUDIENCE: claims.audience },
  })
  const statusOf = async (options: { issuer: string | null; audience: string | null }) => {
    const token = await signToken(userId, { secret: testSecret, ...options })
    return (await strict.query('{ hello }', { headers: { authorization: `Bearer ${token}` } }))
      .status
  }

  expect(await statusOf(claims)).toBe(200)
  expect(await statusOf({ ...claims, issuer: 'https://other.example' })).toBe(401)
  expect(await statusOf({ ...claims, audience: 'other' })).toBe(401)
  expect(await statusOf({ issuer: null, audience: null })).toBe(401)
})

describe('with a key set', () => {
  test('a token of its key is good, one signed with the public key as a secret is not', async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true })
    const jwk = { ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256' }
    await using keys = await serveKeys(() => ({ keys: [jwk] }))
    await using federated = await startWithKeys(keys.url)
    const good = await new SignJWT({ sub: userId })
      .setProtectedHeader({ alg: 'ES256', kid: 'one' })
      .setExpirationTime('1h')
      .sign(privateKey)
    const confused = await new SignJWT({ sub: userId })
      .setProtectedHeader({ alg: 'HS256', kid: 'one' })
      .sign(new TextEncoder().encode(JSON.stringify(jwk)))

    expect(await viewerWith(federated, good)).toEqual([200, userId])
    expect(await viewerWith(federated, confused)).toEqual([401, undefined])
  })

  test('that cannot be fetched the answer is 503, which is not the fault of the token', async () => {
    const { privateKey } = await generateKeyPair('ES256')
    await using keys = await serveKeys(() => null)
    await using federated = await startWithKeys(keys.url)
    const token = await new SignJWT({ sub: userId })
      .setProtectedHeader({ alg: 'ES256', kid: 'one' })
      .sign(privateKey)

    expect(await viewerWith(federated, token)).toEqual([503, undefined])
  })
})

async function ask(authorization: string) {
  const response = await app.fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization },
    body: JSON.stringify({ query: '{ viewerId }' }),
  })
  const body = await response.json()
  return { status: response.status, headers: response.headers, body, data: body.data }
}

async function bearer(token: Promise<string>): Promise<string> {
  return `Bearer ${await token}`
}

function signedWith(alg: string, claims: Record<string, unknown>): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg }).sign(new TextEncoder().encode(testSecret))
}

function unsigned(header: object, claims: object): string {
  return [header, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
}

async function tamper(): Promise<string> {
  const [header, , signature] = (await signToken(userId, free)).split('.')
  const payload = Buffer.from(JSON.stringify({ sub: crypto.randomUUID() })).toString('base64url')
  return [header, payload, signature].join('.')
}

function seconds(): number {
  return Math.floor(Date.now() / 1_000)
}

function startWithKeys(jwksUrl: string): Promise<TestApp> {
  const env = { AUTH_JWT_SECRET: '', AUTH_JWKS_URL: jwksUrl }
  return startTestApp({ schema: createSmallSchema(), database: app.database, env })
}

async function viewerWith(target: TestApp, token: string) {
  const headers = { authorization: `Bearer ${token}` }
  const { status, data } = await target.query('{ viewerId }', { headers })
  return [status, data?.viewerId]
}

async function serveKeys(keys: () => object | null): Promise<{ url: string } & AsyncDisposable> {
  const server = createServer((_, response) => {
    const body = keys()
    response.statusCode = body ? 200 : 500
    response.end(JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : null
  return {
    url: `http://127.0.0.1:${port}/jwks.json`,
    async [Symbol.asyncDispose]() {
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
