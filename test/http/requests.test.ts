import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { startTestApp, type TestApp } from '../support/start-test-app.ts'
import { createSmallSchema } from './small-schema.ts'

let app: TestApp

beforeAll(async () => {
  app = await startTestApp({ schema: createSmallSchema() })
})
afterAll(() => app[Symbol.asyncDispose]())

const json = { 'content-type': 'application/json' }

async function post(body: string | object, headers: Record<string, string> = json) {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const response = await app.fetch('/graphql', { method: 'POST', headers, body: text })
  return { response, status: response.status, body: await response.json() }
}

function get(parameters: Record<string, string>, headers: Record<string, string> = {}) {
  const withPreflight = { 'graphql-require-preflight': '1', ...headers }
  return app.fetch(`/graphql?${new URLSearchParams(parameters)}`, { headers: withPreflight })
}

describe('a request that is not GraphQL over HTTP', () => {
  test.for([
    ['malformed JSON', '{"query": ', json, 400, 'BAD_REQUEST'],
    ['an empty body', '', json, 400, 'BAD_REQUEST'],
    ['blanks', '  \n', json, 400, 'BAD_REQUEST'],
    ['null', 'null', json, 400, 'BAD_REQUEST'],
    ['a number', '7', json, 400, 'BAD_REQUEST'],
    ['no query', '{}', json, 400, 'BAD_REQUEST'],
    ['an empty query', '{"query":""}', json, 400, 'BAD_REQUEST'],
    ['a query that is no string', '{"query":{"a":1}}', json, 400, 'BAD_REQUEST'],
    ['variables in a string', '{"query":"{hello}","variables":"{}"}', json, 400, 'BAD_REQUEST'],
    ['variables in a list', '{"query":"{hello}","variables":[]}', json, 400, 'BAD_REQUEST'],
    ['extensions in a list', '{"query":"{hello}","extensions":[]}', json, 400, 'BAD_REQUEST'],
    ['a name that is no string', '{"query":"{hello}","operationName":1}', json, 400, 'BAD_REQUEST'],
    ['an unknown parameter', '{"query":"{hello}","querry":"{hello}"}', json, 400, 'BAD_REQUEST'],
    ['a batch', '[{"query":"{hello}"}]', json, 400, 'BAD_REQUEST'],
    ['no content type', '{"query":"{hello}"}', {}, 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['a form', 'query={hello}', form(), 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['plain text', '{"query":"{hello}"}', type('text/plain'), 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['bare GraphQL', '{hello}', type('application/graphql'), 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['Latin-1', '{"query":"{hello}"}', latin(), 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['an Accept that nothing meets', '{"query":"{hello}"}', png(), 406, 'NOT_ACCEPTABLE'],
  ] as const)('%s is refused with a status and a code', async ([, body, headers, status, code]) => {
    const answer = await post(body, headers)

    expect(answer.status).toBe(status)
    expect(answer.body).toEqual({ errors: [{ message: expect.any(String), extensions: { code } }] })
  })

  test.for(['PUT', 'DELETE', 'PATCH', 'OPTIONS'])(
    '%s is refused, and told what is allowed',
    async (method) => {
      const response = await app.fetch('/graphql', { method })

      expect(response.status).toBe(405)
      expect(response.headers.get('allow')).toBe('GET, POST')
      expect((await response.json()).errors[0].extensions.code).toBe('METHOD_NOT_ALLOWED')
    },
  )

  test('a content type may carry the charset in any spelling', async () => {
    const { status } = await post({ query: '{ hello }' }, type('Application/JSON; charset="UTF-8"'))

    expect(status).toBe(200)
  })

  test('another path is a 404 in JSON', async () => {
    const response = await app.fetch('/nowhere')

    expect(response.status).toBe(404)
    expect((await response.json()).errors[0].extensions.code).toBe('NOT_FOUND')
  })
})

describe('a document that cannot run', () => {
  test.for([
    ['does not parse', { query: '{ hello' }, 'GRAPHQL_PARSE_FAILED'],
    ['asks for an unknown field', { query: '{ nothing }' }, 'GRAPHQL_VALIDATION_FAILED'],
    ['has no operation', { query: 'fragment F on Query { hello }' }, 'OPERATION_NOT_FOUND'],
    [
      'has not the operation named',
      { query: 'query A { hello }', operationName: 'B' },
      'OPERATION_NOT_FOUND',
    ],
    [
      'has two, and none is named',
      { query: 'query A { hello } query B { hello }' },
      'OPERATION_NOT_FOUND',
    ],
    [
      'has a literal of the wrong type',
      { query: '{ echo(text: 7) }' },
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'has an enum value that does not exist',
      { query: '{ echo(text: "", color: GREEN) }' },
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'gets a variable of the wrong type',
      { query: echo, variables: { text: 7 } },
      'BAD_USER_INPUT',
    ],
    [
      'gets an enum value that does not exist',
      { query: echo, variables: { text: '', color: 'GREEN' } },
      'BAD_USER_INPUT',
    ],
    ['lacks a variable', { query: echo }, 'BAD_USER_INPUT'],
    ['gets a NUL in a variable', { query: echo, variables: { text: 'a\0b' } }, 'BAD_USER_INPUT'],
    ['spells a NUL out', { query: '{ echo(text: "a\\u0000b") }' }, 'BAD_USER_INPUT'],
    ['spells a NUL out in braces', { query: '{ echo(text: "a\\u{0}b") }' }, 'BAD_USER_INPUT'],
    ['is nested beyond reason', { query: `{ ${'a { '.repeat(40_000)}` }, 'LIMIT_EXCEEDED'],
  ] as const)('that %s is a 400 with a code, under both media types', async ([, params, code]) => {
    for (const accept of ['application/json', 'application/graphql-response+json']) {
      const answer = await post(params, { ...json, accept })

      expect(answer.status).toBe(400)
      expect(answer.response.headers.get('content-type')).toBe(`${accept}; charset=utf-8`)
      expect(answer.body.data).toBeUndefined()
      expect(answer.body.errors.map((error: Coded) => error.extensions.code)).toEqual(
        answer.body.errors.map(() => code),
      )
      expect(JSON.stringify(answer.body)).not.toMatch(/stack|originalError|"http"/)
    }
  })

  test('names the variable that holds a NUL', async () => {
    const { body } = await post({ query: echo, variables: { text: 'a\0' } })

    expect(body.errors[0]).toMatchObject({
      message: '"text" may not contain the NUL character',
      extensions: { field: 'text' },
    })
  })

  test('emoji and 10,000 characters come back as they were', async () => {
    const text = '👩‍🏫é'.repeat(2_000)
    const { status, body } = await post({ query: echo, variables: { text } })

    expect([status, body.data.echo]).toEqual([200, text])
  })
})

describe('an operation that runs', () => {
  test('is 200 also when a field fails, and the error says code and path', async () => {
    for (const accept of ['application/json', 'application/graphql-response+json']) {
      const { status, body } = await post({ query: '{ hello refused }' }, { ...json, accept })

      expect(status).toBe(200)
      expect(body.data).toEqual({ hello: 'world', refused: null })
      expect(body.errors).toEqual([
        {
          message: 'Not for you',
          path: ['refused'],
          locations: [{ line: 1, column: 9 }],
          extensions: { code: 'FORBIDDEN' },
        },
      ])
    }
  })

  test('that fails unexpectedly tells the request id and nothing else, and is logged once', async () => {
    const requestId = 'client-chosen-1'
    const { body, response } = await post(
      { query: '{ broken }' },
      { ...json, 'x-request-id': requestId },
    )
    const lines = app.logged.filter((line) => line.requestId === requestId)

    expect(response.headers.get('x-request-id')).toBe(requestId)
    expect(JSON.stringify(body)).not.toContain('hunter2')
    expect(body.errors[0].extensions).toEqual({ code: 'INTERNAL_SERVER_ERROR', requestId })
    expect(lines.filter((line) => line.msg === 'unexpected')).toEqual([
      expect.objectContaining({
        path: 'broken',
        err: expect.objectContaining({ message: 'the secret is hunter2' }),
      }),
    ])
  })

  test('an unfit request id is replaced', async () => {
    const { response } = await post({ query: '{ hello }' }, { ...json, 'x-request-id': 'a b' })

    expect(response.headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/)
  })

  test('leaves one line in the log, without its variables or token', async () => {
    const { id } = await app.rows.user()
    const before = app.logged.length
    await app.query(echo, { variables: { text: 'only for me' }, as: id })
    // It may come a moment after the answer.
    const lines = await vi.waitFor(() => {
      const lines = app.logged.slice(before)
      expect(lines).toHaveLength(1)
      return lines
    })

    expect(lines).toEqual([
      expect.objectContaining({ method: 'POST', path: '/graphql', status: 200, msg: 'request' }),
    ])
    expect(JSON.stringify(lines)).not.toMatch(/only for me|Bearer|eyJ/)
  })
})

test('a plugin for Yoga is given the headers that the client sent', async () => {
  const seen: (string | null)[] = []
  await using own = await startTestApp({
    schema: createSmallSchema(),
    plugins: [{ onParams: ({ request }) => void seen.push(request.headers.get('x-tenant')) }],
  })
  const body = JSON.stringify({ query: '{ hello }' })
  for (const tenant of ['one', 'two']) {
    await own.fetch('/graphql', { method: 'POST', headers: { ...json, 'x-tenant': tenant }, body })
  }

  expect(seen).toEqual(['one', 'two'])
})

describe('over GET', () => {
  test('a query runs', async () => {
    const response = await get({
      query: echo,
      variables: '{"text":"hi"}',
      operationName: 'Echo',
    })

    expect(await response.json()).toEqual({ data: { echo: 'hi' } })
  })

  test('a mutation is refused with 405 and does not run', async () => {
    const before = await app.query('{ count }')
    const response = await get({ query: 'mutation { add }' })
    const after = await app.query('{ count }')

    expect(response.status).toBe(405)
    expect((await response.json()).errors[0].extensions.code).toBe('METHOD_NOT_ALLOWED')
    expect(after.data).toEqual(before.data)
  })

  test.for(['variables', 'extensions'])('malformed JSON as %s is a 400', async (name) => {
    const response = await get({ query: '{ hello }', [name]: '{' })

    expect(response.status).toBe(400)
    expect((await response.json()).errors[0].message).toContain(name)
  })

  test('no query at all is a 400', async () => {
    expect((await get({})).status).toBe(400)
  })
})

interface Coded {
  readonly extensions: { readonly code: string }
}

const echo = 'query Echo($text: String!, $color: Color) { echo(text: $text, color: $color) }'

function type(contentType: string) {
  return { 'content-type': contentType }
}

function form() {
  return type('application/x-www-form-urlencoded')
}

function latin() {
  return type('application/json; charset=latin1')
}

function png() {
  return { ...json, accept: 'image/png' }
}
