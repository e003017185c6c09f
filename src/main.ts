import { join } from 'node:path'
import { createSeedProgress } from '../prisma/seed/progress.ts'
import { seedDatabase } from '../prisma/seed.ts'
import { answerSettings } from './answer-settings.ts'
import { createApp } from './app.ts'
import { renderBanner } from './banner.ts'
import { identifyAnswers } from './cache/identify-answers.ts'
import { openCache } from './cache/open-cache.ts'
import { shadowStore } from './cache/shadow-store.ts'
import { tellAnnouncements } from './cache/tell-announcements.ts'
import { type Config, ConfigError } from './config.ts'
import { AppError } from './errors.ts'
import { createRateLimit } from './guard/rate-limit.ts'
import { createRedisRateLimit } from './guard/redis-rate-limit.ts'
import { assertPortIsFree, ListenError, serve } from './http/serve.ts'
import { serveOperators } from './http/serve-operators.ts'
import { loadBudgets, loadConfig, loadManifest } from './load-config.ts'
import type { Comparison } from './observe/events.ts'
import { createLogger } from './observe/logger.ts'
import { createObservation } from './observe/observation.ts'
import { openTracing, TracingError } from './observe/open-tracing.ts'
import { profileOnSignal } from './observe/profile-on-signal.ts'
import { domain } from './schema/domain.ts'
import type { Database } from './sql/database.ts'
import { DatabaseOpenError } from './sql/database-open-error.ts'
import { applyMigrations } from './sql/migrations.ts'
import { openDatabase, openOwnConnection } from './sql/open-database.ts'
import { readWarmFile, warmCache } from './warm-cache.ts'

await main().catch((error: unknown) => {
  const isForThePerson = [TracingError, ConfigError, DatabaseOpenError, ListenError].some(
    (type) => error instanceof type,
  )
  console.error(isForThePerson && error instanceof Error ? error.message : error)
  process.exitCode = 1
})

async function main(): Promise<void> {
  const config = await loadConfig(process.env)
  const manifest = await loadManifest(config)
  const budgets = await loadBudgets(config)
  // Before the database: nobody wants to wait for its first start to learn this.
  await assertPortIsFree(config)
  const log = createLogger(config.logLevel)
  await using tracing = await openTracing(process.env)
  const listeners = tracing ? [tracing.listener] : []
  const observation = createObservation({
    ...{ log, manifest, budgets, settings: config.observe, listeners },
  })
  const { events } = observation
  using _profiler = profileOnSignal({ folder: join(config.dataDirectory, 'profiles'), log })
  await using database = await openDatabase(config.database, config.dataDirectory, {
    onConnectionTaken: events.connectionTaken,
    onStatement: (ended) => events.statementEnded(null, ended),
  })
  if (config.database.url === null) await prepareEmbedded(database)

  const { redisUrl, cache: settings } = config
  const { directUrl } = config.database
  await using drained = redisUrl === null ? null : await openOwnConnection(config.database)
  await using cache = openCache({
    settings: { ...settings, redisUrl },
    answers: await identifyAnswers({
      schema: domain.schema,
      settings: answerSettings(config),
    }),
    database,
    drained: drained ?? database,
    lockUrl: directUrl,
    listenUrl: directUrl,
    log,
    wrapStore(store) {
      const tell = (comparison: Comparison) => events.answerCompared(null, comparison)
      const used = config.cache.isShadow ? shadowStore(store, { tell }) : store
      return tellAnnouncements(used, events)
    },
  })
  const { rate: rows } = config.limits
  using rateLimit =
    redisUrl === null
      ? createRateLimit(rows)
      : createRedisRateLimit({ rows, url: redisUrl, namespace: settings.namespace, log })
  await using app = createApp({
    ...{ config, database, domain, log, cache, rateLimit, manifest, observation },
  })
  const server = await serve(app.handler, config)
  const operators = await serveOperators({ config, observation, log })
  const { origin } = server
  const people = domain.demoPeople
  const dashboard = describeDashboard(config, operators?.origin ?? origin)
  await cache.started
  const described = `${cache.describe()}${config.cache.isShadow ? ', a shadow: nothing is served' : ''}`
  console.log(renderBanner({ config, origin, database, cache: described, dashboard, people }))

  const warming = warmUp().catch((error) => log.warn({ err: error }, 'The cache was not warmed'))

  await signalToStop()
  app.startDraining()
  await warming
  await Promise.all([server.drain(), operators?.drain()])

  async function warmUp(): Promise<void> {
    const { warmFile, warmSeconds } = config.cache
    if (warmFile === null) return
    const operations = await readWarmFile(warmFile)
    const budgetMs = warmSeconds * 1_000
    const warmed = await warmCache(
      { config, database, domain, log, cache, manifest },
      { operations, budgetMs },
    )
    log.info(warmed, 'The cache was warmed')
  }
}

/** The embedded database is nobody else's to migrate, and is of no use without people. */
async function prepareEmbedded(database: Database): Promise<void> {
  await applyMigrations(database)
  const progress = createSeedProgress(process.stdout)
  try {
    await seedDatabase(database, { size: 'demo', onProgress: progress.show })
  } catch (error) {
    const hasPeople = error instanceof AppError && error.code === 'CONFLICT'
    if (!hasPeople) throw error
  } finally {
    progress.end()
  }
}

function describeDashboard({ metrics, production }: Config, origin: string): string | null {
  const { token, port } = metrics
  if (token !== null) return `${origin}/dashboard (the password is METRICS_TOKEN)`
  return production && port === null ? null : `${origin}/dashboard`
}

/** The handlers stay: a second signal must not cut off what the first one lets finish. */
function signalToStop(): Promise<void> {
  return new Promise((resolve) => {
    process.on('SIGTERM', () => resolve())
    process.on('SIGINT', () => resolve())
  })
}
