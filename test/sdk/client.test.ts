import { setTimeout as sleep } from 'node:timers/promises'
import { extendSchema, parse } from 'graphql'
import { afterAll, beforeAll, describe, expect, expectTypeOf, test } from 'vitest'
import type { errorCodes } from '../../src/errors.ts'
import { type ClientOptions, createClient } from '../../src/sdk/client.ts'
import { LoadlineError, type ServerErrorCode } from '../../src/sdk/client-error.ts'
import {
  CourseListDocument,
  CoursePageDocument,
  EnrollDocument,
  LessonPageDocument,
  UpdateProfileDocument,
  ViewerDocument,
} from '../../src/sdk/generated/graphql.ts'
import { createOperations } from '../../src/sdk/generated/operations.ts'
import manifest from '../../src/sdk/generated/persisted-documents.json' with { type: 'json' }
import type { Database } from '../../src/sql/database.ts'
import { openSeeded } from '../seed/seeded-database.ts'
import { globalId } from '../support/global-id.ts'
import { startTestApp, type TestApp } from '../support/start-test-app.ts'
import { personId } from './calls.ts'
import { recordFetch } from './record-fetch.ts'
import {
  answers,
  breaksOff,
  serveWithTrouble,
  stalls,
  type TroubledServer,
} from './serve-with-trouble.ts'

let database: Database
let app: TestApp
let server: TroubledServer
let studentToken: string

beforeAll(async () => {
  database = await openSeeded('demo', 1)
  app = await startTestApp({ database })
  server = await serveWithTrouble(app.handler)
  studentToken = await app.tokenFor(personId('STUDENT'))
})

afterAll(async () => {
  await server?.[Symbol.asyncDispose]()
  await app?.[Symbol.asyncDispose]()
  await database?.[Symbol.asyncDispose]()
})

/** A client with short waits, and what it sent. */
function connect(options: Partial<ClientOptions> = {}) {
  const { fetch, sent } = recordFetch()
  const short = { retryDelayMs: 20, timeoutMs: 20_000 }
  const client = createClient({ url: server.url, documentIds: false, fetch, ...short, ...options })
  return { client, sent }
}

async function errorOf(call: Promise<unknown>): Promise<LoadlineError> {
  const error = await call.then(
    () => new Error('The call was answered'),
    (reason: unknown) => reason,
  )
  if (error instanceof LoadlineError) return error
  throw error
}

describe('an answer', () => {
  test('has the data, no errors, and the id under which the server logged it', async () => {
    const { client } = connect({ token: studentToken })
    const { data, errors, requestId } = await client.query(ViewerDocument)

    expect(data.viewer?.email).toBe('student@loadline.dev')
    expect(errors).toEqual([])
    expect(app.logged.map((line) => line.requestId)).toContain(requestId)
  })

  test('keeps the part that could be answered, beside its errors', async () => {
    const lesson = await app.rows.lesson()
    const { client } = connect()
    const { data, errors } = await client.query(LessonPageDocument, {
      id: globalId('Lesson', lesson.id),
    })

    expect(data.node).toMatchObject({ title: lesson.title, body: null })
    expect(errors.map(({ path, extensions }) => [path?.join('.'), extensions?.code])).toEqual([
      ['node.body', 'FORBIDDEN'],
    ])
  })

  test('is the same through the method of the operation', async () => {
    const { client } = connect({ token: studentToken })
    const { data } = await createOperations(client).viewer()

    expect(data).toEqual((await client.query(ViewerDocument)).data)
  })

  test('stays readable when the schema has grown', async () => {
    const grown = extendSchema(
      app.schema,
      parse('extend type Course { rating: Float } extend enum CourseStatus { PAUSED }'),
    )
    await using later = await startTestApp({ database, schema: grown })
    await using other = await serveWithTrouble(later.handler)
    const { client } = connect({ url: other.url })
    const { data } = await client.query(CourseListDocument, { first: 3 })

    expect(data.courses.nodes).toHaveLength(3)
  })
})

describe('an error', () => {
  test('has the code, the status and the field that the server told', async () => {
    const { client } = connect({ token: studentToken })
    const error = await errorOf(
      client.mutate(UpdateProfileDocument, { input: { website: 'no address' } }),
    )

    expect(error).toMatchObject({ code: 'BAD_USER_INPUT', status: 200, name: 'LoadlineError' })
    expect(error.errors[0]?.extensions?.field).toBe('input.website')
    expect(error.requestId).toEqual(expect.any(String))
  })

  test('keeps the data that there is', async () => {
    const { client } = connect()
    const error = await errorOf(
      client.mutate(EnrollDocument, { input: { courseId: globalId('Course', personId('ADMIN')) } }),
    )

    expect(error).toMatchObject({ code: 'UNAUTHENTICATED', data: { enroll: null } })
  })

  test('is a CONFLICT for a key that was used for something else', async () => {
    const { client } = connect({ token: studentToken })
    const save = (headline: string) =>
      client.mutate(UpdateProfileDocument, { input: { headline, idempotencyKey: 'same key' } })
    await save('Learns')

    expect((await errorOf(save('Teaches'))).code).toBe('CONFLICT')
  })

  test('can be of every code that the server has', () => {
    expectTypeOf<keyof typeof errorCodes>().toExtend<ServerErrorCode>()
  })

  test('is about the answer when that is none of GraphQL', async () => {
    const { client, sent } = connect()
    server.trouble(answers(404))

    expect(await errorOf(client.query(ViewerDocument))).toMatchObject({
      ...{ code: 'BAD_RESPONSE', status: 404 },
    })
    expect(sent).toHaveLength(1)
  })

  test('of a client without a URL comes at once', () => {
    expect(() => createClient({ url: '' })).toThrow('createClient needs a url')
  })
})

