import type { ExecutionResult } from 'graphql'
import type { TalliedStatement, Tally } from '../sql/tally.ts'
import type { CacheExplanation } from './cache-explanation.ts'

/** What `extensions.loadline` tells of a request that asked with `Loadline-Explain: 1`. */
export interface Explanation {
  readonly statements: readonly TalliedStatement[]
  readonly rowsRead: number
  readonly sqlMs: number
  /** Whether the operation ran as a compiled function. */
  readonly compiled: boolean
  readonly cache: CacheExplanation
}

/** The result with its explanation: made for sending, the result itself stays as it is. */
export function explain<Result extends ExecutionResult>(
  result: Result,
  { tally, cache }: { readonly tally: Tally; readonly cache: CacheExplanation },
): Result {
  const loadline: Explanation = {
    statements: tally.statements,
    rowsRead: tally.rowsRead,
    sqlMs: tally.sqlMs,
    compiled: tally.isCompiled,
    cache,
  }
  return { ...result, extensions: { ...result.extensions, loadline } }
}
