import { z } from 'zod'
import { createLimits } from './guard/limits.ts'
import { limitsSyntax, parseLimits } from './guard/parse-limits.ts'

/** Everything that the environment decides, parsed once at the start and handed on as values. */
export type Config = ReturnType<typeof parseConfig>

/** What every variable is when it is not set. `production` replaces `development` under `NODE_ENV=production`. */
export const configDefaults = {
  PORT: { development: 4000, production: 4000 },
  HOST: { development: '127.0.0.1', production: '0.0.0.0' },
  LOADLINE_DATA_DIR: { development: '.loadline', production: '.loadline' },
  LOADLINE_GRAPHIQL: { development: true, production: false },
  LOADLINE_INTROSPECTION: { development: true, production: false },
  LOADLINE_TRUST_PROXY: { development: 0, production: 0 },
  LOADLINE_TRUSTED_DOCUMENTS: { development: 'allow', production: 'allow' },
  LOADLINE_TRUSTED_MANIFEST: {
    development: 'src/sdk/generated/persisted-documents.json',
    production: 'src/sdk/generated/persisted-documents.json',
  },
  LOADLINE_APQ: { development: false, production: false },
  DATABASE_POOL_SIZE: { development: 20, production: 20 },
  DATABASE_CONNECT_TIMEOUT_MS: { development: 5_000, production: 5_000 },
  DATABASE_IDLE_TIMEOUT_MS: { development: 30_000, production: 30_000 },
  DATABASE_STATEMENT_TIMEOUT_MS: { development: 10_000, production: 10_000 },
  DATABASE_PREPARED_STATEMENTS: { development: true, production: true },
  CACHE: { development: 'true', production: 'true' },
  CACHE_VERIFY_SHARE: { development: 0.001, production: 0.001 },
  CACHE_NAMESPACE: { development: 'loadline', production: 'loadline' },
  CACHE_MAX_ENTRY_BYTES: { development: 1_048_576, production: 1_048_576 },
  CACHE_MEMORY_BYTES: { development: 67_108_864, production: 67_108_864 },
  CACHE_FIGURES_FROM: { development: 1_000, production: 1_000 },
  CACHE_WARM_SECONDS: { development: 30, production: 30 },
  CACHE_SHARED_SECONDS: { development: 0, production: 0 },
  CACHE_SHARED_STALE_SECONDS: { development: 0, production: 0 },
  LOG_LEVEL: { development: 'warn', production: 'info' },
  LOADLINE_SQL_COMMENTS: { development: false, production: false },
  LOADLINE_BUDGETS: { development: 'budgets.json', production: 'budgets.json' },
  LOG_REQUESTS_PER_SECOND: { development: 50, production: 50 },
  SLOW_REQUEST_MS: { development: 200, production: 200 },
  SLOW_STATEMENT_MS: { development: 50, production: 50 },
} as const

/** A secret signs tokens, so it must be at least as long as the hash that it feeds (RFC 7518, 3.2). */
const minimumSecretBytes = 32

/** The configuration cannot be used; its message has one line for each variable at fault. */
export class ConfigError extends Error {
  readonly faults: readonly string[]

  constructor(faults: readonly string[]) {
    super(`The configuration cannot be used:\n${faults.map((fault) => `  ${fault}`).join('\n')}`)
    this.name = 'ConfigError'
    this.faults = faults
  }
}

/**
 * Parses environment variables; one that is empty counts as not set.
 *
 * @throws ConfigError naming every variable at fault, what is wanted and what came. Secrets and
 * passwords are never repeated.
 */