describe('a query is repeated', () => {
  test.for([
    ['503', answers(503)],
    ['429', answers(429)],
    ['502', answers(502)],
    ['half an answer', breaksOff],
  ] as const)('after %s', async ([, trouble]) => {
    const { client, sent } = connect()
    server.trouble(trouble, trouble)
    const { data } = await client.query(CourseListDocument, { first: 1 })

    expect(data.courses.nodes).toHaveLength(1)
    expect(sent).toHaveLength(3)
  })

  test('when no answer comes in time', async () => {
    const { client, sent } = connect({ timeoutMs: 2_000 })
    server.trouble(stalls)
    await client.query(ViewerDocument)

    expect(sent).toHaveLength(2)
  })

  test('until the server is there again', async () => {
    const { client, sent } = connect({ retries: 100, retryDelayMs: 50, maxRetryDelayMs: 100 })
    await server.stop()
    const answer = client.query(ViewerDocument)
    while (sent.length < 3) await sleep(5)
    await server.start()

    expect((await answer).data).toEqual({ viewer: null })
  })

  test('not before the time that the server asks for', async () => {
    const { client } = connect()
    server.trouble(answers(503, { 'retry-after': '1' }))
    const start = performance.now()
    await client.query(ViewerDocument)

    // Timers may be a millisecond early.
    expect(performance.now() - start).toBeGreaterThanOrEqual(999)
  })

  test('not at all if the server asks for more time than the client has', async () => {
    const { client, sent } = connect()
    const inAnHour = new Date(Date.now() + 3_600_000).toUTCString()
    server.trouble(answers(503, { 'retry-after': inAnHour }))
    const error = await errorOf(client.query(ViewerDocument))

    expect(error.code).toBe('SERVICE_UNAVAILABLE')
    expect(error.retryAfterMs).toBeGreaterThan(3_500_000)
    expect(sent).toHaveLength(1)
  })

  test('only so many times', async () => {
    const { client, sent } = connect({ retries: 2 })
    server.trouble(answers(429), answers(429), answers(429), answers(429))

    expect((await errorOf(client.query(ViewerDocument))).code).toBe('RATE_LIMITED')
    expect(sent).toHaveLength(3)
    server.trouble()
  })
})

describe('a mutation', () => {
  const headlineOf = async () =>
    (await app.prisma.profile.findUnique({ where: { userId: personId('STUDENT') } }))?.headline

  test.for([
    ['NETWORK_ERROR', breaksOff],
    ['SERVICE_UNAVAILABLE', answers(503)],
    ['TIMEOUT', stalls],
  ] as const)('without a key is sent once, and fails with %s', async ([code, trouble]) => {
    const { client, sent } = connect({ token: studentToken, timeoutMs: 2_000 })
    server.trouble(trouble)
    const error = await errorOf(
      client.mutate(UpdateProfileDocument, { input: { headline: 'Once' } }),
    )

    expect(error.code).toBe(code)
    expect(sent).toHaveLength(1)
  })

  test('with a key is repeated, and is one change although it arrives twice', async () => {
    const { client, sent } = connect({ token: studentToken })
    server.trouble(breaksOff)
    const input = { headline: 'Twice sent', idempotencyKey: crypto.randomUUID() }
    const { data } = await client.mutate(UpdateProfileDocument, { input })
    const { idempotencyKey: key } = input

    expect(data.updateProfile?.profile?.headline).toBe('Twice sent')
    expect(sent).toHaveLength(2)
    expect(await headlineOf()).toBe('Twice sent')
    expect(await app.prisma.idempotencyKey.count({ where: { key } })).toBe(1)
  })

  test('given to query is no query: it is sent once, and by POST', async () => {
    const { client, sent } = connect({ token: studentToken, method: 'GET' })
    server.trouble(answers(503))
    await errorOf(client.query(UpdateProfileDocument, { input: { headline: 'Once' } }))

    expect(sent.map(({ method }) => method)).toEqual(['POST'])
  })
})

