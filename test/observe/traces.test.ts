import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SpanKind, SpanStatusCode } from '@opentelemetry/api'
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base'
import { describe, expect, test, vi } from 'vitest'
import { openTracing } from '../../src/observe/open-tracing.ts'
import { traceRequests } from '../../src/observe/trace-requests.ts'
import { openCachedPlace, patience } from '../support/start-cached-apps.ts'
import { startServerProcess } from '../support/start-process.ts'
import { startTestApp } from '../support/start-test-app.ts'
import {
  createTestDatabase,
  openTestDatabase,
  testDatabaseKind,
} from '../support/test-databases.ts'

const screen =
  'query Screen { courses(first: 2) { nodes { title lessons(first: 1) { nodes { title } } } } }'
const sender = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' }
const headers = { traceparent: `00-${sender.traceId}-${sender.spanId}-01` }

function recordSpans() {
  const exporter = new InMemorySpanExporter()
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
  return {
    listener: traceRequests(provider.getTracer('test')),
    /** As `parent > child`, in the order of their beginnings. */
    get paths() {
      const spans = [...exporter.getFinishedSpans()]
      const pathOf = (span: ReadableSpan): string => {
        const { spanId } = span.parentSpanContext ?? {}
        const parent = spans.find((one) => one.spanContext().spanId === spanId)
        return parent ? `${pathOf(parent)} > ${span.name}` : span.name
      }
      return spans.map(pathOf).sort()
    },
    find: (name: string) => exporter.getFinishedSpans().find((span) => span.name === name),
    all: () => exporter.getFinishedSpans(),
    clear: () => exporter.reset(),
  }
}

describe('the spans of a request', () => {
  test('are guard, look-up, execution, batches and statements, within the trace of its sender', async () => {
    const spans = recordSpans()
    await using place = await openCachedPlace('memory')
    const app = await place.start({ listeners: [spans.listener] })
    const course = await app.rows.course()
    await app.rows.lesson({ courseId: course.id })
    await place.untilDrained()
    spans.clear()
    await app.query(screen, { headers })
    const root = spans.find('POST /graphql')

    expect(spans.paths).toEqual([
      'POST /graphql',
      'POST /graphql > cache lookup',
      'POST /graphql > guard',
      'POST /graphql > guard turn',
      'POST /graphql > query',
      'POST /graphql > query > batch courses',
      'POST /graphql > query > batch courses > SELECT Course',
      'POST /graphql > query > batch courses.nodes.lessons',
      'POST /graphql > query > batch courses.nodes.lessons > SELECT Lesson',
    ])
    expect(root?.kind).toBe(SpanKind.SERVER)
    expect(root?.parentSpanContext).toMatchObject({ ...sender, isRemote: true })
    expect(root?.spanContext().traceId).toBe(sender.traceId)
    expect(root?.attributes).toMatchObject({
      'http.request.method': 'POST',
      'http.response.status_code': 200,
      'graphql.operation.name': 'Screen',
      'graphql.operation.type': 'query',
    })
    expect(spans.find('SELECT Course')).toMatchObject({
      kind: SpanKind.CLIENT,
      attributes: {
        'db.system.name': 'postgresql',
        'db.operation.name': 'SELECT',
        'db.collection.name': 'Course',
        'db.query.text': expect.stringContaining('FROM "Course"'),
        'db.response.returned_rows': 1,
      },
    })
    expect(spans.find('batch courses')?.attributes).toEqual({
      'loadline.batch.loads': 1,
      'loadline.fields': ['courses'],
    })
    expect(app.logged.at(-1)).toMatchObject({ traceId: sender.traceId })
  })

  test('of a hit are guard and look-up, and a write has one for its announcement', async () => {
    const spans = recordSpans()
    await using place = await openCachedPlace('memory')
    const app = await place.start({ listeners: [spans.listener] })
    const { id } = await app.rows.user()
    await place.untilDrained()
    await vi.waitFor(async () => {
      spans.clear()
      expect((await app.ask('{ __typename }')).cache.outcome).toBe('hit')
    }, patience)
    expect(spans.paths).toEqual([
      'POST /graphql',
      'POST /graphql > cache lookup',
      'POST /graphql > guard',
    ])
    spans.clear()
    const write =
      'mutation Do { updateProfile(input: { headline: "Sails" }) { profile { headline } } }'
    await app.query(write, { as: id })

    expect(spans.paths).toContain('cache announce')
    expect(spans.find('cache announce')?.attributes['loadline.tags']).toBeGreaterThan(0)
    expect(spans.find('POST /graphql')?.attributes['graphql.operation.type']).toBe('mutation')
  })

  test('say what went wrong, and whose fault it was', async () => {
    const spans = recordSpans()
    await using app = await startTestApp({ listeners: [spans.listener] })
    await app.query('{ nonsense }')
    const [span] = spans.all().filter(({ name }) => name === 'POST /graphql')

    expect(span?.status.code).toBe(SpanStatusCode.UNSET)
    expect(span?.attributes).toMatchObject({ 'error.type': 'GRAPHQL_VALIDATION_FAILED' })
  })

  test('take their time within that of their parent', async () => {
    const spans = recordSpans()
    await using app = await startTestApp({ listeners: [spans.listener] })
    await app.query(screen)
    const ns = ([seconds, nanos]: readonly [number, number]) => seconds * 1e9 + nanos
    const root = spans.find('POST /graphql')
    if (!root) throw new Error('There was to be a span')
    for (const span of spans.all()) {
      expect(ns(span.startTime)).toBeGreaterThanOrEqual(ns(root.startTime) - 1_000)
      expect(ns(span.endTime)).toBeLessThanOrEqual(ns(root.endTime) + 1_000)
    }
  })
})

