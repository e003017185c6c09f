import type { Comparison, Listener } from './events.ts'
import type { LogHistogram } from './log-histogram.ts'
import { outcomeOf } from './outcome-of.ts'
import type { ConnectionReading, Readings, StoreReading } from './readings.ts'
import { createRecentSeconds, type RecentSeconds, type Second } from './recent-seconds.ts'

/** What `/metrics.json` says. Rates, shares and quantiles are of the last minute, counts since the start. */
export interface Figures {
  readonly uptimeSeconds: number
  readonly cache: {
    /** Answers served of those looked for; null when nothing was looked for. */
    readonly hitRate: number | null
    /** Hits since the start, by whom the answer was for. */
    readonly hitsByScope: Readonly<Record<string, number>>
    readonly lookUps: Second['lookUps']
    /** Why the cache was passed by, since the start. */
    readonly bypasses: Readonly<Record<string, number>>
    readonly size: StoreReading | null
    readonly announcements: number
    readonly announcedTags: number
    readonly fills: number
    readonly refusedFills: Readonly<Record<string, number>>
    readonly breaker: 'closed' | 'open' | null
    readonly comparisons: Readonly<Record<Comparison['outcome'], number>>
  }
  readonly database: {
    readonly pool: ConnectionReading | null
    readonly statements: number
    readonly statementsPerSecond: number
    readonly rows: number
    readonly meanMs: number
    readonly p95Ms: number
    readonly connectionWaitP95Ms: number
  }
  readonly performance: {
    readonly requests: number
    readonly requestsPerSecond: number
    readonly meanMs: number
    readonly p50Ms: number
    readonly p95Ms: number
    readonly p99Ms: number
    /** Of our own making (5xx), as a share of all. */
    readonly errorRate: number
    readonly eventLoopDelayMs: number
    readonly memoryBytes: number
    readonly heapBytes: number
    readonly cpuSeconds: number
  }
}

export interface FigureKeeper {
  readonly listener: Listener
  readonly recent: RecentSeconds
  read(): Promise<Figures>
}

const windowSeconds = 60

/** @param readings what is looked at, when it is asked for */
export function createFigures(readings: () => Readings): FigureKeeper {
  const recent = createRecentSeconds()
  const hitsByScope: Record<string, number> = { public: 0, role: 0, own: 0 }
  const refusedFills: Record<string, number> = {}
  const bypasses: Record<string, number> = {}
  const comparisons = { same: 0, explained: 0, stale: 0, failed: 0 }
  const counts = { requests: 0, statements: 0, rows: 0, announcements: 0, tags: 0, fills: 0 }

  const listener: Listener = {
    requestEnded(facts) {
      if (facts.route !== 'graphql') return
      const second = recent.current()
      counts.requests += 1
      second.requests += 1
      second.requestMs.add(facts.ms)
      if (outcomeOf(facts) === 'failed') second.failed += 1
    },
    statementEnded(_, { ms, rows }) {
      const second = recent.current()
      counts.statements += 1
      counts.rows += rows
      second.statements += 1
      second.rows += rows
      second.statementMs.add(ms)
    },
    connectionTaken: (waitedMs) => recent.current().connectionWaitMs.add(waitedMs),
    lookUpEnded(_, { outcome, scope, reason }) {
      recent.current().lookUps[outcome] += 1
      if (reason !== null) bypasses[reason] = (bypasses[reason] ?? 0) + 1
      if (scope !== null) hitsByScope[scope] = (hitsByScope[scope] ?? 0) + 1
    },
    fillEnded({ outcome }) {
      if (outcome === 'accepted') counts.fills += 1
      else refusedFills[outcome] = (refusedFills[outcome] ?? 0) + 1
    },
    announceEnded({ tags, isFailed }) {
      if (isFailed) return
      counts.announcements += 1
      counts.tags += tags.length
    },
    answerCompared(_, { outcome }) {
      comparisons[outcome] += 1
    },
  }

  return {
    listener,
    recent,
    async read() {
      const minute = recent.sum(windowSeconds)
      const seconds = Math.max(1, Math.min(windowSeconds, process.uptime()))
      const { loopDelayMs, connections, store } = readings()
      const size = await store()
      const { rss, heapUsed } = process.memoryUsage()
      const { user, system } = process.cpuUsage()
      return {
        uptimeSeconds: Math.round(process.uptime()),
        cache: {
          hitRate: hitRateOf(minute),
          hitsByScope,
          lookUps: minute.lookUps,
          bypasses,
          size,
          announcements: counts.announcements,
          announcedTags: counts.tags,
          fills: counts.fills,
          refusedFills,
          breaker: size?.breaker ?? null,
          comparisons,
        },
        database: {
          pool: connections(),
          statements: counts.statements,
          statementsPerSecond: round(minute.statements / seconds),
          rows: counts.rows,
          meanMs: meanOf(minute.statementMs),
          p95Ms: round(minute.statementMs.quantile(0.95)),
          connectionWaitP95Ms: round(minute.connectionWaitMs.quantile(0.95)),
        },
        performance: {
          requests: counts.requests,
          requestsPerSecond: round(minute.requests / seconds),
          meanMs: meanOf(minute.requestMs),
          p50Ms: round(minute.requestMs.quantile(0.5)),
          p95Ms: round(minute.requestMs.quantile(0.95)),
          p99Ms: round(minute.requestMs.quantile(0.99)),
          errorRate: minute.requests === 0 ? 0 : minute.failed / minute.requests,
          eventLoopDelayMs: round(loopDelayMs()),
          memoryBytes: rss,
          heapBytes: heapUsed,
          cpuSeconds: round((user + system) / 1e6),
        },
      }
    },
  }
}

/** Of those look-ups that could have been a hit; who joined another's computation had missed before. */
function hitRateOf({ lookUps }: Pick<Second, 'lookUps'>): number | null {
  const { hit, joined, miss } = lookUps
  const all = hit + miss
  return all === 0 ? null : (hit + joined) / all
}

function meanOf({ count, sumMs }: LogHistogram): number {
  return count === 0 ? 0 : round(sumMs / count)
}

function round(value: number): number {
  return Math.round(value * 1_000) / 1_000
}
