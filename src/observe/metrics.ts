import { Gauge, Registry } from 'prom-client'
import type { Listener } from './events.ts'
import { createCounter, createHistogram } from './instruments.ts'
import type { NamedOperation } from './name-operation.ts'
import { outcomeOf } from './outcome-of.ts'
import type { Readings } from './readings.ts'
import { verySlowFactor } from './slow-statements.ts'

export interface Metrics {
  readonly listener: Listener
  /** In Prometheus' text format. */
  text(): Promise<string>
  readonly contentType: string
  /** A listener failed to hear what it was told. */
  countFault(): void
}

export interface MetricsOptions {
  readonly labelOf: (operation: NamedOperation | null) => string
  readonly readings: () => Readings
  /** From here on a statement is slow. */
  readonly slowMs: number
}

const milliseconds = (...ms: readonly number[]) => ms.map((one) => one / 1_000)
const requestBuckets = milliseconds(1, 2.5, 5, 10, 25, 50, 100, 200, 500, 1_000, 2_500, 10_000)
const waitBuckets = milliseconds(0.1, 0.5, 1, 2.5, 5, 10, 25, 100, 500, 5_000)

/**
 * Every metric there is, with its name, and one function for each event that moves some. Labels have
 * few values each, whatever clients send.
 */
export function createMetrics({ labelOf, readings, slowMs }: MetricsOptions): Metrics {
  const registry = new Registry()
  const registers = [registry]
  const counter = (name: string, help: string, ...labels: readonly string[]) =>
    createCounter(registry, { name: `loadline_${name}`, help, labels })
  const histogram = (
    name: string,
    help: string,
    bounds: readonly number[],
    ...labels: readonly string[]
  ) => createHistogram(registry, { name: `loadline_${name}`, help, bounds, labels })
  const gauge = <Label extends string = never>(
    name: string,
    help: string,
    read: (set: Gauge<Label>) => void | Promise<void>,
    ...labels: Label[]
  ) =>
    new Gauge({
      name: `loadline_${name}`,
      help,
      labelNames: labels,
      registers,
      collect() {
        this.reset()
        return read(this)
      },
    })

  const requests = counter('http_requests_total', 'Requests answered.', 'route', 'status')
  const operations = counter(
    'operations_total',
    'GraphQL operations answered.',
    'operation',
    'kind',
    'outcome',
  )
  const durations = histogram(
    'operation_duration_seconds',
    'From the arrival of an operation until its answer was ready; "cached" is yes for hits.',
    requestBuckets,
    'operation',
    'cached',
  )
  const errors = counter('errors_total', 'Errors in answers, by their code.', 'code')
  const operationStatements = histogram(
    'operation_statements',
    'SQL statements of an operation that was computed.',
    [1, 2, 3, 5, 8, 13, 21, 50, 100],
  )
  const operationRows = histogram(
    'operation_rows',
    'Rows read for an operation that was computed.',
    [1, 10, 50, 100, 500, 1_000, 5_000, 20_000],
  )
  const statements = counter('statements_total', 'SQL statements that requests ran.', 'outcome')
  const statementDurations = histogram(
    'statement_duration_seconds',
    'From sending a statement to its last row, waiting for a connection included.',
    requestBuckets,
  )
  const slowStatements = counter(
    'slow_statements_total',
    'Statements that took so long that they were logged; "warn" ten times so long.',
    'level',
  )
  const rows = counter('rows_read_total', 'Rows that statements gave.')
  const connectionWaits = histogram(
    'connection_wait_seconds',
    'How long a statement waited for a connection of the pool.',
    waitBuckets,
  )
  const turnWaits = histogram(
    'turn_wait_seconds',
    'How long an operation waited for its turn to run.',
    waitBuckets,
  )
  const turnsRefused = counter('turns_refused_total', 'Operations that were not let run.')
  const lookUps = counter(
    'cache_lookups_total',
    'Look-ups in the cache; of those that missed some "joined" another that computed it.',
    'outcome',
    'scope',
  )
  const bypasses = counter('cache_bypasses_total', 'Why the cache was passed by.', 'reason')
  const lookUpDurations = histogram(
    'cache_lookup_duration_seconds',
    'How long a look-up in the cache took.',
    waitBuckets,
  )
  const fills = counter('cache_fills_total', 'Answers offered to the cache.', 'outcome')
  const filledBytes = counter('cache_filled_bytes_total', 'Bytes of answers that were stored.')
  const announcements = counter('cache_announcements_total', 'Writes made known.', 'outcome')
  const announcedTags = counter('cache_announced_tags_total', 'Tags of writes made known.')
  const announceDurations = histogram(
    'cache_announce_duration_seconds',
    'How long it took to make a write known.',
    waitBuckets,
  )
  const comparisons = counter(
    'cache_comparisons_total',
    'Served answers that were computed again: "stale" must stay 0.',
    'outcome',
  )
  const repeats = counter(
    'repeated_shapes_total',
    'A statement ran again and again for one field of an operation.',
    'operation',
  )
  const excesses = counter(
    'budget_excesses_total',
    'Operations that ran more statements than were recorded for them.',
    'operation',
  )
  const faults = counter('listener_faults_total', 'What was told and could not be counted.')
  let running = 0

  gauge('requests_in_flight', 'Requests that are being answered.', (set) => set.set(running))
  gauge('event_loop_delay_seconds', 'How late the event loop was lately.', (set) =>
    set.set(readings().loopDelayMs() / 1_000),
  )
  gauge(
    'memory_bytes',
    'Memory of the process.',
    (set) => {
      const { rss, heapUsed, external } = process.memoryUsage()
      set.set({ kind: 'resident' }, rss)
      set.set({ kind: 'heap' }, heapUsed)
      set.set({ kind: 'external' }, external)
    },
    'kind',
  )
  gauge('cpu_seconds', 'Processor time of the process so far.', (set) => {
    const { user, system } = process.cpuUsage()
    set.set((user + system) / 1e6)
  })
  gauge(
    'connections',
    'Connections of the pool; "max" is how many there may be.',
    (set) => {
      const found = readings().connections()
      if (!found) return
      set.set({ state: 'max' }, found.max)
      set.set({ state: 'in_use' }, found.inUse)
      set.set({ state: 'idle' }, found.open - found.inUse)
    },
    'state',
  )
  gauge('connections_waiting', 'Statements that wait for a connection.', (set) =>
    set.set(readings().connections()?.waiting ?? 0),
  )
  gauge(
    'cache_size',
    'What the cache holds, where it can be asked: entries, their bytes, tags.',
    async (set) => {
      const found = await readings().store()
      for (const of of ['entries', 'bytes', 'tags'] as const) {
        const value = found?.[of] ?? null
        if (value !== null) set.set({ of }, value)
      }
    },
    'of',
  )
  gauge('cache_breaker_open', '1 while the store is not asked, as it failed.', async (set) =>
    set.set((await readings().store())?.breaker === 'open' ? 1 : 0),
  )

  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    countFault: () => faults.add(1),
    listener: {
      requestBegan() {
        running += 1
      },
      requestEnded(facts) {
        running -= 1
        const { route, status, operation, tally, cache } = facts
        requests.add(1, route, String(status))
        for (const code of facts.codes) errors.add(1, code)
        if (route !== 'graphql') return
        const label = labelOf(operation)
        const isHit = cache?.outcome === 'hit' || cache?.outcome === 'joined'
        const kind = operation?.kind ?? 'none'
        operations.add(1, label, kind, outcomeOf(facts))
        durations.observe(facts.ms / 1_000, label, isHit ? 'yes' : 'no')
        if (!tally || isHit || status !== 200) return
        operationStatements.observe(tally.statements.length)
        operationRows.observe(tally.rowsRead)
      },
      statementEnded(_, { ms, rows: read, isFailed }) {
        statements.add(1, isFailed ? 'failed' : 'ok')
        statementDurations.observe(ms / 1_000)
        rows.add(read)
        if (ms >= slowMs) slowStatements.add(1, ms >= slowMs * verySlowFactor ? 'warn' : 'info')
      },
      connectionTaken: (waitedMs) => connectionWaits.observe(waitedMs / 1_000),
      turnEnded(_, { ms, isRefused }) {
        if (isRefused) turnsRefused.add(1)
        else turnWaits.observe(ms / 1_000)
      },
      lookUpEnded(_, { outcome, scope, reason, ms }) {
        lookUps.add(1, outcome, scope ?? 'none')
        lookUpDurations.observe(ms / 1_000)
        if (outcome === 'bypass') bypasses.add(1, reason ?? 'unknown')
      },
      fillEnded({ outcome, bytes }) {
        fills.add(1, outcome)
        if (outcome === 'accepted') filledBytes.add(bytes)
      },
      announceEnded({ tags, ms, isFailed }) {
        announcements.add(1, isFailed ? 'failed' : 'ok')
        announceDurations.observe(ms / 1_000)
        if (!isFailed) announcedTags.add(tags.length)
      },
      answerCompared: (_, { outcome }) => comparisons.add(1, outcome),
      shapeRepeated: ({ operation }) => repeats.add(1, labelOf(operation)),
      budgetExceeded: ({ operation }) => excesses.add(1, labelOf(operation)),
    },
  }
}
