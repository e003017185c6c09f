import { randomUUID } from 'node:crypto'
import type { RequestListener } from 'node:http'
import type { GraphQLSchema } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { createAnswerKeys, type Question } from './cache/answer-keys.ts'
import { createFlights } from './cache/flights.ts'
import { createKnownIdentities } from './cache/known-identities.ts'
import type { AppCache } from './cache/open-cache.ts'
import { createIdentityRecall } from './cache/recall-identity.ts'
import { createFigureMemories } from './cache/remember-figures.ts'
import { type CacheEvents, createRequestCache } from './cache/request-cache.ts'
import { createRequestStore, nothingStored } from './cache/request-store.ts'
import { createHitSampler } from './cache/sample-hits.ts'
import {
  type ResponseCacheOptions,
  servesBytes,
  useResponseCache,
} from './cache/use-response-cache.ts'
import { createSingleFlight, useSingleFlight } from './cache/use-single-flight.ts'
import type { Config } from './config.ts'
import { type Context, createContext } from './context.ts'
import { PrismaClient } from './generated/prisma/client.ts'
import { createAuthenticate } from './guard/authenticate.ts'
import { getIdentity } from './guard/get-identity.ts'
import {
  createRequestGuard,
  type GuardedRequest,
  type RequestGuard,
} from './guard/guard-requests.ts'
import { createRateLimit, type RateLimit } from './guard/rate-limit.ts'
import { signToken } from './guard/sign-token.ts'
import { createTrustedDocuments } from './guard/trusted-documents.ts'
import { createViewer, type Identity } from './guard/viewer.ts'
import { watchPressure } from './guard/watch-pressure.ts'
import { withBatches } from './http/batches.ts'
import { computeAnswer } from './http/compute-answer.ts'
import { createHandler } from './http/create-handler.ts'
import { createDevTokenStage } from './http/dev-token-stage.ts'
import type { Exchange, Stage } from './http/exchange.ts'
import { createFetchDoor } from './http/fetch-door.ts'
import { createGraphiQLStage } from './http/graphiql-stage.ts'
import { createGraphQLStage, type EnteredRequest, type OpenRequest } from './http/graphql-stage.ts'
import { createHealthStage } from './http/health-stage.ts'
import { createKnownOperations } from './http/known-operations.ts'
import { createNodeDoor } from './http/node-door.ts'
import { operatorPages } from './http/operator-pages.ts'
import { createOperatorStage } from './http/operator-stage.ts'
import {
  type CompiledExecutionOptions,
  createCompiledExecution,
  useCompiledExecution,
} from './http/use-compiled-execution.ts'
import { createExecutionGuard, useExecutionGuard } from './http/use-execution-guard.ts'
import { createNow } from './loaders/clock.ts'
import { createLoaders } from './loaders/loaders.ts'
import { createReader, type Reader } from './loaders/reader.ts'
import { type EndedStatement, type Events, silence } from './observe/events.ts'
import type { Logger } from './observe/logger.ts'
import type { Observation } from './observe/observation.ts'
import { createRequestFacts, type RequestFacts } from './observe/request-facts.ts'
import type { Database } from './sql/database.ts'
import type { Datamodel } from './sql/datamodel.ts'
import { explainStatement } from './sql/explain-statement.ts'
import { createStatementCache } from './sql/statements.ts'
import { createTally } from './sql/tally.ts'
import { findUnreadiness } from './sql/unreadiness.ts'
import { createReadSet } from './tags/read-set.ts'

/** All that the generic parts know of the business, as values. */
export interface Domain {
  readonly schema: GraphQLSchema
  readonly datamodel: Datamodel
  /** The user with an id, in one statement; null when there is none. */
  readonly findIdentity: (userId: string, reader: Reader) => Promise<Identity | null>
  /** The role that may see what any request costs. */
  readonly adminRole: string
  /** What GraphiQL holds at first. */
  readonly welcomeQuery: string
  /** Whom GraphiQL lets a developer be. */
  readonly demoPeople: readonly { readonly id: string; readonly email: string }[]
}

