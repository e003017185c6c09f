import type { SqlDriverAdapterFactory } from '@prisma/driver-adapter-utils'
import type { GraphQLSchema } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { identifyAnswers } from '../cache/identify-answers.ts'
import { type OpenCacheOptions, openCache } from '../cache/open-cache.ts'
import { storeDefaults } from '../cache/store.ts'
import {
  type ResponseCacheOptions,
  servesBytes,
  useResponseCache,
} from '../cache/use-response-cache.ts'
import { useSingleFlight } from '../cache/use-single-flight.ts'
import { findUncapturedTables } from '../capture/find-uncaptured-tables.ts'
import type { AnyModels } from '../loaders/where.ts'
import type { Log } from '../observe/log.ts'
import type { Database } from '../sql/database.ts'
import type { Datamodel, TypedDatamodel } from '../sql/datamodel.ts'
import { applyMigrations } from '../sql/migrations.ts'
import { openPostgresql, type PostgresqlOptions } from '../sql/postgresql.ts'
import { believeViewer, createFindViewer, type ViewerModel } from './find-viewer.ts'
import { useRequests } from './use-requests.ts'
import { useWrites } from './use-writes.ts'

export interface LoadlineOptions<Client, Models extends AnyModels<Models>> {
  readonly schema: GraphQLSchema
  /** As the generator wrote it. */
  readonly datamodel: TypedDatamodel<Models>
  /**
   * The folder of the code that computes answers. Its files belong to what an answer means: another
   * build finds none of this one.
   */
  readonly code: string
  /** `postgresql://...`, else a folder for an embedded PGlite, or `memory://`. */
  readonly database: string
  /** PostgreSQL past a transaction pooler. @default database */
  readonly directUrl?: string | undefined
  /** How many connections to PostgreSQL this process holds, and how; see there for the defaults. */
  readonly pool?: Omit<PostgresqlOptions, 'url' | 'wakesDrainers'>
  /** The migrations that an embedded database is given at the start. @default 'prisma/migrations' */
  readonly migrations?: string | undefined
  /** Makes the client of the generated code: `(adapter) => new PrismaClient({ adapter })`. */
  readonly createPrisma: (adapter: SqlDriverAdapterFactory) => Client
  /** `redis://...`; without it one process keeps answers in its memory. */
  readonly redisUrl?: string | undefined
  /** Begins every key in Redis. @default 'loadline' */
  readonly namespace?: string | undefined
  /** Bytes of all answers that are kept in the process. @default 67_108_864 */
  readonly memoryBytes?: number | undefined
  /**
   * The id of who sends a request, from a token that it verifies; null for nobody. Throw
   * `AppError('UNAUTHENTICATED', ...)` for a token that is none. @default nobody is known
   */
  readonly identify?: (request: Request) => string | null | Promise<string | null>
  /**
   * Where those ids come from; who is not there is refused. @default everybody with an id has the
   * role `USER`
   */
  readonly viewers?: ViewerModel<Models> | undefined
  /** Models that no field reads, so that their writes were not captured. @default none */
  readonly leaveOut?: readonly (keyof Models & string)[]
  readonly responseCache?: ResponseCacheOptions
  /**
   * Who may see what a request cost, by sending `Loadline-Explain: 1`: it shows SQL.
   * @default nobody
   */
  readonly mayExplain?: (request: Request) => boolean
  /** Is told of trouble with the store or the outbox: pino, or `console`. */
  readonly log: Log
}

export interface Loadline<Client> extends AsyncDisposable {
  /**
   * For Yoga, after your own: what refuses a request or replaces its document must come before
   * answers are looked for.
   */
  readonly plugins: readonly Plugin[]
  readonly database: Database
  /** For what is no request. Resolvers take `context.prisma`, so that it is known what they read. */
  readonly prisma: Client
  /** Which cache is on, or why none is. */
  describeCache(): string
}

/**
 * Puts loaders, tags and cache around a Yoga server of one's own: opens the database, the store of
 * answers and what keeps them true, and gives the plugins in the order that makes them right. Close
 * it when the server has stopped.
 *
 * @throws when a table has no triggers, whose writes would leave answers as they are
 * @throws DatabaseOpenError
 */