export function parseConfig(env: Readonly<Record<string, string | undefined>>) {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()))
  const production = given.NODE_ENV === 'production'
  const parsed = variables(production).safeParse(given)
  const faults = [
    ...(parsed.error?.issues ?? []).map((issue) => describe(issue, given)),
    ...authenticationFaults(given, production),
    ...documentFaults(given),
  ]
  if (!parsed.success || faults.length > 0) throw new ConfigError(faults)

  const value = parsed.data
  return {
    production,
    port: value.PORT,
    host: value.HOST,
    dataDirectory: value.LOADLINE_DATA_DIR,
    graphiql: value.LOADLINE_GRAPHIQL,
    introspection: value.LOADLINE_INTROSPECTION,
    limits: createLimits({ production, overrides: value.LOADLINE_LIMITS }),
    /** Proxies in front whose word about the client's address is taken. */
    trustedProxies: value.LOADLINE_TRUST_PROXY,
    documents: {
      mode: value.LOADLINE_TRUSTED_DOCUMENTS,
      manifest: value.LOADLINE_TRUSTED_MANIFEST,
      /** Keep documents that clients register by their hashes. */
      automatic: value.LOADLINE_APQ,
    },
    logLevel: value.LOG_LEVEL,
    observe: {
      logsPerSecond: value.LOG_REQUESTS_PER_SECOND,
      slowRequestMs: value.SLOW_REQUEST_MS,
      slowStatementMs: value.SLOW_STATEMENT_MS,
      budgets: value.LOADLINE_BUDGETS,
      /** Put the trace of a request behind its statements. */
      sqlComments: value.LOADLINE_SQL_COMMENTS,
    },
    metrics: {
      /** Who shows it may look; null in development: whoever sits at this machine. */
      token: value.METRICS_TOKEN ?? null,
      /** Of their own; null: where all else is served. */
      port: value.METRICS_PORT ?? null,
    },
    corsOrigins: value.CORS_ORIGINS,
    database: {
      /** Null: the embedded database in `dataDirectory`. */
      url: value.DATABASE_URL ?? null,
      /** Past a transaction pooler, for migrations and whatever else needs a session. */
      directUrl: value.DIRECT_DATABASE_URL ?? value.DATABASE_URL ?? null,
      poolSize: value.DATABASE_POOL_SIZE,
      connectTimeoutMs: value.DATABASE_CONNECT_TIMEOUT_MS,
      idleTimeoutMs: value.DATABASE_IDLE_TIMEOUT_MS,
      /** 0 leaves the server's own setting. */
      statementTimeoutMs: value.DATABASE_STATEMENT_TIMEOUT_MS,
      /** Off for poolers that cannot keep named statements. */
      preparedStatements: value.DATABASE_PREPARED_STATEMENTS,
    },
    redisUrl: value.REDIS_URL ?? null,
    cache: {
      /** Off: every answer is computed; writes are still announced to those who keep some. */
      enabled: value.CACHE !== 'false',
      /** Nothing is served; what would have been is compared with what is computed. */
      isShadow: value.CACHE === 'shadow',
      /** Part of the hits that is computed once more and compared. */
      verifyShare: value.CACHE_VERIFY_SHARE,
      /** Begins every key in Redis. */
      namespace: value.CACHE_NAMESPACE,
      /** Bytes beyond which one answer is not stored. */
      maxEntryBytes: value.CACHE_MAX_ENTRY_BYTES,
      /** Bytes of all answers, where they are kept in the process. */
      memoryBytes: value.CACHE_MEMORY_BYTES,
      /** Rows from which on a count is kept for itself, beside the answers that show it. */
      figuresFrom: value.CACHE_FIGURES_FROM,
      /** Operations to ask for at the start; null: none. */
      warmFile: value.CACHE_WARM_FILE ?? null,
      warmSeconds: value.CACHE_WARM_SECONDS,
      /** How long caches between us and our readers may keep what is everybody's; 0: not at all. */
      shared: {
        seconds: value.CACHE_SHARED_SECONDS,
        staleSeconds: value.CACHE_SHARED_STALE_SECONDS,
      },
    },
    auth: {
      /** Null in development means: the one kept in `dataDirectory`. */
      secret: value.AUTH_JWT_SECRET ?? null,
      jwksUrl: value.AUTH_JWKS_URL ?? null,
      issuer: value.AUTH_ISSUER ?? null,
      audience: value.AUTH_AUDIENCE ?? null,
    },
  }
}

