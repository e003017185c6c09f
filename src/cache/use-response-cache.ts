import type { ExecutionResult, GraphQLSchema } from 'graphql'
import type { GraphQLParams, Plugin } from 'graphql-yoga'
import type { ReadSet } from '../tags/read-set.ts'
import type { Question } from './answer-keys.ts'
import { createAnswerTerms } from './answer-terms.ts'
import { readResult } from './finished-answer.ts'
import type { Computed, RequestCache } from './request-cache.ts'

/** Names and meanings are those of `@envelop/response-cache`, where there is the same thing. */
export interface ResponseCacheOptions<Context = never> {
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
  /**
   * Milliseconds that an answer with a field, as `Type.field`, is kept at most; 0: not at all.
   * `@cacheControl(maxAge: seconds, scope: PRIVATE)` on a field or its type says the same in SDL.
   */
  readonly ttlPerSchemaCoordinate?: Readonly<Record<string, number | undefined>>
  /**
   * Keeps answers apart, beside what they depend on of their viewer: by tenant or language, say.
   * @default null: nothing of the kind
   */
  readonly session?: (context: Context) => string | null | undefined
  /** Names a question; equal names, and sessions, share answers. @default document, operation, variables */
  readonly buildResponseCacheKey?: (params: BuildKeyParams<Context>) => Promise<string>
  /** Adds `extensions.responseCache` to every answer. @default false */
  readonly includeExtensionMetadata?: boolean
}

interface BuildKeyParams<Context> {
  readonly documentString: string
  readonly variableValues: Readonly<Record<string, unknown>> | undefined
  readonly operationName: string | undefined
  readonly sessionId: string | null | undefined
  readonly extensions: Readonly<Record<string, unknown>> | undefined
  readonly context: Context
}

/** Whether stored bytes are what is to be sent, under keys that follow from the request alone. */
export function servesBytes(options: ResponseCacheOptions = {}): boolean {
  const { enabled, session, buildResponseCacheKey, includeExtensionMetadata } = options
  return !enabled && !session && !buildResponseCacheKey && !includeExtensionMetadata
}

/** What documents of a schema say of how their answers may be kept. */
export function createTerms(schema: GraphQLSchema, options: ResponseCacheOptions = {}) {
  return createAnswerTerms(schema, {
    ttlPerSchemaCoordinate: options.ttlPerSchemaCoordinate ?? {},
  })
}

/** Computes an answer that was looked for in vain, and offers it to the store. */
export function createAnswerKeeper(options: ResponseCacheOptions = {}) {
  const { ttl = Number.POSITIVE_INFINITY, jitter = 0.1, shouldCacheResult } = options
  return async <Result extends ExecutionResult | AsyncIterable<unknown>>(
    { cache, viewer, readSet }: CachedContext & { readonly cache: RequestCache },
    compute: () => Promise<Result>,
  ): Promise<{ readonly result: Result; readonly ttlMs: number | null }> => {
    let ttlMs: number | null = null
    try {
      const result = await compute()
      if (Symbol.asyncIterator in result) cache.forgo('it comes in parts')
      else if (result.errors || !result.data) cache.forgo('it has errors')
      else if (shouldCacheResult?.({ result }) === false) cache.forgo('shouldCacheResult')
      else ttlMs = cache.keep({ result, mostMs: ttl, jitter, asked: viewer.asked, readSet })
      return { result, ttlMs }
    } finally {
      cache.end()
    }
  }
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
  const { enabled, session, buildResponseCacheKey } = options
  const keep = createAnswerKeeper(options)
  const told = (result: ExecutionResult, facts: object) =>
    options.includeExtensionMetadata
      ? { ...result, extensions: { ...result.extensions, responseCache: facts } }
      : result
  let termsOf: ReturnType<typeof createAnswerTerms> | undefined

  return {
    onSchemaChange({ schema }) {
      termsOf = createTerms(schema, options)
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
        const found = await cache.lookUp(await questionOf(params, payload.context as never))
        if (found) {
          const result: ExecutionResult = await readResult(found.finished)
          cache.serve(result, found)
          return told(result, { hit: true })
        }
        const computed = await keep({ cache, viewer, readSet }, async () => paramsHandler(payload))
        const { result, ttlMs } = computed
        if (Symbol.asyncIterator in result) return result
        const didCache = ttlMs !== null
        return told(result, { hit: false, didCache, ...(didCache && { ttl: ttlMs }) })
      })
    },
  }

  /** The context is what the application says that it is. */
  async function questionOf(params: GraphQLParams, context: never): Promise<Question> {
    if (!session && !buildResponseCacheKey) return params
    const sessionId = session?.(context)
    if (!buildResponseCacheKey) return { ...params, session: sessionId }
    const { query = '', variables, operationName, extensions } = params
    const key = await buildResponseCacheKey({
      ...{ documentString: query, variableValues: variables, operationName, extensions },
      ...{ sessionId, context },
    })
    return { ...params, session: sessionId, key }
  }
}
