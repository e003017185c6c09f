import { type ExecutionResult, GraphQLError, type GraphQLSchema } from 'graphql'
import { createYoga, type GraphQLParams, type Plugin } from 'graphql-yoga'
import type { Question } from '../cache/answer-keys.ts'
import type { RequestCache, ServedAnswer } from '../cache/request-cache.ts'
import type { CheckHit } from '../cache/sample-hits.ts'
import type { CachedContext } from '../cache/use-response-cache.ts'
import { AppError } from '../errors.ts'
import type { Authenticate } from '../guard/authenticate.ts'
import type { GuardedRequest, RequestGuard } from '../guard/guard-requests.ts'
import { createRefusalHold } from '../guard/hold-refusals.ts'
import type { Limits } from '../guard/limits.ts'
import type { TrustedDocuments } from '../guard/trusted-documents.ts'
import { explainOutcome } from '../observe/cache-explanation.ts'
import type { Events } from '../observe/events.ts'
import { explain } from '../observe/explain.ts'
import type { Logger } from '../observe/logger.ts'
import type { RequestFacts } from '../observe/request-facts.ts'
import { toAbortSignal } from '../sql/cancellation.ts'
import type { Tally } from '../sql/tally.ts'
import { clientAddress } from './client-address.ts'
import type { Answer, Exchange } from './exchange.ts'
import { type ReplyOptions, replyFinished, type SharedLifetime } from './finished-reply.ts'
import { hideSuggestions } from './hide-suggestions.ts'
import type { KnownOperations, KnownQuery } from './known-operations.ts'
import { maskErrors } from './mask-errors.ts'
import { chooseMediaType, type MediaType } from './media-type.ts'
import { noteErrors } from './note-errors.ts'
import { createParserCaches } from './parser-cache.ts'
import { createRateTeller } from './rate-headers.ts'
import { createRequestReader } from './read-request.ts'
import { requirePreflight } from './require-preflight.ts'
import { type GraphQLResult, resultAnswer } from './result-answer.ts'
import { useRequestRules } from './use-request-rules.ts'

/** What this stage needs of a request's context; the resolvers need more. */
export interface RequestContext extends CachedContext {
  readonly log: Logger
  readonly tally: Tally
  /** Null: no answer is kept. */
  readonly cache: RequestCache | null
}

/** A request whose sender has said who they are. */
export interface OpenRequest<Context extends RequestContext> {
  /**
   * The answer as it is to be sent, if it is known before anything is parsed. Null as a function:
   * something acts on answers that only the longer way knows of.
   */
  readonly recall: ((question: Question) => Promise<ServedAnswer | null>) | null
  /** @throws AppError `UNAUTHENTICATED` when the user is gone */
  enter(): Promise<EnteredRequest<Context>>
  /** The same as the context's. */
  readonly cache: RequestCache | null
  readonly tally: Tally
}

/** A request whose sender is known. */
export interface EnteredRequest<Context extends RequestContext> {
  readonly context: Context
  /** May the sender see what the request cost? */
  readonly mayExplain: boolean
  /** May the sender run documents that nobody knows? */
  readonly isAdmin: boolean
}

export interface GraphQLStageOptions<Context extends RequestContext> {
  readonly schema: GraphQLSchema
  readonly authenticate: Authenticate
  /** Opens a request by the user with this id, or by nobody. */
  readonly openRequest: (
    exchange: Exchange,
    userId: string | null,
    guard: GuardedRequest,
    facts: RequestFacts,
  ) => OpenRequest<Context>
  readonly guard: RequestGuard
  readonly documents: TrustedDocuments
  readonly events: Events
  /** Told of answers from the cache, some of which it computes again. @default nobody */
  readonly checkHit?: CheckHit | null
  /** Proxies in front, whose word about the client's address is taken. */
  readonly trustedProxies: number
  /** Let clients read the schema, and suggest names that it has. */
  readonly introspection: boolean
  readonly limits: Limits
  readonly shared: SharedLifetime
  /** Asked before Yoga is; not together with plugins that it does not know of. @default none */
  readonly known?: KnownOperations | null
  /** Run after the rules for requests. Of Yoga's hooks, those on HTTP requests and responses do not. */
  readonly plugins?: readonly Plugin[]
}