export interface AppOptions {
  /** Its `auth` must hold a secret or the URL of a key set. */
  readonly config: Config
  /** Stays the caller's to close. */
  readonly database: Database
  readonly domain: Domain
  readonly log: Logger
  /**
   * Remembers answers, and hears of every mutation before it is acknowledged; stays the caller's to
   * close. @default null: every answer is computed
   */
  readonly cache?: AppCache | null
  readonly responseCache?: ResponseCacheOptions
  /** Shared with other processes; stays the caller's to close. @default one of this process */
  readonly rateLimit?: RateLimit
  /** How long a served answer that differs from a computed one is given. @default until all is announced */
  readonly verifySettleMs?: number
  /** Hears of everything, and shows it to operators. @default nobody listens */
  readonly observation?: Observation
  /** Instead of the one that `config.limits` asks for: what guards cost is measured against none. */
  readonly guard?: RequestGuard
  /** Documents that clients may name by their ids. @default none */
  readonly manifest?: ReadonlyMap<string, string>
  /** Plugins for Yoga beside those of this package. @default none */
  readonly plugins?: readonly Plugin[]
  readonly compiledExecution?: CompiledExecutionOptions
  /** False runs each load by itself, as often as it takes: what batching is tested against. @default true */
  readonly isBatching?: boolean
}

export interface App extends AsyncDisposable {
  /** For `node:http`. */
  readonly handler: RequestListener
  /** What the handler would answer, without a socket. */
  readonly fetch: (request: Request) => Promise<Response>
  readonly schema: GraphQLSchema
  /** From now on every answer closes its connection, and `/health/ready` says no. */
  startDraining(): void
}

