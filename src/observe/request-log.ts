import { hash } from 'node:crypto'
import type { Listener } from './events.ts'
import type { Logger } from './logger.ts'
import { outcomeOf } from './outcome-of.ts'
import type { RequestFacts } from './request-facts.ts'

export interface RequestLogOptions {
  readonly log: Logger
  /** From here on a request is slow: its line lists its statements. */
  readonly slowMs: number
  /**
   * Lines a second beyond which requests go unlogged, but for slow and failed ones, of which there
   * are four times as many at most. The next line says how many were skipped.
   */
  readonly mostPerSecond: number
  readonly nowMs?: () => number
}

/** Statements that the line of a slow request lists, the longest first. */
const mostStatements = 10
const mostForTrouble = 4

/** One line for each request. No variables, no values, no tokens, and viewers as digests. */
export function createRequestLog(options: RequestLogOptions): Listener {
  const { log, slowMs, mostPerSecond, nowMs = () => performance.now() } = options
  let second = 0
  let written = 0
  let skipped = 0

  return {
    requestEnded(facts) {
      if (!log.isLevelEnabled('info')) return
      const now = Math.floor(nowMs() / 1_000)
      if (now !== second) {
        second = now
        written = 0
      }
      const isSlow = facts.ms >= slowMs
      const isTrouble = isSlow || outcomeOf(facts) === 'failed'
      if (written >= mostPerSecond * (isTrouble ? mostForTrouble : 1)) {
        skipped += 1
        return
      }
      written += 1
      log.info(
        {
          ...lineOf(facts),
          ...(isSlow ? { isSlow, ran: longestStatements(facts) } : {}),
          ...(skipped > 0 ? { skipped } : {}),
        },
        'request',
      )
      skipped = 0
    },
  }
}

function lineOf(facts: RequestFacts) {
  const { requestId, trace, method, path, status, ms, operation, tally, viewerId, cache } = facts
  return {
    requestId,
    ...(trace ? { traceId: trace.traceId } : {}),
    method,
    path,
    status,
    ms: round(ms),
    ...(operation ? { operation: operation.name, kind: operation.kind } : {}),
    ...(cache ? { cache: cache.outcome } : {}),
    ...(tally ? { statements: tally.statements.length, rows: tally.rowsRead } : {}),
    ...(viewerId === null ? {} : { viewer: digestViewer(viewerId) }),
    ...(facts.codes.length > 0 ? { codes: [...new Set(facts.codes)] } : {}),
  }
}

/** The same for all lines of a viewer; an id cannot be found from it without knowing the id. */
function digestViewer(viewerId: string): string {
  return hash('sha256', `viewer ${viewerId}`, 'base64url').slice(0, 16)
}

function longestStatements({ tally }: RequestFacts) {
  const statements = [...(tally?.statements ?? [])].sort((a, b) => b.ms - a.ms)
  return statements
    .slice(0, mostStatements)
    .map(({ sql, ms, rows, paths }) => ({ sql, ms: round(ms), rows, paths }))
}

function round(ms: number): number {
  return Math.round(ms * 100) / 100
}
