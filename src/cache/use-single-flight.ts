import type { ExecutionResult } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { type FinishedAnswer, readResult } from './finished-answer.ts'
import type { Patience, RequestCache } from './request-cache.ts'

/** What the plugin needs of a request's context. */
export interface SharedContext {
  readonly cache: Pick<RequestCache, 'share' | 'serve'> | null
  /** Who hangs up, or whose time is over, waits for nobody. */
  readonly guard?: Patience
}

/** Computes, or waits for another who does. */
export type SingleFlight = (
  context: SharedContext,
  compute: () => Promise<ExecutionResult>,
) => Promise<ExecutionResult>

export function createSingleFlight(): SingleFlight {
  /** What was joined, read once for all who did. */
  const read = new WeakMap<FinishedAnswer, Promise<ExecutionResult>>()

  return async ({ cache, guard = {} }, compute) => {
    if (!cache) return compute()
    const shared = await cache.share(compute, guard)
    const { served } = shared
    if (!served) return shared.computed
    const reading = read.get(served.finished) ?? readResult(served.finished)
    read.set(served.finished, reading)
    const result = { ...(await reading) }
    cache.serve(result, served)
    return result
  }
}

/**
 * Of those who miss the same answer at a time one computes it, and the others wait. To be put behind
 * `useResponseCache` and last of all, around what decides whether an operation may run: who waits
 * takes up no turn.
 */
export function useSingleFlight(
  fly: SingleFlight = createSingleFlight(),
): Plugin<Partial<SharedContext>> {
  return {
    onExecute({ args, executeFn, setExecuteFn }) {
      const { cache = null, guard = {} } = args.contextValue
      if (cache) setExecuteFn((given) => fly({ cache, guard }, async () => executeFn(given)))
    },
  }
}
