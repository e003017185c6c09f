import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ConfigError, configDefaults, parseConfig } from '../src/config.ts'
import { loadConfig } from '../src/load-config.ts'

const secret = 'x'.repeat(32)

describe('in development', () => {
  test('nothing needs to be configured', () => {
    expect(parseConfig({})).toMatchObject({
      production: false,
      port: 4000,
      host: '127.0.0.1',
      dataDirectory: '.loadline',
      graphiql: true,
      introspection: true,
      corsOrigins: [],
      redisUrl: null,
      database: { url: null, directUrl: null, poolSize: 20 },
      auth: { secret: null, jwksUrl: null, issuer: null, audience: null },
    })
  })

  test('a variable that is empty counts as not set', () => {
    expect(parseConfig({ PORT: '', DATABASE_URL: ' ' })).toEqual(parseConfig({}))
  })

  test('a secret is made once and kept in a file that only its owner may read', async () => {
    await using folder = await temporaryFolder()
    const env = { LOADLINE_DATA_DIR: join(folder.path, 'data') }
    const configs = await Promise.all([loadConfig(env), loadConfig(env), loadConfig(env)])
    const again = await loadConfig(env)
    const { mode } = await stat(join(env.LOADLINE_DATA_DIR, 'jwt-secret'))

    expect(again.auth.secret).toMatch(/^[\w-]{43}$/)
    expect(configs.map(({ auth }) => auth.secret)).toEqual(Array(3).fill(again.auth.secret))
    expect(mode & 0o777).toBe(0o600)
  })
})

describe('in production', () => {
  test('a secret or a key set must be configured', () => {
    expect(faultsOf({ NODE_ENV: 'production' })).toEqual([
      expect.stringContaining('AUTH_JWT_SECRET or AUTH_JWKS_URL'),
    ])
    expect(faultsOf({ NODE_ENV: 'production', AUTH_JWKS_URL: 'https://keys.example/set' })).toEqual(
      [],
    )
  })

  test('a secret below 32 bytes is refused, and not repeated', () => {
    const faults = faultsOf({ NODE_ENV: 'production', AUTH_JWT_SECRET: 'hunter2' })

    expect(faults).toEqual(['AUTH_JWT_SECRET: wanted at least 32 bytes in production, got 7'])
  })

  test('it listens everywhere, and keeps GraphiQL and the schema to itself', () => {
    expect(parseConfig({ NODE_ENV: 'production', AUTH_JWT_SECRET: secret })).toMatchObject({
      production: true,
      host: '0.0.0.0',
      graphiql: false,
      introspection: false,
      logLevel: 'info',
    })
  })
})

test('all faults are reported at once, each with what is wanted and what came', () => {
  const faults = faultsOf({
    PORT: '70000',
    DATABASE_POOL_SIZE: 'many',
    DATABASE_URL: 'mysql://root:hunter2@db/x',
    REDIS_URL: 'localhost:6379',
    LOG_LEVEL: 'loud',
    LOADLINE_GRAPHIQL: 'maybe',
    CORS_ORIGINS: 'https://a.example, https://b.example/path',
    AUTH_JWT_SECRET: secret,
    AUTH_JWKS_URL: 'https://keys.example/set',
  })

  expect(faults.map((fault) => fault.slice(0, fault.indexOf(':')))).toEqual([
    'PORT',
    'LOADLINE_GRAPHIQL',
    'DATABASE_URL',
    'DATABASE_POOL_SIZE',
    'REDIS_URL',
    'LOG_LEVEL',
    'CORS_ORIGINS',
    'AUTH_JWT_SECRET and AUTH_JWKS_URL',
  ])
  expect(faults[0]).toBe('PORT: wanted a whole number from 0 to 65535, got "70000"')
  expect(faults.join()).not.toMatch(/hunter2|xxxx/)
})

test('what the cache is told is checked, and its password not repeated', () => {
  const faults = [
    { REDIS_URL: 'redis://:hunter2@host/zero' },
    { REDIS_URL: 'redis://' },
    { REDIS_URL: 'http://:hunter2@host' },
    { CACHE: 'perhaps' },
    { CACHE_NAMESPACE: 'two words' },
    { CACHE_NAMESPACE: '{braces}' },
    { CACHE_MAX_ENTRY_BYTES: '1' },
    { CACHE_MEMORY_BYTES: '64MB' },
  ].flatMap(faultsOf)

  expect(faults).toHaveLength(8)
  expect(faults.join()).not.toContain('hunter2')
  for (const REDIS_URL of [
    'redis://host',
    'rediss://:p%40ss@host:6380/3',
    'redis://u:p@[::1]:1/',
  ]) {
    expect(parseConfig({ REDIS_URL }).redisUrl).toBe(REDIS_URL)
  }
})

test('the table of defaults is what a configuration has without variables', () => {
  const config = parseConfig({})

  expect(config.port).toBe(configDefaults.PORT.development)
  expect(config.database.statementTimeoutMs).toBe(
    configDefaults.DATABASE_STATEMENT_TIMEOUT_MS.development,
  )
})

function faultsOf(env: Readonly<Record<string, string>>): readonly string[] {
  try {
    parseConfig(env)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.faults
    throw error
  }
}

async function temporaryFolder(): Promise<{ readonly path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'loadline-config-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) }
}
