import { describe, expect, test, vi } from 'vitest'
import { createLogger } from '../../src/observe/logger.ts'
import { createRequestFacts } from '../../src/observe/request-facts.ts'
import { createRequestLog } from '../../src/observe/request-log.ts'
import { openCachedPlace, patience } from '../support/start-cached-apps.ts'
import { startTestApp } from '../support/start-test-app.ts'
import { readSamples, sumOf } from './read-metrics.ts'

const document = 'query Screen($n: Int) { courses(first: $n) { nodes { title teacher { name } } } }'

describe('the line of a request', () => {
  test('says who, what, how long, and what it cost, and nothing that was given', async () => {
    await using app = await startTestApp()
    const { teacherId } = await app.rows.course()
    const before = app.logged.length
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
    const { status } = await app.query(document, {
      as: teacherId,
      variables: { n: 7 },
      headers: { 'x-request-id': 'mine-1', traceparent: `00-${traceId}-00f067aa0ba902b7-01` },
    })
    const [line, ...more] = app.logged.slice(before)

    expect(status).toBe(200)
    expect(more).toEqual([])
    expect(line).toEqual({
      level: 30,
      time: expect.any(Number),
      msg: 'request',
      requestId: 'mine-1',
      traceId,
      method: 'POST',
      path: '/graphql',
      status: 200,
      ms: expect.any(Number),
      operation: 'Screen',
      kind: 'query',
      statements: 2,
      rows: 2,
      viewer: expect.stringMatching(/^[\w-]{16}$/),
    })
    expect(JSON.stringify(line)).not.toContain(teacherId)
  })

  test('of a hit that is answered before anything is parsed says so, and is counted', async () => {
    await using place = await openCachedPlace('memory')
    const app = await place.start()
    await app.rows.course()
    await place.untilDrained()
    const body = JSON.stringify({ query: document, variables: { n: 3 } })
    const headers = { 'content-type': 'application/json' }
    const ask = () => app.fetch('/graphql', { method: 'POST', headers, body })
    await vi.waitFor(async () => {
      await ask()
      expect(app.logged.at(-1)).toMatchObject({ operation: 'Screen', cache: 'hit', statements: 0 })
    }, patience)
    const hits = async () =>
      sumOf(await readSamples(app), 'loadline_operation_duration_seconds', { cached: 'yes' })
    const before = await hits()
    await ask()

    expect(await hits()).toBe(before + 1)
  })

  test('of one who is refused says the code', async () => {
    await using app = await startTestApp()
    const { headers } = await app.query('{ nonsense }', { headers: { traceparent: '00-0-0-01' } })

    expect(app.logged.at(-1)).toMatchObject({
      requestId: headers.get('x-request-id'),
      status: 400,
      codes: ['GRAPHQL_VALIDATION_FAILED'],
    })
    expect(app.logged.at(-1)).not.toHaveProperty('traceId')
  })

  test('of a slow one lists its statements, the longest first, without their values', async () => {
    await using app = await startTestApp({ env: { SLOW_REQUEST_MS: '0' } })
    await app.rows.course({ slug: 'a-secret-slug' })
    await app.query('query Screen { course(slug: "a-secret-slug") { title teacher { name } } }')
    const line = app.logged.at(-1)

    expect(line).toMatchObject({ isSlow: true, statements: 1 })
    expect(line?.ran).toEqual([
      {
        sql: expect.stringContaining('FROM "Course"'),
        ms: expect.any(Number),
        rows: 1,
        paths: ['course'],
      },
    ])
    expect(JSON.stringify(line)).not.toContain('secret')
  })
})

describe('beyond the rate', () => {
  const write = (options: { status: number; ms: number; times: number }) => {
    const lines: { status: number; skipped?: number }[] = []
    const log = createLogger('info', { write: (line) => lines.push(JSON.parse(line)) })
    const clock = { ms: 0 }
    const requestLog = createRequestLog({
      ...{ log, slowMs: 200, mostPerSecond: 10 },
      nowMs: () => clock.ms,
    })
    const arrived = { requestId: 'x', method: 'GET', path: '/', startMs: 0, traceparent: null }
    const end = () => {
      const { status, ms } = options
      requestLog.requestEnded?.({ ...createRequestFacts(arrived), status, ms })
    }
    for (let time = 0; time < options.times; time += 1) end()
    clock.ms = 1_000
    end()
    return lines
  }

  test('requests go unlogged, and the next line says how many', () => {
    const lines = write({ status: 200, ms: 1, times: 1_000 })

    expect(lines).toHaveLength(11)
    expect(lines.at(-1)?.skipped).toBe(990)
  })

  test.for([
    ['slow', { status: 200, ms: 300 }],
    ['failed', { status: 500, ms: 1 }],
  ] as const)('%s ones are logged still, four times as many', ([_, of]) => {
    const lines = write({ ...of, times: 1_000 })

    expect(lines).toHaveLength(41)
    expect(lines.at(-1)?.skipped).toBe(960)
  })
})
