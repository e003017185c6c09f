import type { GraphQLSchema } from 'graphql'
import { demoPeople } from '../../prisma/demo-people.ts'
import { type App, type AppOptions, createApp, type Domain } from '../../src/app.ts'
import { type Config, parseConfig } from '../../src/config.ts'
import { datamodel } from '../../src/generated/datamodel.ts'
import { PrismaClient } from '../../src/generated/prisma/client.ts'
import { signToken } from '../../src/guard/sign-token.ts'
import type { Listener } from '../../src/observe/events.ts'
import type { Explanation } from '../../src/observe/explain.ts'
import { createLogger } from '../../src/observe/logger.ts'
import { createObservation, type Observation } from '../../src/observe/observation.ts'
import { findIdentity } from '../../src/schema/people/find-identity.ts'
import type { Database } from '../../src/sql/database.ts'
import { createRows, type Rows } from './rows.ts'
import { openTestDatabase } from './test-databases.ts'

export interface TestAppOptions
  extends Pick<
    AppOptions,
    | 'plugins'
    | 'compiledExecution'
    | 'isBatching'
    | 'cache'
    | 'responseCache'
    | 'manifest'
    | 'rateLimit'
    | 'verifySettleMs'
  > {
  /** Environment variables beside `AUTH_JWT_SECRET`. @default none: development */
  readonly env?: Readonly<Record<string, string>>
  /** Instead of the domain's. */
  readonly schema?: GraphQLSchema
  /** Statements that operations run at most, by name. @default none */
  readonly budgets?: ReadonlyMap<string, number>
  /** Hear of everything too. @default none */
  readonly listeners?: readonly Listener[]
  /** Stays the caller's to close. @default an empty one of its own */
  readonly database?: Database
}

export interface TestApp extends AsyncDisposable, Pick<App, 'handler' | 'schema'> {
  readonly app: App
  readonly config: Config
  readonly database: Database
  readonly observation: Observation
  readonly prisma: PrismaClient
  readonly rows: Rows
  /** What was logged so far, a line each. */
  readonly logged: readonly LogLine[]
  /** Asks over HTTP, by POST, for an explanation too. */
  query(document: string, options?: QueryOptions): Promise<QueryResult>
  /** Any request, by its path. */
  fetch(path: string, init?: RequestInit): Promise<Response>
  tokenFor(userId: string): Promise<string>
}

export interface QueryOptions {
  readonly variables?: Readonly<Record<string, unknown>>
  readonly operationName?: string
  /** The user who asks, or their id. @default nobody */
  readonly as?: string | { readonly id: string } | null
  readonly headers?: Readonly<Record<string, string>>
}

export interface QueryResult {
  readonly status: number
  readonly headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: a test knows the shape of what it asked for.
  readonly data: any
  readonly errors: readonly QueryError[] | undefined
  readonly extensions: { readonly loadline?: Explanation } | undefined
  /** What the request ran, the look-up of the one who asks left out. */
  readonly statements: Explanation['statements']
}

export interface QueryError {
  readonly message: string
  readonly path?: readonly (string | number)[]
  readonly extensions: { readonly code: string } & Readonly<Record<string, unknown>>
}

export interface LogLine extends Readonly<Record<string, unknown>> {
  readonly level: number
  readonly msg: string
}

export const testSecret = 'a secret of the tests, which is long enough'

/** The whole app on a database of its own, asked through `fetch`. */
export async function startTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const config = parseConfig({
    AUTH_JWT_SECRET: testSecret,
    LOG_LEVEL: 'debug',
    // A busy machine is slow at times: what is slow, tests of that say.
    SLOW_REQUEST_MS: '600000',
    SLOW_STATEMENT_MS: '600000',
    // Every line, however fast tests ask.
    LOG_REQUESTS_PER_SECOND: '1000000',
    ...options.env,
  })
  const database = options.database ?? (await openTestDatabase())
  const logged: LogLine[] = []
  const log = createLogger(config.logLevel, { write: (line) => logged.push(JSON.parse(line)) })
  const domain = await domainWith(options.schema)
  const { manifest = new Map(), budgets = new Map() } = options
  const observation = createObservation({
    ...{ log, manifest, budgets, settings: config.observe },
    listeners: options.listeners ?? [],
  })
  const app = createApp({ ...options, config, database, domain, log, observation })
  const prisma = new PrismaClient({ adapter: database.adapter })

  const ask = (path: string, init?: RequestInit) =>
    app.fetch(new Request(new URL(path, 'http://localhost'), init))
  const tokenFor = (userId: string) =>
    signToken(userId, { ...config.auth, secret: config.auth.secret ?? testSecret })

  return {
    app,
    config,
    database,
    observation,
    prisma,
    logged,
    tokenFor,
    rows: createRows(prisma),
    fetch: ask,
    handler: app.handler,
    schema: app.schema,
    async query(query, { as = null, headers, ...params } = {}) {
      const userId = typeof as === 'string' ? as : as?.id
      const response = await ask('/graphql', {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'loadline-explain': '1',
          ...(userId === undefined ? {} : { authorization: `Bearer ${await tokenFor(userId)}` }),
          ...headers,
        },
        body: JSON.stringify({ query, ...params }),
      })
      return readResult(response)
    },
    async [Symbol.asyncDispose]() {
      await prisma.$disconnect()
      await app[Symbol.asyncDispose]()
      if (!options.database) await database[Symbol.asyncDispose]()
    },
  }
}

/** A test that brings a schema of its own does not even load the domain's. */
async function domainWith(schema: GraphQLSchema | undefined): Promise<Domain> {
  if (!schema) return (await import('../../src/schema/domain.ts')).domain
  return { schema, datamodel, findIdentity, demoPeople, adminRole: 'ADMIN', welcomeQuery: '{ a }' }
}

async function readResult(response: Response): Promise<QueryResult> {
  const { data, errors, extensions } = await response.json()
  const statements: Explanation['statements'] = extensions?.loadline?.statements ?? []
  return {
    status: response.status,
    headers: response.headers,
    data,
    errors,
    extensions,
    statements: statements.filter(({ batch }) => batch > 0),
  }
}
