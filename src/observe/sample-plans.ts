import type { Statement } from '../sql/database.ts'
import type { EndedStatement } from './events.ts'
import { type PlanNode, parsePlan } from './plan.ts'

export interface PlanSampler {
  /** Asks for the statement's plan in the background, if it is one of the few. */
  offer(ended: EndedStatement): void
}

export interface PlanSamplerOptions {
  /** Runs `EXPLAIN (FORMAT JSON)`, which plans a statement and does not run it; null where nobody can. */
  readonly explain: () => Explain | null
  readonly keep: (sql: string, plan: PlanNode) => void
  readonly nowMs?: () => number
}

export type Explain = (statement: Statement, values: readonly unknown[]) => Promise<unknown>

/** One at a time, with pauses between, and each shape once an hour. */
const pauseMs = 2_000
const againMs = 3_600_000
const mostRemembered = 1_000

export function createPlanSampler(options: PlanSamplerOptions): PlanSampler {
  const { explain, keep, nowMs = () => performance.now() } = options
  const explainedAtMs = new Map<string, number>()
  let freeAtMs = 0

  return {
    offer({ statement, values, isFailed }) {
      const run = explain()
      const now = nowMs()
      if (!run || isFailed || now < freeAtMs || !isRead(statement.text)) return
      if (now < (explainedAtMs.get(statement.text) ?? Number.NEGATIVE_INFINITY) + againMs) return
      freeAtMs = Number.POSITIVE_INFINITY
      if (explainedAtMs.size >= mostRemembered) explainedAtMs.clear()
      explainedAtMs.set(statement.text, now)
      run(statement, values)
        .then((explained) => {
          const plan = parsePlan(explained)
          if (plan) keep(statement.text, plan)
        })
        // A statement that cannot be planned fails where it is run.
        .catch(() => {})
        .finally(() => {
          freeAtMs = nowMs() + pauseMs
        })
    },
  }
}

function isRead(sql: string): boolean {
  return /^\s*(SELECT|WITH)\b/i.test(sql) && !/\b(INSERT|UPDATE|DELETE|MERGE)\b/i.test(sql)
}