export async function openLoadline<
  Client extends { $disconnect(): Promise<void> },
  Models extends AnyModels<Models>,
>(options: LoadlineOptions<Client, Models>): Promise<Loadline<Client>> {
  const { database: place, datamodel, viewers, responseCache = {} } = options
  const toClose: AsyncDisposable[] = []
  const close = async () => {
    for (const one of toClose.splice(0).reverse()) await one[Symbol.asyncDispose]()
  }
  try {
    const database = keep(await openDatabase(options))
    await demandTriggers(database, options)
    const prisma = options.createPrisma(database.adapter)
    keep({ [Symbol.asyncDispose]: () => prisma.$disconnect() })
    // Its own connection, as requests may keep all others busy.
    const isShared = isUrl(place) && options.redisUrl !== undefined
    const drained = isShared
      ? keep(await openPostgresql({ ...options.pool, url: place, poolSize: 1 }))
      : database
    const cache = keep(openCache(await describeAnswers(options, { database, drained })))
    const { announcer } = cache
    await cache.started
    const plugins = [
      useRequests({
        ...{ database, datamodel, prisma, cache },
        identify: options.identify ?? (() => null),
        findViewer: viewers ? createFindViewer(datamodel, viewers) : believeViewer,
        mayExplain: options.mayExplain ?? (() => false),
        asksAhead: servesBytes(responseCache),
      }),
      useResponseCache(responseCache),
      useWrites({ database, announcer }),
      useSingleFlight(),
    ]
    const { describe: describeCache } = cache
    return { plugins, database, prisma, describeCache, [Symbol.asyncDispose]: close }
  } catch (error) {
    await close()
    throw error
  }

  function keep<T extends AsyncDisposable>(one: T): T {
    toClose.push(one)
    return one
  }
}

async function openDatabase({ database, pool, migrations }: DatabaseChoice) {
  // Each is announced by the mutation that made it.
  if (isUrl(database)) return openPostgresql({ ...pool, url: database, wakesDrainers: false })
  // Only who wants it needs its package.
  const { openPglite } = await import('../sql/pglite.ts')
  const embedded = await openPglite({ dataDir: database })
  try {
    await applyMigrations(embedded, migrations ?? 'prisma/migrations')
    return embedded
  } catch (error) {
    await embedded[Symbol.asyncDispose]()
    throw error
  }
}

interface DatabaseChoice {
  readonly database: string
  readonly pool?: Omit<PostgresqlOptions, 'url' | 'wakesDrainers'>
  readonly migrations?: string | undefined
}

function isUrl(database: string): boolean {
  return /^postgres(ql)?:/.test(database)
}

async function demandTriggers(
  database: Database,
  {
    datamodel,
    leaveOut = [],
  }: { readonly datamodel: Datamodel; readonly leaveOut?: readonly string[] | undefined },
): Promise<void> {
  const tables = await findUncapturedTables(database, datamodel, leaveOut)
  if (tables.length === 0) return
  throw new Error(
    `Writes to ${tables.join(', ')} are not captured, so answers would stay as they are. Write a migration with "loadline capture" and apply it`,
  )
}

async function describeAnswers(
  options: Omit<LoadlineOptions<never, never>, 'datamodel' | 'createPrisma' | 'viewers'>,
  { database, drained }: { readonly database: Database; readonly drained: Database },
): Promise<OpenCacheOptions> {
  const { schema, code: folder, database: place, directUrl = place } = options
  const sessionUrl = isUrl(place) ? directUrl : null
  const settings = [await identifyAnswers({ schema, settings: [] })]
  return {
    settings: {
      enabled: true,
      redisUrl: options.redisUrl ?? null,
      namespace: options.namespace ?? 'loadline',
      maxEntryBytes: storeDefaults.maxEntryBytes,
      memoryBytes: options.memoryBytes ?? 67_108_864,
    },
    answers: await identifyAnswers({ schema, settings, folder }),
    ...{ database, drained, lockUrl: sessionUrl, listenUrl: sessionUrl },
    log: options.log,
  }
}