/** Builds each part of a process once and hands it what it needs. */
export function createApp(options: AppOptions): App {
  const { config, database, domain, log, plugins = [], isBatching = true } = options
  const { cache = null, responseCache, manifest = new Map(), observation } = options
  const events = observation?.events ?? silence
  const { limits } = config
  const prisma = new PrismaClient({ adapter: database.adapter, errorFormat: 'minimal' })
  const statements = createStatementCache()
  const flights = createFlights()
  const identities = createKnownIdentities()
  const rememberFigures = createFigureMemories({ fromRows: config.cache.figuresFrom })
  const findCompiled = createCompiledExecution(options.compiledExecution)
  const executionGuard = createExecutionGuard(limits, events)
  const fly = createSingleFlight()
  const known = createKnownOperations({ responseCache, findCompiled, guard: executionGuard })
  const mayRecall = servesBytes(responseCache) && !plugins.some(actsOnHits)
  const pressure = watchPressure(() => database.waitingStatements?.() ?? 0)
  const rateLimit = options.rateLimit ?? createRateLimit(limits.rate)
  observation?.look({
    connections: () => database.connections?.() ?? null,
    loopDelayMs: pressure.loopDelayMs,
    store: async () => cache?.store.describe() ?? null,
    explain: (statement, values) => explainStatement(database, statement, values),
  })
  const checkHit =
    cache &&
    createHitSampler({
      store: cache.store,
      share: config.cache.verifyShare,
      compute: computeAnew,
      isBusy: () => pressure.loopDelayMs() > busyLoopMs || pressure.waitingStatements() > 0,
      tell: events.answerCompared,
      settleMs: options.verifySettleMs,
    })
  let isDraining = false

  const answerGraphQL = createGraphQLStage<Context>({
    schema: domain.schema,
    authenticate: createAuthenticate({ ...config.auth, key: keyOf(config) }),
    openRequest,
    introspection: config.introspection,
    limits,
    guard:
      options.guard ??
      createRequestGuard({ limits, rateLimit, pressure, database, waitMs: cache?.waitMs }),
    documents: createTrustedDocuments({ ...config.documents, manifest }),
    trustedProxies: config.trustedProxies,
    shared: config.cache.shared,
    events,
    checkHit,
    known: mayRecall && plugins.length === 0 ? known : null,
    plugins: [
      known.plugin,
      useResponseCache(responseCache),
      useCompiledExecution(findCompiled),
      ...plugins,
      useExecutionGuard(executionGuard),
      useSingleFlight(fly),
    ],
  })

  const stages: Stage[] = [
    createHealthStage(async () =>
      isDraining ? ['The process is shutting down'] : findUnreadiness(database),
    ),
    ...developmentStages(config, domain),
    ...operatorStages(config, observation, () => isDraining),
    only('/graphql', withBatches(answerGraphQL, { limits, log, events })),
  ]
  const handle = createHandler({ stages, corsOrigins: config.corsOrigins, log, events })
  let closing: Promise<void> | undefined
  return {
    handler: createNodeDoor(handle, { isDraining: () => isDraining, limits }),
    fetch: createFetchDoor(handle),
    schema: domain.schema,
    startDraining() {
      isDraining = true
    },
    [Symbol.asyncDispose]() {
      pressure[Symbol.dispose]()
      closing ??= prisma.$disconnect()
      return closing
    },
  }

  /** What a request asks, past cache and guard, within a request's time. */
  async function computeAnew(question: Question, userId: string | null) {
    const { datamodel, schema } = domain
    const signal = AbortSignal.timeout(limits.requestMs)
    const tally = createTally({ watchesShapes: false })
    const readSet = createReadSet()
    const reader = createReader({ queryable: database, tally, signal, readSet })
    const identity = userId === null ? null : await domain.findIdentity(userId, reader)
    const keys = createAnswerKeys(question, identity)
    if (!keys || (userId !== null && !identity)) return null
    const viewer = createViewer(identity)
    const shared = { datamodel, statements, viewer, tally, readSet, signal, isBatching }
    const requestId = randomUUID()
    const arrived = { requestId, method: 'POST', path: '/graphql', traceparent: null, startMs: 0 }
    const context = createContext({
      ...{ viewer, tally, readSet, prisma, requestId, signal, announcer: null, cache: null },
      facts: createRequestFacts(arrived),
      guard: { admit: async () => () => {}, signal, hold: () => () => {} },
      now: createNow(readSet, Date.now),
      log,
      createLoaders: (queryable = database) => createLoaders({ queryable, ...shared }),
    })
    // Others look it up while this is executed.
    const own = { ...question, variables: structuredClone(question.variables) }
    const data = await computeAnswer(schema, own, context)
    return data === null ? null : { keys, data, tags: readSet.tags }
  }

  function openRequest(
    { requestId }: Exchange,
    userId: string | null,
    guard: GuardedRequest,
    facts: RequestFacts,
  ): OpenRequest<Context> {
    const tally = createTally({
      watchesShapes: isBatching && !config.production,
      ...(isBatching ? { onRepeat: (repeated) => events.shapeRepeated(facts, repeated) } : {}),
    })
    facts.tally = tally
    const tell = (ended: EndedStatement) => events.statementEnded(facts, ended)
    const comment = config.observe.sqlComments ? traceComment(facts) : null
    // Not the pool itself: nobody gets all of it.
    const { deadline, database } = guard
    const identityReads = createReadSet()
    const store = cache && createRequestStore(cache.store, guard.budget)
    const who =
      userId === null
        ? null
        : createIdentityRecall({
            store: store ?? nothingStored,
            known: identities,
            userId,
            read: () => {
              guard.expectTurn()
              const { signal } = deadline
              const reads = { tally, signal, tell, comment, readSet: identityReads }
              return domain.findIdentity(userId, createReader({ queryable: database, ...reads }))
            },
            readSet: identityReads,
          })
    const tellCache = tellOfCache(facts, events)
    const requestCache = store && createRequestCache({ store, who, flights, tell: tellCache })
    const recall = mayRecall && requestCache ? requestCache.lookUp : null
    return { recall, cache: requestCache, tally, enter }

    async function enter(): Promise<EnteredRequest<Context>> {
      const { signal } = deadline
      const identity = who && (await getIdentity(who.get))
      const readSet = createReadSet()
      const viewer = createViewer(identity, () => readSet.include(identityReads))
      const { datamodel } = domain
      // Where all is computed to be compared, nothing of it may come from the store.
      const figureMemory = store && !config.cache.isShadow ? rememberFigures(store) : null
      const asked = { viewer, tally, readSet, signal, tell, comment }
      const shared = { datamodel, statements, isBatching, ...asked }
      const context = createContext({
        viewer,
        tally,
        facts,
        readSet,
        guard: { admit: (rows) => guard.admit(rows), signal, hold: () => deadline.hold() },
        prisma,
        now: createNow(readSet, Date.now),
        announcer: cache?.announcer ?? null,
        cache: requestCache,
        requestId,
        signal,
        log,
        createLoaders: (queryable) =>
          queryable
            ? createLoaders({ queryable, ...shared })
            : createLoaders({ queryable: database, figureMemory, ...shared }),
      })
      const isAdmin = identity?.role === domain.adminRole
      return { context, isAdmin, mayExplain: isAdmin || !config.production }
    }
  }
}

