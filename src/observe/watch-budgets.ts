import type { Events, Listener } from './events.ts'
import type { Logger } from './logger.ts'
import type { RequestFacts } from './request-facts.ts'

export interface BudgetWatchOptions {
  /** Statements that each operation of the manifest runs at most, by its name. */
  readonly budgets: ReadonlyMap<string, number>
  readonly log: Logger
  /** Who counts what is over its budget. */
  readonly tell: Events['budgetExceeded']
  readonly nowMs?: () => number
}

/** The same is not logged again for so long. */
const quietMs = 10 * 60_000
const mostRemembered = 500

/**
 * Watches in production what tests hold to: that no statement repeats itself for a field, and that
 * operations run no more statements than were recorded for them. Each fault is logged with its field,
 * once in ten minutes.
 */
export function createBudgetWatch(options: BudgetWatchOptions): Listener {
  const { budgets, log, tell, nowMs = () => performance.now() } = options
  const loggedAtMs = new Map<string, number>()

  function isNews(fault: string): boolean {
    const now = nowMs()
    if (now < (loggedAtMs.get(fault) ?? Number.NEGATIVE_INFINITY) + quietMs) return false
    if (loggedAtMs.size >= mostRemembered) loggedAtMs.clear()
    loggedAtMs.set(fault, now)
    return true
  }

  return {
    shapeRepeated(facts, { sql, paths, runs }) {
      const operation = facts.operation?.name ?? null
      if (!isNews(`${operation} repeats ${paths.join()}`)) return
      const { requestId } = facts
      log.warn({ requestId, operation, paths, runs, sql }, 'a statement repeats itself (N+1)')
    },

    requestEnded(facts) {
      const budget = budgetOf(facts)
      const { tally, operation, requestId } = facts
      if (budget === undefined || !tally) return
      const ran = tally.statements.filter(({ batch }) => batch > 0)
      if (ran.length <= budget) return
      const excess = { statements: ran.length, budget, field: busiestField(ran) }
      tell(facts, excess)
      if (!isNews(`${operation?.name} exceeds`)) return
      log.warn(
        { requestId, operation: operation?.name, ...excess },
        'more statements than recorded',
      )
    },
  }

  function budgetOf({ operation, status }: RequestFacts): number | undefined {
    const isWatched = operation?.isTrusted && operation.kind === 'query' && status === 200
    return isWatched ? budgets.get(operation.name ?? '') : undefined
  }
}

function busiestField(statements: readonly { readonly paths: readonly string[] }[]): string {
  const counts = new Map<string, number>()
  for (const { paths } of statements) {
    for (const path of paths) counts.set(path, (counts.get(path) ?? 0) + 1)
  }
  const [[path = ''] = []] = [...counts].sort(([, a], [, b]) => b - a)
  return path
}
