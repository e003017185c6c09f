import { afterAll, beforeAll, expect, test } from 'vitest'
import { createRateLimit } from '../../src/guard/rate-limit.ts'
import { startTestApp, type TestApp } from '../support/start-test-app.ts'
import { createSmallSchema } from './small-schema.ts'

let app: TestApp
let charges = 0

beforeAll(async () => {
  const limit = createRateLimit(1e6)
  app = await startTestApp({
    schema: createSmallSchema(),
    env: { LOADLINE_LIMITS: 'batch=3' },
    rateLimit: {
      ...limit,
      takeAtOnce(viewer, rows) {
        charges += 1
        return limit.takeAtOnce(viewer, rows)
      },
    },
  })
})
afterAll(() => app[Symbol.asyncDispose]())

const hello = { query: '{ hello }' }

async function post(body: unknown, headers = {}, to = app) {
  const response = await to.fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  return { status: response.status, headers: response.headers, body: await response.json() }
}

test('a list of operations is answered by a list, each charged and judged by itself', async () => {
  charges = 0
  const { status, headers, body } = await post([hello, { query: '{ nothing }' }, { query: 1 }])

  expect(status).toBe(200)
  expect(headers.get('ratelimit')).toMatch(/^"rows";r=\d+/)
  expect(body).toMatchObject([
    { data: { hello: expect.any(String) } },
    { errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] },
    { errors: [{ extensions: { code: 'BAD_REQUEST' } }] },
  ])
  expect(charges).toBe(3)
})

test('an operation that comes alone is answered as ever', async () => {
  expect((await post(hello)).body).toEqual({ data: { hello: expect.any(String) } })
})

test('a list that fails alike throughout has the status of its failures', async () => {
  const { status, body } = await post([hello, hello], { authorization: 'Bearer nonsense' })

  expect(status).toBe(401)
  expect(body).toHaveLength(2)
})

test.for<readonly [string, unknown, string]>([
  ['more than the limit', [hello, hello, hello, hello], 'LIMIT_EXCEEDED'],
  ['nothing', [], 'BAD_REQUEST'],
])('a list of %s is refused as a whole', async ([, list, code]) => {
  const { status, body } = await post(list)

  expect(status).toBe(400)
  expect(body.errors[0].extensions.code).toBe(code)
})

test('lists do not nest', async () => {
  const { body } = await post([hello, [hello]])

  expect(body[1].errors[0].extensions.code).toBe('BAD_REQUEST')
})

test('lists are off unless configured', async () => {
  await using strict = await startTestApp({ schema: createSmallSchema() })
  const { status, body } = await post([hello], {}, strict)

  expect(status).toBe(400)
  expect(body.errors[0].message).toContain('lists of them are off')
})