describe('the trace of a request', () => {
  test.for([
    ['true', headers, `/*traceparent='00-${sender.traceId}-${sender.spanId}-01'*/`],
    ['true', { traceparent: `00-${'0'.repeat(32)}-${sender.spanId}-01` }, ''],
    ['true', { traceparent: "'; DROP TABLE x; --" }, ''],
    ['false', headers, ''],
  ] as const)(
    'with LOADLINE_SQL_COMMENTS=%s and %j stands behind its statements as "%s"',
    async ([on, given, comment]) => {
      const texts: string[] = []
      await using database = await openTestDatabase()
      const query = database.query.bind(database)
      const watched = Object.assign(database, {
        query: (...args: Parameters<typeof query>) => {
          texts.push(args[0].text)
          return query(...args)
        },
      })
      await using app = await startTestApp({
        database: watched,
        env: { LOADLINE_SQL_COMMENTS: on },
      })
      await app.rows.course()
      const { data } = await app.query(screen, { headers: given })
      const [sent = ''] = texts.filter((text) => text.includes('FROM "Course"'))

      expect(data.courses.nodes).toHaveLength(1)
      expect(sent.includes('/*')).toBe(comment !== '')
      expect(sent.endsWith(comment)).toBe(true)
    },
  )
})

describe('OTEL_* variables', () => {
  const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' }

  test.for([
    {},
    { OTEL_SERVICE_NAME: 'mine' },
    { ...endpoint, OTEL_SDK_DISABLED: 'true' },
    { ...endpoint, OTEL_TRACES_EXPORTER: 'none' },
  ])('%j load no SDK', async (env) => {
    const load = () => Promise.reject(new Error('It was loaded'))

    expect(await openTracing(env, load)).toBeNull()
  })

  test('that ask for traces without an SDK say how to install it', async () => {
    const load = () => Promise.reject(new Error('Cannot find package'))

    await expect(openTracing(endpoint, load)).rejects.toThrow(
      /npm install @opentelemetry\/sdk-trace-base @opentelemetry\/exporter-trace-otlp-http/,
    )
    await expect(openTracing({ OTEL_TRACES_EXPORTER: 'zipkin' }, load)).rejects.toThrow(
      'wanted otlp or none, got "zipkin"',
    )
  })

  test('send the spans of a process to a collector', { timeout: 60_000 }, async () => {
    const received: string[] = []
    const collector = await listen((body) => received.push(body))
    const { port } = collector.address() as AddressInfo // of a server on TCP
    await using place = await openProcessPlace()
    await using server = await startServerProcess({
      ...place.env,
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_SERVICE_NAME: 'under-test',
      OTEL_BSP_SCHEDULE_DELAY: '100',
    })
    await vi.waitFor(() => expect(received.join()).toContain('GET /graphql'), patience)
    collector.close()

    expect(received.join()).toContain('under-test')
    expect(server.output.stderr).toBe('')
  })
})

/** Takes whatever is sent to it. */
async function listen(take: (body: string) => void): Promise<Server> {
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    take(body)
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

async function openProcessPlace(): Promise<
  AsyncDisposable & { readonly env: Readonly<Record<string, string>> }
> {
  const folder = await mkdtemp(join(tmpdir(), 'loadline-traces-'))
  const database = testDatabaseKind() === 'postgresql' ? await createTestDatabase() : null
  return {
    env: { LOADLINE_DATA_DIR: folder, ...(database ? { DATABASE_URL: database.url } : {}) },
    async [Symbol.asyncDispose]() {
      await database?.[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