function variables(production: boolean) {
  const fallback = production ? 'production' : 'development'
  const defaults = configDefaults
  return z.object({
    NODE_ENV: z.string().optional(),
    PORT: wholeNumber(0, 65_535).default(defaults.PORT[fallback]),
    HOST: z.string().default(defaults.HOST[fallback]),
    LOADLINE_DATA_DIR: z.string().default(defaults.LOADLINE_DATA_DIR[fallback]),
    LOADLINE_GRAPHIQL: onOff.default(defaults.LOADLINE_GRAPHIQL[fallback]),
    LOADLINE_INTROSPECTION: onOff.default(defaults.LOADLINE_INTROSPECTION[fallback]),
    LOADLINE_LIMITS: limits.default({}),
    LOADLINE_TRUST_PROXY: wholeNumber(0, 10).default(defaults.LOADLINE_TRUST_PROXY[fallback]),
    LOADLINE_TRUSTED_DOCUMENTS: z
      .enum(['off', 'allow', 'require'], { error: 'off, allow or require' })
      .default(defaults.LOADLINE_TRUSTED_DOCUMENTS[fallback]),
    LOADLINE_TRUSTED_MANIFEST: z.string().default(defaults.LOADLINE_TRUSTED_MANIFEST[fallback]),
    LOADLINE_APQ: onOff.default(defaults.LOADLINE_APQ[fallback]),
    DATABASE_URL: url('postgresql', 'postgres').optional(),
    DIRECT_DATABASE_URL: url('postgresql', 'postgres').optional(),
    DATABASE_POOL_SIZE: wholeNumber(1, 200).default(defaults.DATABASE_POOL_SIZE[fallback]),
    DATABASE_CONNECT_TIMEOUT_MS: milliseconds.default(
      defaults.DATABASE_CONNECT_TIMEOUT_MS[fallback],
    ),
    DATABASE_IDLE_TIMEOUT_MS: milliseconds.default(defaults.DATABASE_IDLE_TIMEOUT_MS[fallback]),
    DATABASE_STATEMENT_TIMEOUT_MS: milliseconds.default(
      defaults.DATABASE_STATEMENT_TIMEOUT_MS[fallback],
    ),
    DATABASE_PREPARED_STATEMENTS: onOff.default(defaults.DATABASE_PREPARED_STATEMENTS[fallback]),
    REDIS_URL: redisUrl.optional(),
    CACHE: cacheMode.default(defaults.CACHE[fallback]),
    CACHE_VERIFY_SHARE: share.default(defaults.CACHE_VERIFY_SHARE[fallback]),
    CACHE_NAMESPACE: z
      .string()
      .regex(/^[\w.:-]{1,100}$/, { error: 'at most 100 letters, digits and "_.:-"' })
      .default(defaults.CACHE_NAMESPACE[fallback]),
    CACHE_MAX_ENTRY_BYTES: wholeNumber(1_000, 67_108_864).default(
      defaults.CACHE_MAX_ENTRY_BYTES[fallback],
    ),
    CACHE_MEMORY_BYTES: wholeNumber(1_000, 9_999_999_999).default(
      defaults.CACHE_MEMORY_BYTES[fallback],
    ),
    CACHE_FIGURES_FROM: wholeNumber(1, 999_999_999).default(defaults.CACHE_FIGURES_FROM[fallback]),
    CACHE_WARM_FILE: z.string().optional(),
    CACHE_WARM_SECONDS: wholeNumber(1, 3_600).default(defaults.CACHE_WARM_SECONDS[fallback]),
    CACHE_SHARED_SECONDS: wholeNumber(0, 86_400).default(defaults.CACHE_SHARED_SECONDS[fallback]),
    CACHE_SHARED_STALE_SECONDS: wholeNumber(0, 86_400).default(
      defaults.CACHE_SHARED_STALE_SECONDS[fallback],
    ),
    AUTH_JWT_SECRET: z.string().optional(),
    AUTH_JWKS_URL: url('https', 'http').optional(),
    AUTH_ISSUER: z.string().optional(),
    AUTH_AUDIENCE: z.string().optional(),
    LOG_LEVEL: z
      .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
        error: 'trace, debug, info, warn, error, fatal or silent',
      })
      .default(defaults.LOG_LEVEL[fallback]),
    LOADLINE_SQL_COMMENTS: onOff.default(defaults.LOADLINE_SQL_COMMENTS[fallback]),
    LOADLINE_BUDGETS: z.string().default(defaults.LOADLINE_BUDGETS[fallback]),
    LOG_REQUESTS_PER_SECOND: wholeNumber(0, 1_000_000).default(
      defaults.LOG_REQUESTS_PER_SECOND[fallback],
    ),
    SLOW_REQUEST_MS: milliseconds.default(defaults.SLOW_REQUEST_MS[fallback]),
    SLOW_STATEMENT_MS: milliseconds.default(defaults.SLOW_STATEMENT_MS[fallback]),
    METRICS_TOKEN: z
      .string()
      .regex(/^[\x21-\x7e]{16,}$/, { error: 'at least 16 characters without blanks' })
      .optional(),
    METRICS_PORT: wholeNumber(0, 65_535).optional(),
    CORS_ORIGINS: origins.default([]),
  })
}

