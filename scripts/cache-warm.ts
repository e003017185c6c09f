import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { answerSettings } from '../src/answer-settings.ts'
import { identifyAnswers } from '../src/cache/identify-answers.ts'
import { openCache } from '../src/cache/open-cache.ts'
import { ConfigError } from '../src/config.ts'
import { loadConfig, loadManifest } from '../src/load-config.ts'
import { createLogger } from '../src/observe/logger.ts'
import { domain } from '../src/schema/domain.ts'
import { DatabaseOpenError } from '../src/sql/database-open-error.ts'
import { openDatabase } from '../src/sql/open-database.ts'
import { readWarmFile, warmCache } from '../src/warm-cache.ts'

const usage = 'npm run cache:warm -- FILE [--concurrency 4] [--seconds 30]'

await main().catch((error: unknown) => {
  const isExpected = [ConfigError, DatabaseOpenError].some((type) => error instanceof type)
  console.error(isExpected && error instanceof Error ? error.message : error)
  process.exitCode = 1
})

/** Computes the answers of a file into Redis, for servers with the same configuration. */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      concurrency: { type: 'string', default: '4' },
      seconds: { type: 'string', default: '30' },
    },
  })
  const [path] = positionals
  const config = await loadConfig(process.env)
  if (!path) throw new ConfigError([usage])
  if (config.redisUrl === null) {
    throw new ConfigError(['REDIS_URL: wanted, as what this process keeps by itself ends with it'])
  }
  const operations = await readWarmFile(path)
  const manifest = await loadManifest(config)
  const log = createLogger('warn')
  await using database = await openDatabase(config.database, config.dataDirectory)
  await using cache = openCache({
    settings: { ...config.cache, redisUrl: config.redisUrl },
    answers: await identifyAnswers({ schema: domain.schema, settings: answerSettings(config) }),
    ...{ database, log },
  })
  // Until the outbox was read, nothing is stored.
  await pause(500)
  const warmed = await warmCache(
    { config, database, domain, cache, log, manifest },
    {
      operations,
      concurrency: Number(values.concurrency),
      budgetMs: Number(values.seconds) * 1_000,
      onProgress: showProgress,
    },
  )
  // Answers are stored behind their requests.
  await pause(500)
  if (process.stderr.isTTY) process.stderr.write('\n')
  const { counts } = await cache.store.describe()
  const { asked, total, failed } = warmed
  console.log(`${asked} of ${total} asked, ${counts.fills} entries stored, ${failed} with errors`)
  if (failed > 0) process.exitCode = 1
}

function showProgress(done: number, total: number): void {
  if (!process.stderr.isTTY) return
  const filled = Math.round((done / total) * 30)
  process.stderr.write(`\r[${'#'.repeat(filled).padEnd(30, '.')}] ${done} of ${total}`)
}
