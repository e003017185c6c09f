import { benchUrl } from '../support/bench-database.ts'
import { median, quantile } from '../support/measure.ts'
import { createClient, type Sample } from '../support/open-loop.ts'
import { printTable } from '../support/report.ts'
import { startServedApp } from '../support/served-app.ts'
import { signPeople } from './sign-people.ts'

/**
 * What twenty viewers feel of one who asks without pause over sixty connections, on PostgreSQL and
 * without a cache: their times alone and beside the greedy one, by turns. `BENCH_SECONDS` of each
 * phase, `BENCH_ROUNDS`.
 */
const ms = Number(process.env.BENCH_SECONDS ?? 5) * 1_000
const rounds = Number(process.env.BENCH_ROUNDS ?? 6)
const query =
  'query ($n: Int!) { courses(first: $n) { nodes { title teacher { name } lessons(first: 5) { nodes { title } } } } }'

const [greedy = '', ...others] = await signPeople(21)
const server = await startServedApp({ env: { DATABASE_URL: benchUrl() } })
const client = createClient(server.origin)
const ask = (token: string) => {
  const variables = { n: 5 + Math.floor(Math.random() * 10) }
  return client.ask({ token, body: JSON.stringify({ query, variables }) })
}

const alone: (readonly Sample[])[] = []
const beside: (readonly Sample[])[] = []
const blasts: (readonly Sample[])[] = []
for (let round = -1; round < rounds; round += 1) {
  const quiet = await normal()
  const [disturbed, blast] = await Promise.all([normal(), blastAway()])
  if (round < 0) continue // until all is compiled
  alone.push(quiet)
  beside.push(disturbed)
  blasts.push(blast)
}
client.close()
await server.close()

const ratios = alone.map((quiet, round) => p95(beside[round] ?? []) / p95(quiet))
console.log(
  printTable(
    ['who', 'requests', '2xx', '429', '503', 'p50 ms of 2xx', 'p95 ms of 2xx'],
    [
      row('20 viewers alone', alone),
      row('the same beside a greedy one', beside),
      row('the greedy one', blasts),
    ],
  ),
)
console.log(`p95 beside the greedy one: ${median(ratios).toFixed(2)} times that alone`)

/** Each waits a little before they ask again. */
function normal(): Promise<readonly Sample[]> {
  return together(others, () => 200 * (0.5 + Math.random()))
}

function blastAway(): Promise<readonly Sample[]> {
  return together(Array<string>(60).fill(greedy), () => 0)
}

async function together(tokens: readonly string[], pauseMs: () => number) {
  const end = performance.now() + ms
  const samples: Sample[] = []
  const run = async (token: string) => {
    while (performance.now() < end) {
      samples.push(await ask(token))
      const pause = pauseMs()
      if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause))
    }
  }
  await Promise.all(tokens.map(run))
  return samples
}

function p95(samples: readonly Sample[]): number {
  return quantile(okOf(samples), 0.95)
}

function okOf(samples: readonly Sample[]): readonly number[] {
  return samples.filter(({ status }) => status === 200).map((one) => one.ms)
}

function row(who: string, all: readonly (readonly Sample[])[]): readonly string[] {
  const samples = all.flat()
  const share = (status: number) =>
    `${((samples.filter((one) => one.status === status).length / samples.length) * 100).toFixed(1)} %`
  return [
    who,
    String(samples.length),
    ...[200, 429, 503].map(share),
    median(all.map((one) => quantile(okOf(one), 0.5))).toFixed(0),
    median(all.map(p95)).toFixed(0),
  ]
}
