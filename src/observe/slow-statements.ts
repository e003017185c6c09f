import type { EndedStatement, Listener } from './events.ts'
import type { Logger } from './logger.ts'
import type { PlanSampler } from './sample-plans.ts'

export interface SlowStatementOptions {
  readonly log: Logger
  /** From here on a statement is logged; from ten times that on as a warning. */
  readonly slowMs: number
  readonly plans: PlanSampler
  readonly nowMs?: () => number
}

export const verySlowFactor = 10
const mostPerSecond = 20

/** Logs statements that took long, with the field and the operation, and has some explained. */
export function createSlowStatements(options: SlowStatementOptions): Listener {
  const { log, slowMs, plans, nowMs = () => performance.now() } = options
  let second = 0
  let written = 0

  return {
    statementEnded(facts, ended) {
      if (ended.ms < slowMs) return
      plans.offer(ended)
      const now = Math.floor(nowMs() / 1_000)
      if (now !== second) written = 0
      second = now
      written += 1
      if (written > mostPerSecond) return
      const level = ended.ms >= slowMs * verySlowFactor ? 'warn' : 'info'
      log[level](
        {
          ...(facts ? { requestId: facts.requestId, operation: facts.operation?.name } : {}),
          ...lineOf(ended),
        },
        'slow statement',
      )
    },
  }
}

function lineOf({ statement, ms, rows, batch, paths, isFailed }: EndedStatement) {
  const rounded = Math.round(ms * 100) / 100
  return { sql: statement.text, ms: rounded, rows, batch, paths, ...(isFailed ? { isFailed } : {}) }
}