/**
 * Answers GraphQL requests: who asks is settled first and what can refuse is asked, then an answer is
 * looked for, then Yoga parses, validates and executes, then errors are masked. Reading and writing
 * HTTP stays with us, as Yoga's own way through `Request` and `Response` costs a small query a third
 * of its time.
 *
 * @throws AppError for a request that fails before there is an operation to run
 */
export function createGraphQLStage<Context extends RequestContext>(
  options: GraphQLStageOptions<Context>,
): (exchange: Exchange, facts: RequestFacts) => Promise<Answer> {
  const { authenticate, openRequest, introspection, limits, guard, documents } = options
  const { trustedProxies, shared, events } = options
  const yoga = createYoga<Context>({
    schema: options.schema,
    plugins: [useRequestRules({ introspection, limits }), ...(options.plugins ?? [])],
    // Errors are masked once, below, where the request is known.
    maskedErrors: false,
    logging: false,
    graphiql: false,
    landingPage: false,
    cors: false,
    multipart: false,
    maxRequestBodySize: false,
    parserAndValidationCache: createParserCaches(),
  })

  const holdRefusal = createRefusalHold()
  const tellRate = createRateTeller(guard.rate)
  const read = createRequestReader({ limits, documents })

  return async (exchange, facts) => {
    const mediaType = chooseMediaType(exchange.header('accept'))
    requirePreflight(exchange)
    const startMs = performance.now()
    const userId = await identify(exchange)
    facts.viewerId = userId
    const viewer = userId ?? addressOf(exchange)
    using guarded = await guard.open(viewer, exchange.signal)
    events.guardPassed(facts, { startMs, ms: performance.now() - startMs })
    try {
      const answer = await answerWithin(guarded, { exchange, mediaType, userId, facts })
      return isForAll(answer) ? answer : tellRate(answer, guarded.allowance)
    } finally {
      if (guarded.isTooMuch) await holdRefusal(viewer, exchange.signal)
    }
  }

  /** Whoever comes with bad tokens is counted by the address that they come from. */
  async function identify(exchange: Exchange): Promise<string | null> {
    try {
      return await authenticate(exchange.header('authorization'))
    } catch (error) {
      using guarded = await guard.open(addressOf(exchange), exchange.signal)
      throw guarded.refusal ?? error
    }
  }

  function addressOf({ address, header }: Exchange): string {
    return clientAddress(address, header('x-forwarded-for'), trustedProxies)
  }

  async function answerWithin(
    guarded: GuardedRequest,
    { exchange, mediaType, userId, facts }: Sender,
  ): Promise<Answer> {
    if (guarded.refusal) {
      noteErrors([guarded.refusal], facts)
      return resultAnswer({ errors: [guarded.refusal] }, mediaType)
    }
    const { document, operation, question, refusal, params: takeParams } = await read(exchange)
    facts.operation = operation
    if (refusal) {
      noteErrors([refusal], facts)
      return resultAnswer({ errors: [refusal] }, mediaType)
    }
    const opened = openRequest(exchange, userId, guarded, facts)
    const wantsExplanation = exchange.header('loadline-explain') === '1'
    const reply: ReplyOptions = { exchange, mediaType, shared }
    const isOrdinary = !wantsExplanation && !documents.needsAdmin(document)
    if (opened.recall && isOrdinary) {
      const found = await opened.recall(question)
      if (found) {
        options.checkHit?.(facts, question)
        return replyFinished(found, reply)
      }
    }
    guarded.expectTurn()
    const params = takeParams()
    const known = isOrdinary ? options.known?.find(params) : null
    const answer = known
      ? await answerKnown(known, { opened, guarded, facts, reply })
      : await answerAnew()
    if (facts.cache?.outcome === 'hit') options.checkHit?.(facts, question)
    return answer

    async function answerAnew(): Promise<Answer> {
      const { context, mayExplain, isAdmin } = await opened.enter()
      documents.check(document, isAdmin)
      const result = mask(await run({ params, exchange, guarded, context }), exchange, context)
      if (result.errors) noteErrors(result.errors, facts)
      if (wantsExplanation && mayExplain) {
        return answerComputed(await explained(result, context), mediaType)
      }
      return answerResult(result, context, reply)
    }
  }

  async function answerKnown(
    known: KnownQuery,
    { opened, guarded, facts, reply }: Opened<Context>,
  ): Promise<Answer> {
    const { exchange, mediaType } = reply
    const { cache, tally } = opened
    const { signal } = guarded.deadline
    const hold = () => guarded.deadline.hold()
    const guard = { admit: (rows: number) => guarded.admit(rows), signal }
    try {
      return await known.answer<Context, Answer>({
        cache,
        guarded: { guard, tally, facts },
        patience: { signal, hold },
        enter: async () => (await opened.enter()).context,
        async finish(result, context) {
          const masked = mask(result, exchange, context)
          if (masked.errors) noteErrors(masked.errors, facts)
          return answerResult(masked, context, reply)
        },
        serve: (served) => replyFinished(served, reply),
      })
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      noteErrors([error], facts)
      return answerComputed({ errors: [error] }, mediaType)
    }
  }

  async function answerResult(
    result: GraphQLResult,
    { cache }: Context,
    reply: ReplyOptions,
  ): Promise<Answer> {
    const finished = await cache?.finishedOf(result)
    return finished ? replyFinished(finished, reply) : answerComputed(result, reply.mediaType)
  }

  async function run({
    params,
    exchange,
    guarded,
    context,
  }: Asked<Context>): Promise<ExecutionResult> {
    try {
      const { method, url } = exchange
      const signal = toAbortSignal(guarded.deadline.signal)
      const headers = exchange.headers()
      const request = new yoga.fetchAPI.Request(url.href, { method, headers, signal })
      const result = await yoga.getResultForParams({ params, request }, context)
      if (result && !(Symbol.asyncIterator in result)) return result
      throw new AppError('BAD_REQUEST', 'This endpoint does not stream')
    } catch (error) {
      // A rule or a plugin stopped the operation before Yoga could make a result of it.
      return { errors: [error instanceof GraphQLError ? error : wrap(error)] }
    }
  }

  function mask(result: GraphQLResult, exchange: Exchange, context: Context): GraphQLResult {
    if (result.data !== undefined && !result.errors) return result
    // Yoga drops the error of an operation that was aborted.
    const errors = result.errors?.length ? result.errors : [wrap(new Error('Aborted'))]
    const masked = maskErrors(errors, {
      requestId: exchange.requestId,
      log: context.log,
      isWatched: !exchange.signal.aborted,
    })
    return { ...result, errors: introspection ? masked : masked.map(hideSuggestions) }
  }
}

