import type { ExecutionResult } from 'graphql'
import type { GraphQLParams, Plugin } from 'graphql-yoga'
import type { ReadSet } from '../tags/read-set.ts'
import { createAnswerTerms } from './answer-terms.ts'
import { readData } from './finished-answer.ts'
import type { Computed, RequestCache } from './request-cache.ts'

/** Names and meanings are those of `@envelop/response-cache`, where there is the same thing. */
export interface ResponseCacheOptions {
  /**
   * Milliseconds that any answer is kept at most, whatever its types say.
   * @default Infinity
   */
  readonly ttl?: number
  /**
   * Part of a lifetime by which it is shortened at most, by chance, so that what was stored together
   * does not expire together.
   * @default 0.1
   */
  readonly jitter?: number
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
  const { ttl = Number.POSITIVE_INFINITY, jitter = 0.1, enabled, shouldCacheResult } = options
  let termsOf: ReturnType<typeof createAnswerTerms> | undefined

  return {
    onSchemaChange({ schema }) {
      termsOf = createAnswerTerms(schema)
    },

    onExecute({ args }) {
      if (termsOf) args.contextValue.cache?.plan(termsOf(args.document, args.operationName))
    },

    onParams({ paramsHandler, setParamsHandler }) {
      setParamsHandler(async (payload) => {
        const { params } = payload
        // What onExecute is given too; only Yoga's types know two.
        const { cache, viewer, readSet } = payload.context as Partial<CachedContext>
        if (!cache || !viewer || !readSet) return paramsHandler(payload)
        if (enabled?.(params) === false) {
          cache.pass('not enabled for it')
          return paramsHandler(payload)
        }
        const found = await cache.lookUp(params)
        if (found) {
          const result = { data: await readData(found.finished) }
          cache.serve(result, found)
          return result
        }
        try {
          const result = await paramsHandler(payload)
          if (Symbol.asyncIterator in result) cache.forgo('it comes in parts')
          else if (result.errors || !result.data) cache.forgo('it has errors')
          else if (shouldCacheResult?.({ result }) === false) cache.forgo('shouldCacheResult')
          else cache.keep({ result, mostMs: ttl, jitter, asked: viewer.asked, readSet })
          return result
        } finally {
          cache.end()
        }
      })
    },
  }
}
