/**
 * How often the mix is answered from a cache that drops answers by tag, as ours does, beside one that
 * drops them by type and an oracle that drops only what would no longer be the same: all of them on
 * one trace of one run. BENCH_DATABASE_URL names a copy of the bench data set: it is written to.
 *
 *   BENCH_DATABASE_URL=... npm run hit-rate -- [calls = 20000] [share of writes = 0.05]
 */
import pg from 'pg'
import { createApp } from '../../src/app.ts'
import { createWriteAnnouncer } from '../../src/cache/announce-writes.ts'
import { createDrainer } from '../../src/capture/create-drainer.ts'
import { parseConfig } from '../../src/config.ts'
import { createLogger } from '../../src/observe/logger.ts'
import { domain } from '../../src/schema/domain.ts'
import { benchUrl, openBenchDatabase } from '../support/bench-database.ts'
import { benchSecret, signForBench } from '../support/bench-secret.ts'
import { printTable } from '../support/report.ts'
import { readDocuments } from './documents.ts'
import { createRandom } from './draw.ts'
import { byTag, byType, oracle } from './policies.ts'
import { choosePopulation } from './population.ts'
import { createRecorder } from './recorder.ts'
import { type Call, createTrace } from './trace.ts'

const calls = Number(process.argv[2] ?? 20_000)
const writeShare = Number(process.argv[3] ?? 0.05)
const seed = 1
const collapseLimits = [10, 25, 50, 100, 200, 1_000]

const documents = readDocuments()
await using database = await openBenchDatabase()
const pool = new pg.Pool({ connectionString: benchUrl() })
const population = await choosePopulation(pool, createRandom(seed))
await pool.end()

const recorder = createRecorder()
// The rows that mutations announce stay in the outbox otherwise.
await using _drainer = createDrainer({ database, announce: async () => 'recorder' })
const log = createLogger('silent')
const announcer = createWriteAnnouncer({ store: recorder, database, log })
await using app = createApp({
  config: parseConfig({ NODE_ENV: 'production', AUTH_JWT_SECRET: benchSecret }),
  database,
  domain,
  log,
  cache: { store: recorder, announcer },
})
const tokens = new Map<string, string>()

const policies = new Map([
  ...collapseLimits.map((limit) => [`by tag, collapsed beyond ${limit}`, byTag(limit)] as const),
  ['by type', byType()] as const,
  ['oracle', oracle()] as const,
])
const hits = new Map([...policies.keys()].map((name) => [name, 0]))
const outcomes = { reads: 0, notStored: 0, writes: 0, refusedWrites: 0 }

await replay()
report()

async function replay(): Promise<void> {
  const nextCall = createTrace({ population, writeShare, seed })
  const warmUp = Math.floor(calls / 3)
  for (let index = 0; index < calls; index += 1) {
    const call = nextCall()
    const result = await ask(call)
    const recorded = recorder.take()
    const isCounted = index >= warmUp
    for (const [name, policy] of policies) {
      if (policy.next(recorded) && isCounted) hits.set(name, (hits.get(name) ?? 0) + 1)
    }
    if (isCounted) count(call, recorded.filled !== undefined, result)
    if (process.stderr.isTTY && index % 100 === 0) process.stderr.write(`\r${index} of ${calls}`)
  }
}

async function ask({
  operation,
  variables,
  viewer,
}: Call): Promise<{ errors?: readonly unknown[] }> {
  const query = documents.get(operation)
  const authorization = viewer === null ? {} : { authorization: `Bearer ${await tokenOf(viewer)}` }
  const response = await app.fetch(
    new Request('http://localhost/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...authorization },
      body: JSON.stringify({ query, operationName: operation, variables }),
    }),
  )
  if (response.status >= 500) throw new Error(`${operation} was answered ${response.status}`)
  return response.json()
}

/** The first third fills the caches and is not counted. */
function count(call: Call, isStored: boolean, { errors }: { errors?: readonly unknown[] }): void {
  if (call.kind === 'mutation') {
    outcomes.writes += 1
    // Enrolled already, for example: it has changed nothing.
    if (errors) outcomes.refusedWrites += 1
    return
  }
  outcomes.reads += 1
  if (!isStored) outcomes.notStored += 1
}

function report(): void {
  const best = hits.get('oracle') ?? 0
  const rows = [...policies].map(([name, { storedTags }]) => {
    const count = hits.get(name) ?? 0
    const share = (of: number) => `${((100 * count) / of).toFixed(1)} %`
    return [name, share(outcomes.reads), share(best), String(storedTags)]
  })
  const { reads, notStored, writes, refusedWrites } = outcomes
  process.stdout.write(
    `${reads} reads, of which ${notStored} may not be stored; ${writes} writes, of which ${refusedWrites} were refused\n\n` +
      `${printTable(['dropped', 'hits', "of the oracle's", 'tags stored'], rows)}\n`,
  )
}

async function tokenOf(userId: string): Promise<string> {
  const known = tokens.get(userId)
  if (known) return known
  const token = await signForBench(userId)
  tokens.set(userId, token)
  return token
}