/** An operation that is to be answered. */
interface Asked<Context> {
  readonly params: GraphQLParams
  readonly exchange: Exchange
  readonly guarded: GuardedRequest
  readonly context: Context
}

/** One whose answer is not known. */
interface Opened<Context extends RequestContext> {
  readonly opened: OpenRequest<Context>
  readonly guarded: GuardedRequest
  readonly facts: RequestFacts
  readonly reply: ReplyOptions
}

/** What a cache keeps for everybody says nothing of who asked first. */
function isForAll({ headers }: Answer): boolean {
  return headers['cache-control']?.startsWith('public') === true
}

/** What the cache has no part in is kept nowhere. */
function answerComputed(result: GraphQLResult, mediaType: MediaType): Answer {
  const answer = resultAnswer(result, mediaType)
  return { ...answer, headers: { 'cache-control': 'no-store', ...answer.headers } }
}

/** Who asks, and what they understand. */
interface Sender {
  readonly exchange: Exchange
  readonly mediaType: MediaType
  readonly userId: string | null
  readonly facts: RequestFacts
}

async function explained(result: GraphQLResult, { tally, cache }: RequestContext) {
  const outcome = (await cache?.explain()) ?? explainOutcome('bypass', { reason: 'there is none' })
  return explain(result, { tally, cache: outcome })
}

function wrap(error: unknown): GraphQLError {
  const originalError = error instanceof Error ? error : new Error(String(error))
  return new GraphQLError(originalError.message, { originalError })
}
