/**
 * The mix, open loop, against the product as it runs in production on PostgreSQL and Redis: the highest
 * rate at which p95 stays under 100 ms, what happens at once, twice and four times that, and, where
 * asked for, whether memory stays where it is. BENCH_DATABASE_URL names a copy of the bench data set:
 * it is written to. Redis is that of BENCH_REDIS_URL, else a private one.
 *
 *   BENCH_DATABASE_URL=... npm run arrivals -- --writes 0.05 --seconds 15 --soak 60
 */
import { parseArgs } from 'node:util'
import { startPrivateRedis } from '../../test/support/private-redis.ts'
import { arrive } from '../support/arrivals.ts'
import { benchUrl, openAdmin } from '../support/bench-database.ts'
import { benchSecret } from '../support/bench-secret.ts'
import { describeMachine, watchMachine } from '../support/machine.ts'
import { quantile } from '../support/measure.ts'
import { product } from '../support/product.ts'
import { printTable } from '../support/report.ts'
import { writeResults } from '../support/results.ts'
import { startServer } from '../support/server-process.ts'
import { plotLogLog } from '../support/svg-plot.ts'
import { createRandom } from './draw.ts'
import { findHighest } from './find-highest.ts'
import { prepareMix } from './requests.ts'
import { soak } from './soak.ts'

const { values } = parseArgs({
  options: {
    writes: { type: 'string', default: '0.05' },
    /** Of each rate. */
    seconds: { type: 'string', default: '15' },
    /** The rate to begin with. */
    from: { type: 'string', default: '50' },
    /** Minutes at half of the highest rate. */
    soak: { type: 'string', default: '0' },
  },
})
const ms = Number(values.seconds) * 1_000
const bearableMs = 100
const random = createRandom(1)

const admin = await openAdmin(benchUrl())
const machine = await watchMachine(admin)
await admin.end()
const next = (await prepareMix(benchUrl())).trace(Number(values.writes), 1)
await using redis = process.env.BENCH_REDIS_URL
  ? { url: process.env.BENCH_REDIS_URL, async [Symbol.asyncDispose]() {} }
  : await startPrivateRedis()
await using server = await startServer({
  ...product,
  env: {
    ...{ DATABASE_URL: benchUrl(), REDIS_URL: redis.url, AUTH_JWT_SECRET: benchSecret },
    ...{ CACHE_NAMESPACE: 'arrivals', LOG_LEVEL: 'warn' },
  },
})

await run(Number(values.from), 'warms up')
const { highest, tried } = await findHighest({
  from: Number(values.from),
  run: (rate) => run(rate, 'looks for the highest rate'),
  isBearable: ({ p95Ms, refused }) => p95Ms < bearableMs && refused < 0.01,
})
const beyond: (RateResult & { readonly times: number })[] = []
for (const times of [1, 2, 4]) {
  beyond.push({ times, ...(await run(highest * times, `${times} times`)) })
}
const minutes = Number(values.soak)
const soaked =
  minutes > 0 ? await soak({ minutes, server, run: () => run(highest / 2, 'soaks') }) : null

const text = [
  describeMachine(machine()),
  `Up to ${highest.toFixed(0)} a second p95 is under ${bearableMs} ms.`,
  renderRuns(tried.map((one) => ['', one])),
  renderRuns(beyond.map((one) => [`${one.times} times`, one])),
  ...(soaked ? [soaked.text] : []),
].join('\n\n')
await writeResults('arrivals', {
  json: { machine: machine(), options: values, highest, tried, beyond, soak: soaked?.samples },
  md: text,
  svg: plotLogLog('The mix as it comes', { x: 'requests a second', y: 'ms' }, curves()),
})
if (soaked) await writeResults('soak', { svg: soaked.svg })
process.stdout.write(`${text}\n`)

/** What came of so many requests a second. */
export interface RateResult {
  readonly perSecond: number
  readonly answered: number
  readonly p50Ms: number
  readonly p95Ms: number
  readonly p99Ms: number
  /** Of all requests, those that were refused or failed. */
  readonly refused: number
  readonly statuses: Readonly<Record<string, number>>
  readonly cores: number
  readonly memoryMb: number
}

async function run(perSecond: number, why: string): Promise<RateResult> {
  process.stderr.write(`${perSecond.toFixed(0)} a second: ${why}\n`)
  const cpuMs = server.cpuMs()
  const { sent, seconds, statuses, latencies } = await arrive({
    ...{ port: server.port, perSecond, ms, random, connections: 256, next },
  })
  const percentile = (share: number) => quantile(latencies, share)
  return {
    perSecond,
    answered: latencies.length / seconds,
    ...{ p50Ms: percentile(0.5), p95Ms: percentile(0.95), p99Ms: percentile(0.99) },
    refused: 1 - (statuses.get(200) ?? 0) / sent,
    statuses: Object.fromEntries(statuses),
    cores: (server.cpuMs() - cpuMs) / 1_000 / seconds,
    memoryMb: server.memoryMb(),
  }
}

function renderRuns(runs: readonly (readonly [string, RateResult])[]): string {
  const rows = runs.map(([name, one]) => {
    const sent = Object.values(one.statuses).reduce((sum, count) => sum + count, 0)
    const percent = (status: number) =>
      `${((100 * (one.statuses[status] ?? 0)) / sent).toFixed(2)} %`
    return [
      ...[name, one.perSecond.toFixed(0), one.answered.toFixed(0)],
      ...[200, 429, 503].map(percent),
      ...[one.p50Ms, one.p95Ms, one.p99Ms].map((value) => value.toFixed(1)),
      ...[one.cores.toFixed(2), one.memoryMb.toFixed(0)],
    ]
  })
  const head = ['', 'a second', 'answered', '200', '429', '503', 'p50 ms', 'p95 ms', 'p99 ms']
  return printTable([...head, 'cores', 'MB'], rows)
}

function curves() {
  const all = [...tried, ...beyond].sort((left, right) => left.perSecond - right.perSecond)
  return (['p50Ms', 'p95Ms', 'p99Ms'] as const).map((of) => ({
    name: of.replace('Ms', ''),
    points: all.map((one) => [one.perSecond, one[of]] as const),
  }))
}