/** Whether a plugin has a say in answers that are not executed. */
function actsOnHits(plugin: Plugin): boolean {
  const { onParams, onExecutionResult, onPluginInit, instrumentation } = plugin
  return [onParams, onExecutionResult, onPluginInit, instrumentation].some(Boolean)
}

function developmentStages(config: Config, domain: Domain): readonly Stage[] {
  if (!config.graphiql) return []
  const { secret, issuer, audience } = config.auth
  const query = domain.welcomeQuery
  if (config.production || secret === null) return [createGraphiQLStage({ query, people: [] })]
  const people = domain.demoPeople
  return [
    createGraphiQLStage({ query, people }),
    createDevTokenStage({
      people,
      signToken: (userId) => signToken(userId, { secret, issuer, audience }),
    }),
  ]
}

/** As https://google.github.io/sqlcommenter has it; null without a trace. */
function traceComment({ trace }: RequestFacts): string | null {
  if (!trace) return null
  const { traceId, spanId, isSampled } = trace
  return `traceparent='00-${traceId}-${spanId}-0${isSampled ? 1 : 0}'`
}

/** Late by so much, the process has better things to do than to check what it has served. */
const busyLoopMs = 20

/** Here unless they have a port of their own. */
function operatorStages(
  config: Config,
  observation: Observation | undefined,
  isOver: () => boolean,
): readonly Stage[] {
  const { port, token } = config.metrics
  if (!observation || port !== null) return []
  const without = config.production ? 'nobody' : 'this machine'
  return [createOperatorStage({ token, without, pages: operatorPages(observation, isOver) })]
}

/** Mutations are looked for too, as nothing is parsed before, but say nothing about the cache. */
function tellOfCache(facts: RequestFacts, events: Events): CacheEvents {
  return {
    lookUpEnded(lookUp) {
      if (facts.operation?.kind !== 'query') return
      facts.cache = lookUp
      events.lookUpEnded(facts, lookUp)
    },
    fillEnded: events.fillEnded,
  }
}

function only(path: string, stage: Stage): Stage {
  return (exchange, facts) => (exchange.url.pathname === path ? stage(exchange, facts) : null)
}

function keyOf({ auth }: Config) {
  if (auth.secret !== null) return { secret: auth.secret }
  if (auth.jwksUrl !== null) return { jwksUrl: auth.jwksUrl }
  throw new Error('The app needs a secret or the URL of a key set to verify tokens with')
}
