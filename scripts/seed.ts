import { parseArgs } from 'node:util'
import { createSeedProgress } from '../prisma/seed/progress.ts'
import { isSeedSize, type SeedSize, seedSizeNames } from '../prisma/seed/seed-size.ts'
import { seedDatabase } from '../prisma/seed.ts'
import { type Config, ConfigError, parseConfig } from '../src/config.ts'
import { AppError } from '../src/errors.ts'
import type { Database } from '../src/sql/database.ts'
import { DatabaseOpenError } from '../src/sql/database-open-error.ts'
import { applyMigrations, findPendingMigrations } from '../src/sql/migrations.ts'
import { openDatabase } from '../src/sql/open-database.ts'

const usage = `npm run db:seed -- --size ${seedSizeNames.join('|')} [--seed N] [--force]`

/** Says what is wrong in one line, without a stack. */
class UsageError extends Error {}

await main().catch((error: unknown) => {
  const isExpected = [UsageError, ConfigError, DatabaseOpenError, AppError].some(
    (type) => error instanceof type,
  )
  console.error(isExpected && error instanceof Error ? error.message : error)
  process.exitCode = 1
})

async function main(): Promise<void> {
  const { size, seed, force } = parseOptions(process.argv.slice(2))
  const config = parseConfig(process.env)
  await using database = await openMigrated(config)
  console.log(`Seeding ${database.description} (${size}, seed number ${seed})`)
  const startedAt = performance.now()
  const progress = createSeedProgress(process.stdout)
  await seedDatabase(database, { size, seed, force, onProgress: progress.show }).finally(
    progress.end,
  )
  console.log(`Done in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`)
}

function parseOptions(args: string[]): { size: SeedSize; seed: number; force: boolean } {
  const { size, seed, force } = parseFlags(args)
  if (!isSeedSize(size)) throw new UsageError(`--size must be one of them, got "${size}": ${usage}`)
  if (!/^\d{1,9}$/.test(seed)) {
    throw new UsageError(`--seed must be a whole number below 10^9, got "${seed}": ${usage}`)
  }
  return { size, seed: Number(seed), force }
}

function parseFlags(args: string[]) {
  try {
    const { values } = parseArgs({
      args,
      options: {
        size: { type: 'string', default: 'demo' },
        seed: { type: 'string', default: '1' },
        force: { type: 'boolean', default: false },
      },
    })
    return values
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : error}\n${usage}`)
  }
}

/** The embedded database is migrated on the way; another one is its owner's to migrate. */
async function openMigrated(config: Config): Promise<Database> {
  // A statement timeout is for requests; emptying a large database takes its time.
  const settings = { ...config.database, poolSize: 1, statementTimeoutMs: 0 }
  const database = await openDatabase(settings, config.dataDirectory)
  if (database.kind === 'pglite') {
    await applyMigrations(database)
    return database
  }
  const pending = await findPendingMigrations(database)
  if (pending.length === 0) return database
  await database[Symbol.asyncDispose]()
  throw new UsageError(`${database.description} lacks migrations: run "npm run db:migrate" first`)
}
