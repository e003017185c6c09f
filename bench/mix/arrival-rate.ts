/**
 * The mix at rising rates, open loop, against the product as it runs in production on PostgreSQL and
 * Redis: up to which rate p95 stays under 100 ms, and what happens beyond. BENCH_DATABASE_URL names a
 * copy of the bench data set: it is written to. Redis is that of BENCH_REDIS_URL, else a private one.
 *
 *   BENCH_DATABASE_URL=... npm run arrivals -- [share of writes = 0.05] [rates = 250,500,1000,2000]
 */
import pg from 'pg'
import { signToken } from '../../src/guard/sign-token.ts'
import { startPrivateRedis } from '../../test/support/private-redis.ts'
import { arrive } from '../support/arrivals.ts'
import { benchUrl } from '../support/bench-database.ts'
import { writeRequest } from '../support/http-load.ts'
import { quantile } from '../support/measure.ts'
import { printTable } from '../support/report.ts'
import { startServer } from '../support/server-process.ts'
import { readDocuments } from './documents.ts'
import { createRandom } from './draw.ts'
import { choosePopulation } from './population.ts'
import { createTrace } from './trace.ts'

const [, , share = '0.05', rateList = '250,500,1000,2000'] = process.argv
const rates = rateList.split(',').map(Number)
const ms = Number(process.env.BENCH_SECONDS ?? 15) * 1_000
const secret = 'a secret of the bench, which is long enough'
const random = createRandom(1)

const pool = new pg.Pool({ connectionString: benchUrl() })
const population = await choosePopulation(pool, random)
await pool.end()
const people = [...population.students, ...population.teachers, ...population.admins]
const tokens = new Map<string, string>()
for (const { id } of people) {
  tokens.set(id, await signToken(id, { secret, issuer: null, audience: null }))
}
const documents = readDocuments()
const nextCall = createTrace({ population, writeShare: Number(share), seed: 1 })

await using redis = process.env.BENCH_REDIS_URL
  ? { url: process.env.BENCH_REDIS_URL, async [Symbol.asyncDispose]() {} }
  : await startPrivateRedis()
await using server = await startServer({
  script: 'src/main.ts',
  cwd: '..',
  env: {
    ...{ DATABASE_URL: benchUrl(), REDIS_URL: redis.url, AUTH_JWT_SECRET: secret },
    ...{ CACHE_NAMESPACE: 'arrivals', LOG_LEVEL: 'warn' },
  },
})
await run(Math.min(...rates), ms)
const rows = []
for (const rate of rates) rows.push(await run(rate, ms))
process.stdout.write(
  `${printTable(
    [
      'a second',
      'answered',
      '2xx',
      '429',
      '503',
      'others',
      'p50 ms',
      'p95 ms',
      'p99 ms',
      'cores',
      'MB',
    ],
    rows,
  )}\n`,
)

async function run(perSecond: number, forMs: number): Promise<readonly string[]> {
  const cpu = server.cpuMs()
  const { sent, seconds, statuses, latencies } = await arrive({
    ...{ port: server.port, perSecond, ms: forMs, random, connections: 256, next: nextRequest },
  })
  const of = (status: number) => statuses.get(status) ?? 0
  const percent = (count: number) => `${((100 * count) / sent).toFixed(2)} %`
  return [
    String(perSecond),
    (latencies.length / seconds).toFixed(0),
    ...[of(200), of(429), of(503), sent - of(200) - of(429) - of(503)].map(percent),
    ...[0.5, 0.95, 0.99].map((share) => quantile(latencies, share).toFixed(1)),
    ((server.cpuMs() - cpu) / 1_000 / seconds).toFixed(2),
    server.memoryMb().toFixed(0),
  ]
}

function nextRequest() {
  const { operation, variables, viewer } = nextCall()
  const token = viewer === null ? null : tokens.get(viewer)
  return writeRequest({
    path: '/graphql',
    body: JSON.stringify({ query: documents.get(operation), operationName: operation, variables }),
    headers: { 'accept-encoding': 'gzip', ...(token && { authorization: `Bearer ${token}` }) },
  })
}
