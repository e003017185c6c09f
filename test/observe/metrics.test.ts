import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Plugin } from 'graphql-yoga'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Context } from '../../src/context.ts'
import type { Events } from '../../src/observe/events.ts'
import { createLogger } from '../../src/observe/logger.ts'
import { nameOperation } from '../../src/observe/name-operation.ts'
import { createObservation } from '../../src/observe/observation.ts'
import { createRequestFacts, type RequestFacts } from '../../src/observe/request-facts.ts'
import { createStatement } from '../../src/sql/statements.ts'
import {
  type CachedApp,
  type CachedPlace,
  openCachedPlace,
  patience,
} from '../support/start-cached-apps.ts'
import { startTestApp, type TestApp } from '../support/start-test-app.ts'
import { openTestDatabase, testDatabaseKind } from '../support/test-databases.ts'
import { metricNames, readSamples, sumOf } from './read-metrics.ts'

const isServer = testDatabaseKind() === 'postgresql'
const titles = 'query Titles { courses(first: 5) { nodes { title } } }'

/** Stands in for an operation that batching does not help, of which there is none. */
const repeatsItself: Plugin = {
  onExecute({ args }) {
    if (args.operationName !== 'Repeats') return
    const figures = { ms: 1, rows: 1, batch: 1, paths: ['viewer'] }
    const context = args.contextValue as unknown as Context // what the app executes with
    for (let run = 0; run < 4; run += 1) {
      context.tally.record(createStatement('SELECT 1'), figures)
    }
  },
}

let place: CachedPlace
let app: CachedApp
let teacher: { readonly id: string }

beforeAll(async () => {
  place = await openCachedPlace('memory')
  app = await place.start({ plugins: [repeatsItself] })
  const course = await app.rows.course()
  teacher = { id: course.teacherId }
})
afterAll(() => place[Symbol.asyncDispose]())

type Labels = Readonly<Record<string, string>>

/** What moves each metric that counts. */
const moves: readonly (readonly [metric: string, labels: Labels, act: () => Promise<unknown>])[] = [
  ['http_requests_total', { route: 'health', status: '200' }, () => app.fetch('/health/live')],
  ['http_requests_total', { route: 'other', status: '404' }, () => app.fetch('/nothing')],
  ['operations_total', { operation: 'Titles', kind: 'query', outcome: 'ok' }, compute],
  ['operations_total', { kind: 'mutation', outcome: 'ok' }, write],
  ['operations_total', { outcome: 'refused' }, () => app.query('{ nonsense }')],
  ['operation_duration_seconds', { cached: 'no' }, compute],
  ['operation_duration_seconds', { operation: 'Titles', cached: 'yes' }, hit],
  ['errors_total', { code: 'GRAPHQL_VALIDATION_FAILED' }, () => app.query('{ nonsense }')],
  ['operation_statements', {}, compute],
  ['operation_rows', {}, compute],
  ['statements_total', { outcome: 'ok' }, compute],
  ['statement_duration_seconds', {}, compute],
  ['rows_read_total', {}, compute],
  ['slow_statements_total', { level: 'warn' }, runSlowly],
  ['turn_wait_seconds', {}, compute],
  ['cache_lookups_total', { outcome: 'hit', scope: 'role' }, hit],
  ['cache_lookups_total', { outcome: 'miss' }, compute],
  ['cache_lookups_total', { outcome: 'joined' }, join],
  ['cache_lookup_duration_seconds', {}, hit],
  ['cache_fills_total', { outcome: 'accepted' }, fill],
  ['cache_filled_bytes_total', {}, fill],
  ['cache_announcements_total', { outcome: 'ok' }, write],
  ['cache_announced_tags_total', {}, write],
  ['cache_announce_duration_seconds', {}, write],
  ['repeated_shapes_total', { operation: 'Repeats' }, repeat],
  ['budget_excesses_total', { operation: 'Titles' }, exceed],
  ['cache_comparisons_total', { outcome: 'same' }, compare],
]