describe('the caller', () => {
  test('can leave while an answer is awaited, and is told their own reason', async () => {
    const { client } = connect()
    const leave = new AbortController()
    server.trouble(stalls)
    const answer = client.query(ViewerDocument, {}, { signal: leave.signal })
    leave.abort('changed my mind')

    await expect(answer).rejects.toBe('changed my mind')
  })

  test('can leave between two attempts', async () => {
    const { client, sent } = connect({ retryDelayMs: 1e9, maxRetryDelayMs: 1e9 })
    const leave = new AbortController()
    server.trouble(answers(503))
    const answer = client.query(ViewerDocument, {}, { signal: leave.signal })
    setTimeout(() => leave.abort('changed my mind'), 300)

    await expect(answer).rejects.toBe('changed my mind')
    expect(sent).toHaveLength(1)
  })

  test('who has left already sends nothing', async () => {
    const { client, sent } = connect()
    const signal = AbortSignal.abort('gone')

    await expect(client.query(ViewerDocument, {}, { signal })).rejects.toBe('gone')
    expect(sent).toHaveLength(0)
  })
})

describe('a token', () => {
  test('that is refused is renewed once for all calls that wait, which are then repeated', async () => {
    let renewals = 0
    const { client, sent } = connect({
      token: 'stale',
      async refreshToken() {
        renewals += 1
        await sleep(50)
        return studentToken
      },
    })
    const calls = [client.query(ViewerDocument), client.query(ViewerDocument)]
    const emails = (await Promise.all(calls)).map(({ data }) => data.viewer?.email)
    await client.query(ViewerDocument)

    expect(emails).toEqual(['student@loadline.dev', 'student@loadline.dev'])
    expect(renewals).toBe(1)
    expect(sent).toHaveLength(5)
  })

  test('that is refused again is an UNAUTHENTICATED', async () => {
    const { client, sent } = connect({ token: 'stale', refreshToken: () => 'stale too' })

    expect((await errorOf(client.query(ViewerDocument))).code).toBe('UNAUTHENTICATED')
    expect(sent).toHaveLength(2)
  })

  test('can be asked for, and a mutation refused for it was not carried out', async () => {
    let token = 'stale'
    const { client } = connect({
      token: () => token,
      refreshToken() {
        token = studentToken
        return token
      },
    })
    const { data } = await client.mutate(UpdateProfileDocument, { input: { headline: 'Renewed' } })

    expect(data.updateProfile?.profile?.headline).toBe('Renewed')
  })
})

describe('a query by GET', () => {
  test('has all in its URL, and the same answer', async () => {
    const { client, sent } = connect({ method: 'GET' })
    const variables = { filter: { search: 'ü & ?' }, first: 2 }
    const { data } = await client.query(CourseListDocument, variables)
    const posted = await client.query(CourseListDocument, variables, { method: 'POST' })

    expect(sent.map(({ method }) => method)).toEqual(['GET', 'POST'])
    expect(data).toEqual(posted.data)
  })

  test('that is too long for a URL goes by POST', async () => {
    const { client, sent } = connect({ method: 'GET' })
    await errorOf(client.query(CoursePageDocument, { slug: 'x'.repeat(5_000) })).catch(() => null)

    expect(sent.map(({ method }) => method)).toEqual(['POST'])
  })
})

describe('the id of a document', () => {
  test('is sent first; where it is not known, its text is from then on', async () => {
    const { client, sent } = connect({ documentIds: true, token: studentToken })
    await client.query(ViewerDocument)
    await client.query(CourseListDocument, { first: 1 })
    await errorOf(client.mutate(UpdateProfileDocument, { input: { website: 'no address' } }))

    expect(sent.map(({ params }) => Object.keys(params).sort())).toEqual([
      ['documentId', 'variables'],
      ['query', 'variables'],
      ['query', 'variables'],
      ['query', 'variables'],
    ])
    expect(sent[0]?.params.documentId).toMatch(/^sha256:[0-9a-f]{64}$/)
  })

  test('is all that is sent to a server that has the manifest', async () => {
    await using knowing = await startTestApp({
      database,
      manifest: new Map(Object.entries(manifest)),
      env: { LOADLINE_TRUSTED_DOCUMENTS: 'require' },
    })
    await using other = await serveWithTrouble(knowing.handler)
    const { client, sent } = connect({ documentIds: true, url: other.url })
    const { data } = await client.query(CourseListDocument, { first: 1 })

    expect(data.courses.nodes).toHaveLength(1)
    expect(sent.map(({ params }) => Object.keys(params))).toEqual([['documentId', 'variables']])
  })

  test('is looked for by GET too', async () => {
    const { client, sent } = connect({ documentIds: true, method: 'GET' })
    await client.query(ViewerDocument)

    expect(sent.map(({ url }) => [...url.searchParams.keys()])).toEqual([
      ['documentId', 'variables'],
      ['query', 'variables'],
    ])
  })

  test('never makes a mutation run twice', async () => {
    const { client, sent } = connect({ documentIds: true, token: studentToken })
    server.trouble((handler) => handler, breaksOff)
    const error = await errorOf(
      client.mutate(UpdateProfileDocument, { input: { headline: 'Once' } }),
    )

    expect(error.code).toBe('NETWORK_ERROR')
    expect(sent.map(({ params }) => 'query' in params)).toEqual([false, true])
  })
})