function wholeNumber(minimum: number, maximum: number) {
  const error = `a whole number from ${minimum} to ${maximum}`
  return z
    .string()
    .regex(/^\d{1,10}$/, { error, abort: true })
    .transform(Number)
    .refine((value) => value >= minimum && value <= maximum, { error })
}

const milliseconds = wholeNumber(0, 3_600_000)

const onOff = z
  .enum(['true', 'false', '1', '0', 'on', 'off'], { error: 'true or false' })
  .transform((value) => value === 'true' || value === '1' || value === 'on')

const cacheMode = z.union(
  [onOff.transform((isOn) => (isOn ? 'true' : 'false')), z.literal('shadow')],
  { error: 'true, false or shadow' },
)

const share = z
  .string()
  .regex(/^(0|1|0?\.\d{1,9})$/, { error: 'a number from 0 to 1' })
  .transform(Number)

const limits = z.string().transform((text, context) => {
  const parsed = parseLimits(text)
  if (parsed) return parsed
  context.addIssue({ code: 'custom', message: limitsSyntax })
  return z.NEVER
})

function url(...schemes: readonly string[]) {
  const error = `a URL that starts with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`
  return z
    .string()
    .refine(
      (value) => URL.canParse(value) && schemes.includes(new URL(value).protocol.slice(0, -1)),
      { error },
    )
}

const redisUrl = z.string().refine(isRedisUrl, {
  error: 'a URL like rediss://user:password@host:6379/0, with the number of a database or none',
})

function isRedisUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, pathname } = new URL(text)
  const isScheme = protocol === 'redis:' || protocol === 'rediss:'
  return isScheme && hostname !== '' && /^(\/\d{0,4})?$/.test(pathname)
}

const origins = z
  .string()
  .transform((value) =>
    value
      .split(',')
      .map((origin) => origin.trim())
      .filter((origin) => origin !== ''),
  )
  .refine((list) => list.every(isOrigin), {
    error: '"*", or origins like https://app.example.com with commas between',
  })

function isOrigin(text: string): boolean {
  return text === '*' || (URL.canParse(text) && new URL(text).origin === text)
}

function authenticationFaults(
  given: Readonly<Record<string, string | undefined>>,
  production: boolean,
): readonly string[] {
  const secret = given.AUTH_JWT_SECRET
  if (secret && given.AUTH_JWKS_URL) {
    return ['AUTH_JWT_SECRET and AUTH_JWKS_URL: wanted one of them, got both']
  }
  if (!production) return []
  if (!secret && !given.AUTH_JWKS_URL) {
    return [
      'AUTH_JWT_SECRET or AUTH_JWKS_URL: wanted one of them in production (a secret from `openssl rand -base64 32`, or the URL of a key set), got neither',
    ]
  }
  if (!secret || Buffer.byteLength(secret) >= minimumSecretBytes) return []
  return [
    `AUTH_JWT_SECRET: wanted at least ${minimumSecretBytes} bytes in production, got ${Buffer.byteLength(secret)}`,
  ]
}

/** Who lets nothing through but the manifest cannot let clients add to it. */
function documentFaults(given: Readonly<Record<string, string | undefined>>): readonly string[] {
  const isOn = onOff.catch(false).parse(given.LOADLINE_APQ)
  if (given.LOADLINE_TRUSTED_DOCUMENTS !== 'require' || !isOn) return []
  return ['LOADLINE_APQ and LOADLINE_TRUSTED_DOCUMENTS=require: wanted one of them, got both']
}

function describe(
  issue: z.core.$ZodIssue,
  given: Readonly<Record<string, string | undefined>>,
): string {
  const name = String(issue.path[0])
  // A URL may hold a password, so only its scheme is shown.
  const came = name.endsWith('_TOKEN')
    ? `${(given[name] ?? '').length}`
    : name.endsWith('_URL')
      ? `one that starts with "${(given[name] ?? '').slice(0, (given[name] ?? '').indexOf(':') + 1)}"`
      : JSON.stringify(given[name])
  return `${name}: wanted ${issue.message}, got ${came}`
}
