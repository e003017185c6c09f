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

/**
 * Of those who miss the same answer at a time one computes it, and the others wait. To be put behind
 * `useResponseCache` and last of all, around what decides whether an operation may run: who waits
 * takes up no turn.
 */
export function useSingleFlight(): Plugin<Partial<SharedContext>> {
  /** What was joined, read once for all who did. */
  const read = new WeakMap<FinishedAnswer, Promise<ExecutionResult>>()

  return {
    onExecute({ args, executeFn, setExecuteFn }) {
      const { cache, guard = {} } = args.contextValue
      if (!cache) return
      setExecuteFn(async (given) => {
        const shared = await cache.share(async () => executeFn(given), guard)
        const { served } = shared
        if (!served) return shared.computed
        const reading = read.get(served.finished) ?? readResult(served.finished)
        read.set(served.finished, reading)
        const result = { ...(await reading) }
        cache.serve(result, served)
        return result
      })
    },
  }
}
