import { type ExecutionResult, GraphQLError, type GraphQLSchema } from 'graphql'
import { createYoga, type Plugin } from 'graphql-yoga'
import type { Question } from '../cache/answer-keys.ts'
import type { RequestCache, ServedAnswer } from '../cache/request-cache.ts'
import type { CheckHit } from '../cache/sample-hits.ts'
import { AppError } from '../errors.ts'
import type { Authenticate } from '../guard/authenticate.ts'
import { checkParams } from '../guard/check-params.ts'
import type { GuardedRequest, RequestGuard } from '../guard/guard-requests.ts'
import { createRefusalHold } from '../guard/hold-refusals.ts'
import type { Limits } from '../guard/limits.ts'
import type { TrustedDocuments } from '../guard/trusted-documents.ts'
import { explainOutcome } from '../observe/cache-explanation.ts'
import type { Events } from '../observe/events.ts'
import { explain } from '../observe/explain.ts'
import type { Logger } from '../observe/logger.ts'
import { nameOperation } from '../observe/name-operation.ts'
import type { RequestFacts } from '../observe/request-facts.ts'
import type { Tally } from '../sql/tally.ts'
import { clientAddress } from './client-address.ts'
import type { Answer, Exchange } from './exchange.ts'
import { type ReplyOptions, replyFinished, type SharedLifetime } from './finished-reply.ts'
import { hideSuggestions } from './hide-suggestions.ts'
import { maskErrors } from './mask-errors.ts'
import { chooseMediaType, type MediaType } from './media-type.ts'
import { noteErrors } from './note-errors.ts'
import { createParserCaches } from './parser-cache.ts'
import { rateHeaders } from './rate-headers.ts'
import { readParams } from './read-params.ts'
import { requirePreflight } from './require-preflight.ts'
import { type GraphQLResult, resultAnswer } from './result-answer.ts'
import { useRequestRules } from './use-request-rules.ts'

/** What this stage needs of a request's context; the resolvers need more. */
export interface RequestContext {
  readonly log: Logger
  readonly tally: Tally
  /** Null: no answer is kept. */
  readonly cache: Pick<RequestCache, 'explain' | 'finishedOf'> | null
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

  return async (exchange, facts) => {
    const mediaType = chooseMediaType(exchange.header('accept'))
    requirePreflight(exchange)
    const startMs = performance.now()
    const userId = await identify(exchange)
    facts.viewerId = userId
    using guarded = await guard.open(userId ?? addressOf(exchange), exchange.signal)
    events.guardPassed(facts, { startMs, ms: performance.now() - startMs })
    const { refusal } = guarded
    if (refusal) {
      noteErrors([refusal], facts)
      await holdRefusal(exchange.signal)
    }
    const answer = refusal
      ? resultAnswer({ errors: [refusal] }, mediaType)
      : await answerWithin(guarded, { exchange, mediaType, userId, facts })
    return isForAll(answer)
      ? answer
      : { ...answer, headers: { ...answer.headers, ...rateHeaders(guarded) } }
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
    const { documentId, ...rest } = await readParams(exchange, limits)
    const document = documents.find({ ...rest, documentId })
    const params = { ...rest, query: document.query }
    facts.operation = nameOperation(document, rest.operationName)
    const refusal = refusalOf(params)
    if (refusal) {
      noteErrors([refusal], facts)
      return resultAnswer({ errors: [refusal] }, mediaType)
    }
    const opened = openRequest(exchange, userId, guarded, facts)
    const wantsExplanation = exchange.header('loadline-explain') === '1'
    const reply: ReplyOptions = { exchange, mediaType, shared }
    if (opened.recall && !wantsExplanation && !documents.needsAdmin(document)) {
      const found = await opened.recall(params)
      if (found) {
        options.checkHit?.(facts, params)
        return replyFinished(found, reply)
      }
    }
    guarded.expectTurn()
    const { context, mayExplain, isAdmin } = await opened.enter()
    documents.check(document, isAdmin)
    const request = new yoga.fetchAPI.Request(exchange.url.href, {
      method: exchange.method,
      signal: guarded.deadline.signal,
    })
    const result = mask(await run({ params, request }, context), exchange, context)
    if (result.errors) noteErrors(result.errors, facts)
    if (facts.cache?.outcome === 'hit') options.checkHit?.(facts, params)
    if (wantsExplanation && mayExplain) {
      return answerComputed(await explained(result, context), mediaType)
    }
    const finished = await context.cache?.finishedOf(result)
    return finished ? replyFinished(finished, reply) : answerComputed(result, mediaType)
  }

  function refusalOf(params: Parameters<typeof checkParams>[0]): AppError | null {
    try {
      checkParams(params, limits)
      return null
    } catch (error) {
      if (error instanceof AppError) return error
      throw error
    }
  }

  async function run(
    operation: Parameters<typeof yoga.getResultForParams>[0],
    context: Context,
  ): Promise<ExecutionResult> {
    try {
      const result = await yoga.getResultForParams(operation, context)
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
