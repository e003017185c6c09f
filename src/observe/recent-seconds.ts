import { createLogHistogram, type LogHistogram } from './log-histogram.ts'

/** What happened within a second. */
export interface Second {
  /** Whole seconds of `nowMs`. */
  at: number
  requests: number
  /** Our fault (5xx). */
  failed: number
  statements: number
  rows: number
  readonly lookUps: Record<LookUpOutcome, number>
  readonly requestMs: LogHistogram
  readonly statementMs: LogHistogram
  readonly connectionWaitMs: LogHistogram
}

export type LookUpOutcome = 'hit' | 'joined' | 'miss' | 'bypass'

export interface RecentSeconds {
  /** The one that runs. */
  current(): Second
  /** Sums over so many seconds, the one that runs included. */
  sum(seconds: number): Second
  /** The last whole ones, oldest first; those in which nothing happened included. */
  last(seconds: number): readonly Second[]
}

/** How far back one can look. */
const longestSeconds = 300

export function createRecentSeconds(nowMs: () => number = () => performance.now()): RecentSeconds {
  const ring = Array.from({ length: longestSeconds }, () => createSecond())
  const slot = (at: number) => ring[at % longestSeconds] as Second // at is whole and not negative
  const now = () => Math.floor(nowMs() / 1_000)
  const found = (at: number): Second | null => (at >= 0 && slot(at).at === at ? slot(at) : null)

  return {
    current() {
      const at = now()
      const second = slot(at)
      if (second.at !== at) restart(second, at)
      return second
    },
    sum(seconds) {
      const sum = createSecond()
      const end = now()
      for (let at = end - seconds + 1; at <= end; at += 1) {
        const second = found(at)
        if (second) include(sum, second)
      }
      return sum
    },
    last(seconds) {
      const end = now()
      return Array.from({ length: seconds }, (_, index) => {
        const at = end - seconds + index
        return found(at) ?? { ...createSecond(), at }
      })
    },
  }
}

function createSecond(): Second {
  return {
    at: -1,
    requests: 0,
    failed: 0,
    statements: 0,
    rows: 0,
    lookUps: { hit: 0, joined: 0, miss: 0, bypass: 0 },
    requestMs: createLogHistogram(),
    statementMs: createLogHistogram(),
    connectionWaitMs: createLogHistogram(),
  }
}

function restart(second: Second, at: number): void {
  second.at = at
  second.requests = 0
  second.failed = 0
  second.statements = 0
  second.rows = 0
  second.lookUps.hit = 0
  second.lookUps.joined = 0
  second.lookUps.miss = 0
  second.lookUps.bypass = 0
  second.requestMs.clear()
  second.statementMs.clear()
  second.connectionWaitMs.clear()
}

function include(sum: Second, second: Second): void {
  sum.requests += second.requests
  sum.failed += second.failed
  sum.statements += second.statements
  sum.rows += second.rows
  sum.lookUps.hit += second.lookUps.hit
  sum.lookUps.joined += second.lookUps.joined
  sum.lookUps.miss += second.lookUps.miss
  sum.lookUps.bypass += second.lookUps.bypass
  sum.requestMs.include(second.requestMs)
  sum.statementMs.include(second.statementMs)
  sum.connectionWaitMs.include(second.connectionWaitMs)
}
