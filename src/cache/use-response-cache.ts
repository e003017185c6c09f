import type { ExecutionResult } from 'graphql'
import type { GraphQLParams, Plugin } from 'graphql-yoga'
import type { ReadSet } from '../tags/read-set.ts'
import { type AnswerTerms, createAnswerTerms } from './answer-terms.ts'
import type { Computed, RequestCache } from './request-cache.ts'
import type { ScopedKeys } from './store.ts'
import { textOf } from './text-of.ts'

/** Names and meanings are those of `@envelop/response-cache`, where there is the same thing. */
export interface ResponseCacheOptions {
  /**
   * Milliseconds that any answer is kept at most, whatever its types say.
   * @default Infinity
   */
  readonly ttl?: number
  /** Whether the cache has a part in a request at all. @default always */
  readonly enabled?: (params: GraphQLParams) => boolean
  /** Asked of a result that could be stored otherwise. @default always */
  readonly shouldCacheResult?: (params: { readonly result: ExecutionResult }) => boolean
}

/** What the plugin needs of a request's context; without it the request is answered as if not there. */
export interface CachedContext {
  /** Null: no answers are kept. */
  readonly cache: RequestCache | null
  readonly viewer: { readonly asked: Computed['asked'] }
  readonly readSet: ReadSet
}

/**
 * Answers queries from the store, and stores what was computed.
 *
 * It stands around parsing, validation and execution, behind every plugin's `onParams`: so what
 * replaces or refuses parameters comes before the look-up, and what acts later does not run for a
 * hit. Stored is the `data` of a query that passed all of that without an error, and nothing else.
 */
export function useResponseCache(
  options: ResponseCacheOptions = {},
): Plugin<Partial<CachedContext>> {
  const { ttl = Number.POSITIVE_INFINITY, enabled, shouldCacheResult } = options
  const executed = new WeakMap<RequestCache, AnswerTerms>()
  let termsOf: ReturnType<typeof createAnswerTerms> | undefined

  return {
    onSchemaChange({ schema }) {
      termsOf = createAnswerTerms(schema)
    },

    onExecute({ args }) {
      const { cache } = args.contextValue
      if (cache && termsOf) executed.set(cache, termsOf(args.document, args.operationName))
    },

    onParams({ paramsHandler, setParamsHandler }) {
      setParamsHandler(async (payload) => {
        // What onExecute is given too; only Yoga's types know two.
        const { cache, viewer, readSet } = payload.context as Partial<CachedContext>
        if (!cache || !viewer || !readSet) return paramsHandler(payload)
        const keys = findKeys(cache, payload.params)
        if (!keys) return paramsHandler(payload)
        const found = await cache.lookUp(keys)
        if (found) return { data: JSON.parse(textOf(found.bytes)) }

        const result = await paramsHandler(payload)
        const terms = executed.get(cache)
        const { asked } = viewer
        if (terms && terms.kind !== 'query') cache.pass(terms.kind)
        else if (Symbol.asyncIterator in result) cache.forgo('it comes in parts')
        else if (!terms || result.errors || !result.data) cache.forgo('it has errors')
        else if (shouldCacheResult?.({ result }) === false) cache.forgo('shouldCacheResult')
        else cache.keep({ keys, data: result.data, terms, mostMs: ttl, asked, readSet })
        return result
      })
    },
  }

  function findKeys(cache: RequestCache, params: GraphQLParams): ScopedKeys | null {
    if (enabled?.(params) === false) {
      cache.pass('not enabled for it')
      return null
    }
    const keys = cache.keysOf(params)
    if (!keys) cache.pass('its variables are not JSON')
    return keys
  }
}