describe('the metric', () => {
  test.for(moves)('loadline_%s with %o moves', async ([metric, labels, act]) => {
    const before = sumOf(await readSamples(app), `loadline_${metric}`, labels)
    await act()

    await vi.waitFor(async () => {
      expect(sumOf(await readSamples(app), `loadline_${metric}`, labels)).toBeGreaterThan(before)
    })
  })

  test('loadline_requests_in_flight counts the request that asks for it', async () => {
    await using open = await startTestApp()
    const asked = await readThrough(open)

    expect(sumOf(await readSamples(open), 'loadline_requests_in_flight')).toBe(0)
    expect(asked).toMatch(/^loadline_requests_in_flight 1$/m)
  })

  test('loadline_operations_total counts each operation of a list, which is one request', async () => {
    await using listing = await startTestApp({ env: { LOADLINE_LIMITS: 'batch=5' } })
    const list = [{ query: titles }, { query: titles }, { query: '{ nonsense }' }]
    await listing.fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(list),
    })
    const samples = await readSamples(listing)
    const operations = (labels: Labels) => sumOf(samples, 'loadline_operations_total', labels)

    expect([operations({}), operations({ operation: 'Titles', outcome: 'ok' })]).toEqual([3, 2])
    expect(sumOf(samples, 'loadline_http_requests_total', { route: 'batch' })).toBe(1)
    expect(sumOf(samples, 'loadline_requests_in_flight')).toBe(0)
  })

  test('loadline_event_loop_delay_seconds rises while the loop is held up', async () => {
    await vi.waitFor(async () => {
      const until = performance.now() + 200
      while (performance.now() < until);
      await sleep(20)
      const delay = sumOf(await readSamples(app), 'loadline_event_loop_delay_seconds')
      expect(delay).toBeGreaterThan(0.01)
    }, 30_000)
  })

  test('loadline_memory_bytes and loadline_cpu_seconds rise with what is used', async () => {
    const before = await readSamples(app)
    const held = Buffer.alloc(64_000_000, 1)
    const after = await readSamples(app)

    expect(held).toHaveLength(64_000_000)
    const risen = (metric: string, labels: Labels = {}) =>
      sumOf(after, metric, labels) - sumOf(before, metric, labels)
    expect(risen('loadline_memory_bytes', { kind: 'external' })).toBeGreaterThan(60_000_000)
    expect(risen('loadline_cpu_seconds')).toBeGreaterThan(0)
    expect(sumOf(after, 'loadline_memory_bytes', { kind: 'resident' })).toBeGreaterThan(
      sumOf(after, 'loadline_memory_bytes', { kind: 'heap' }),
    )
  })

  test('loadline_cache_size follows what is kept', async () => {
    const entries = async () =>
      sumOf(await readSamples(app), 'loadline_cache_size', { of: 'entries' })
    const before = await entries()
    await fill()

    await vi.waitFor(async () => expect(await entries()).toBe(before + 1))
    expect(sumOf(await readSamples(app), 'loadline_cache_size', { of: 'bytes' })).toBeGreaterThan(0)
  })

  test('loadline_turns_refused_total counts whom there is no turn for', async () => {
    await using busy = await startTestApp({ env: { LOADLINE_LIMITS: 'executions=1,queued=0' } })
    await Promise.all(Array.from({ length: 5 }, () => busy.query(titles)))
    const samples = await readSamples(busy)

    const refused = sumOf(samples, 'loadline_errors_total', { code: 'SERVICE_UNAVAILABLE' })
    expect(refused).toBeGreaterThan(0)
    expect(sumOf(samples, 'loadline_turns_refused_total')).toBe(refused)
    expect(sumOf(samples, 'loadline_operations_total', { outcome: 'failed' })).toBe(refused)
  })

  test('loadline_listener_faults_total counts what could not be heard, and nothing else fails', async () => {
    const deaf = { statementEnded: () => JSON.parse('not JSON') }
    const lines: string[] = []
    const log = createLogger('error', { write: (line) => lines.push(line) })
    const settings = app.config.observe
    const observation = createObservation({ log, settings, listeners: [deaf] })
    observation.events.connectionTaken(1)
    const samples = () => readSamples({ observation })
    expect(sumOf(await samples(), 'loadline_listener_faults_total')).toBe(0)
    const statement = createStatement('SELECT 1')
    const ended = { statement, values: [], ms: 1, startMs: 0, rows: 1, batch: 1, paths: [] }
    observation.events.statementEnded(null, { ...ended, isFailed: true })
    observation.events.statementEnded(null, { ...ended, isFailed: true })

    expect(sumOf(await samples(), 'loadline_listener_faults_total')).toBe(2)
    expect(lines).toHaveLength(1)
    expect(sumOf(await samples(), 'loadline_statements_total', { outcome: 'failed' })).toBe(2)
  })
})

