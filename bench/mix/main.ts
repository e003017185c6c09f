/**
 * The mix with 0, 1, 5 and 20 % of writes: Loadline with its cache, without any, and with the stock
 * one instead. Each has a copy of the database and a Redis of its own; they take turns.
 *
 *   BENCH_DATABASE_URL=... npm run mix -- --writes 0,0.05 --rounds 3 --seconds 5
 */
import { parseArgs } from 'node:util'
import { benchUrl, openAdmin } from '../support/bench-database.ts'
import { describeMachine, watchMachine } from '../support/machine.ts'
import { median } from '../support/measure.ts'
import { showProgress } from '../support/progress.ts'
import { printSpread, printTable, ratiosOf } from '../support/report.ts'
import { writeResults } from '../support/results.ts'
import { plotBars } from '../support/svg-bars.ts'
import { prepareMix } from './requests.ts'
import { type MixRound, startMixWays } from './ways.ts'

interface ShareResult {
  readonly share: number
  readonly ways: readonly { readonly name: string; readonly rounds: readonly MixRound[] }[]
}

const { values } = parseArgs({
  options: {
    writes: { type: 'string', default: '0,0.01,0.05,0.2' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '5' },
    /** Requests that fill the caches before anything is measured, with each share of writes. */
    fill: { type: 'string', default: '5000' },
  },
})
const shares = values.writes.split(',').map(Number)
const rounds = Number(values.rounds)
const ms = Number(values.seconds) * 1_000

const mix = await prepareMix(benchUrl())
const admin = await openAdmin(benchUrl())
const machine = await watchMachine(admin)
await admin.end()
await using ways = await startMixWays(benchUrl())
for (const way of ways.all) await way.tellApart(mix.ofTwo)
const progress = showProgress(shares.length * (rounds + 1) * ways.all.length)
const results: ShareResult[] = []
for (const share of shares) results.push({ share, ways: await measureShare(share) })

const text = [describeMachine(machine()), ...results.map(render)].join('\n\n')
await writeResults('mix', {
  json: { machine: machine(), options: values, results },
  md: text,
  svg: plotBars('Throughput of the mix, in times that without a cache', results.map(toBars)),
})
process.stdout.write(`${text}\n`)

/** All are sent the same requests in the same order, as far as each comes. */
async function measureShare(share: number): Promise<ShareResult['ways']> {
  const sent = ways.all.map((way) => ({
    way,
    next: mix.trace(share, 1 + 100 * share),
    rounds: [] as MixRound[],
  }))
  for (const { way, next } of sent) {
    await way.fill(next, Number(values.fill))
    progress.step(`${100 * share} % writes, ${way.name} is filled`)
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const { way, next, rounds: measured } of sent) {
      const result = await way.measure(next, ms)
      measured.push(result)
      progress.step(`${100 * share} % writes, ${way.name}: ${result.perSecond.toFixed(0)} a second`)
    }
  }
  return sent.map(({ way: { name }, rounds: measured }) => ({ name, rounds: measured }))
}

function render({ share, ways: measured }: ShareResult): string {
  const base = measured.find(({ name }) => name === 'no cache')
  const rows = measured.map(({ name, rounds: all }) => [
    name,
    printSpread(
      ratiosOf(all, base?.rounds ?? [], ({ perSecond }) => perSecond),
      2,
    ),
    printSpread(
      all.map(({ perSecond }) => perSecond),
      0,
    ),
    ...[
      median(all.map(({ p50Ms }) => p50Ms)).toFixed(1),
      median(all.map(({ p95Ms }) => p95Ms)).toFixed(1),
      median(all.map(({ cpuMs }) => cpuMs)).toFixed(2),
      `${(100 * median(all.map(({ hitShare }) => hitShare))).toFixed(1)} %`,
      median(all.map(({ memoryMb }) => memoryMb)).toFixed(0),
    ],
  ])
  const head = ['', 'times no cache (rounds)', 'a second (rounds)', 'p50 ms', 'p95 ms', 'CPU ms']
  return `## ${100 * share} % writes\n\n${printTable([...head, 'hits', 'MB'], rows)}`
}

function toBars({ share, ways: measured }: ShareResult) {
  const base = measured.find(({ name }) => name === 'no cache')
  const others = measured.filter((one) => one !== base)
  return {
    name: `${100 * share} % writes`,
    bars: others.map(({ name, rounds: all }) => {
      const found = ratiosOf(all, base?.rounds ?? [], ({ perSecond }) => perSecond)
      return { name, value: median(found), low: Math.min(...found), high: Math.max(...found) }
    }),
  }
}