describe('of the cache in trouble,', () => {
  test('each reason to pass it by is counted', async () => {
    await using off = await openCachedPlace('memory')
    const silent = await off.start({ enabled: false })
    await silent.query(titles)
    const samples = await readSamples(silent)

    expect(sumOf(samples, 'loadline_cache_bypasses_total', { reason: 'off' })).toBeGreaterThan(0)
    expect(sumOf(samples, 'loadline_cache_lookups_total', { outcome: 'bypass' })).toBeGreaterThan(0)
  })

  test('a store that is not asked any more is told by loadline_cache_breaker_open', async () => {
    await using unreachable = await openCachedPlace('memory')
    const alone = await unreachable.start({ redisUrl: 'redis://127.0.0.1:1' })

    await vi.waitFor(async () => {
      await alone.query(titles)
      expect(sumOf(await readSamples(alone), 'loadline_cache_breaker_open')).toBe(1)
    }, patience)
    expect(sumOf(await readSamples(app), 'loadline_cache_breaker_open')).toBe(0)
  })
})

// PGlite has no pool.
describe.skipIf(!isServer)('of the pool,', () => {
  test('connections, those in use and who waits for one are told', async () => {
    const told: Events['connectionTaken'][] = []
    await using database = await openTestDatabase({
      poolSize: 2,
      onConnectionTaken: (ms) => told.map((tell) => tell(ms)),
    })
    await using small = await startTestApp({ database })
    told.push(small.observation.events.connectionTaken)
    const sleeping = Array.from({ length: 3 }, () =>
      database.query(createStatement('SELECT pg_sleep(0.2)'), []),
    )
    await sleep(50)
    const during = await readSamples(small)
    await Promise.all(sleeping)
    const after = await readSamples(small)

    const connections = (state: string) => sumOf(during, 'loadline_connections', { state })
    expect([connections('max'), connections('in_use'), connections('idle')]).toEqual([2, 2, 0])
    expect(sumOf(during, 'loadline_connections_waiting')).toBe(1)
    expect(sumOf(after, 'loadline_connections', { state: 'idle' })).toBe(2)
    expect(sumOf(after, 'loadline_connection_wait_seconds')).toBe(3)
  })
})

test('each metric has a test here that makes it move', async () => {
  const text = await app.observation.metrics.text()
  const own = readFileSync(import.meta.filename, 'utf8')

  expect(metricNames(text).length).toBeGreaterThan(25)
  for (const name of metricNames(text)) expect(own).toContain(name.replace('loadline_', ''))
})

async function compute(): Promise<void> {
  await app.query(`${titles} # ${crypto.randomUUID()}`)
}

async function fill(): Promise<void> {
  const { cache } = await app.ask(`${titles} # ${crypto.randomUUID()}`)
  expect(cache).toMatchObject({ outcome: 'miss', reason: null })
}

async function hit(): Promise<void> {
  await vi.waitFor(async () => expect((await app.ask(titles)).cache.outcome).toBe('hit'), patience)
}

async function join(): Promise<void> {
  const again = `${titles} # ${crypto.randomUUID()}`
  await Promise.all(Array.from({ length: 10 }, () => app.query(again)))
}

async function write(): Promise<void> {
  const mutation =
    'mutation Rename { updateProfile(input: { headline: "Sails" }) { profile { headline } } }'
  const { errors } = await app.query(mutation, { as: teacher })
  expect(errors).toBeUndefined()
}

async function repeat(): Promise<void> {
  await app.query('query Repeats { __typename }', { operationName: 'Repeats' })
}

// What leads to these has tests of its own.

async function exceed(): Promise<void> {
  const excess = { statements: 5, budget: 2, field: 'courses' }
  app.observation.events.budgetExceeded(factsOf('query Titles { a }'), excess)
}

async function runSlowly(): Promise<void> {
  const statement = createStatement('SELECT 1')
  const ended = { statement, values: [], startMs: 0, rows: 1, batch: 1, paths: [] }
  app.observation.events.statementEnded(null, { ...ended, ms: 6_000_000, isFailed: false })
}

async function compare(): Promise<void> {
  app.observation.events.answerCompared(null, { outcome: 'same', tags: [] })
}

function factsOf(query: string): RequestFacts {
  const arrived = { requestId: 'x', method: 'POST', path: '/graphql', startMs: 0 }
  const facts = createRequestFacts({ ...arrived, traceparent: null })
  facts.operation = nameOperation({ query, isTrusted: false }, null)
  return facts
}

async function readThrough(asked: TestApp): Promise<string> {
  const response = await asked.fetch('/metrics')
  expect(response.status).toBe(200)
  return response.text()
}
