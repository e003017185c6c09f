import { benchUrl } from '../support/bench-database.ts'
import { median, quantile } from '../support/measure.ts'
import { createClient, type Sample } from '../support/open-loop.ts'
import { printTable } from '../support/report.ts'
import { startServedApp } from '../support/served-app.ts'
import { signPeople } from './sign-people.ts'

/**
 * What twenty viewers feel of one who asks without pause over sixty connections, on PostgreSQL and
 * without a cache: their times alone and beside the greedy one, by turns; and how much the greedy one
 * gets done over six connections with nobody else there. `BENCH_SECONDS` of each phase,
 * `BENCH_ROUNDS`; `BENCH_LIMITS="|executionsPerViewer=1"` compares limits, each with a server of its
 * own, in the same rounds.
 */
const ms = Number(process.env.BENCH_SECONDS ?? 5) * 1_000
const rounds = Number(process.env.BENCH_ROUNDS ?? 6)
const query =
  'query ($n: Int!) { courses(first: $n) { nodes { title teacher { name } lessons(first: 5) { nodes { title } } } } }'

const settings = (process.env.BENCH_LIMITS ?? '').split('|')

const [greedy = '', ...others] = await signPeople(21)
const places = await Promise.all(
  settings.map(async (limits) => {
    const env = { DATABASE_URL: benchUrl(), LOADLINE_LIMITS: limits }
    const server = await startServedApp({ env })
    const phases: Phases = { alone: [], beside: [], blasts: [], single: [] }
    return { limits, server, client: createClient(server.origin), phases }
  }),
)

for (let round = -1; round < rounds; round += 1) {
  for (const { client, phases } of places) {
    const quiet = await normal(client)
    const [disturbed, blast] = await Promise.all([normal(client), blastAway(client, 60)])
    const single = await blastAway(client, 6)
    if (round < 0) continue // until all is compiled
    phases.alone.push(quiet)
    phases.beside.push(disturbed)
    phases.blasts.push(blast)
    phases.single.push(single)
  }
}
for (const { client, server } of places) {
  client.close()
  await server.close()
}

for (const { limits, phases } of places) {
  const { alone, beside, blasts, single } = phases
  if (limits) console.log(`\n${limits}`)
  console.log(
    printTable(
      ['who', 'a second', '2xx', '429', '503', 'p50 ms of 2xx', 'p95 ms of 2xx'],
      [
        row('20 viewers alone', alone),
        row('the same beside a greedy one', beside),
        row('the greedy one', blasts),
        row('the greedy one alone, 6 connections', single),
      ],
    ),
  )
  const times = (quantileOf: (samples: readonly Sample[]) => number) =>
    median(alone.map((quiet, round) => quantileOf(beside[round] ?? []) / quantileOf(quiet)))
  console.log(
    `beside the greedy one: p50 ${times(p50).toFixed(2)}, p95 ${times(p95).toFixed(2)} times that alone`,
  )
}

type Client = ReturnType<typeof createClient>
type Phases = Record<'alone' | 'beside' | 'blasts' | 'single', (readonly Sample[])[]>

/** Each waits a little before they ask again. */
function normal(client: Client): Promise<readonly Sample[]> {
  return together(client, others, () => 200 * (0.5 + Math.random()))
}

function blastAway(client: Client, connections: number): Promise<readonly Sample[]> {
  return together(client, Array<string>(connections).fill(greedy), () => 0)
}

async function together(client: Client, tokens: readonly string[], pauseMs: () => number) {
  const end = performance.now() + ms
  const samples: Sample[] = []
  const run = async (token: string) => {
    while (performance.now() < end) {
      const variables = { n: 5 + Math.floor(Math.random() * 10) }
      samples.push(await client.ask({ token, body: JSON.stringify({ query, variables }) }))
      const pause = pauseMs()
      if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause))
    }
  }
  await Promise.all(tokens.map(run))
  return samples
}

function p50(samples: readonly Sample[]): number {
  return quantile(okOf(samples), 0.5)
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
    (samples.length / all.length / (ms / 1_000)).toFixed(0),
    ...[200, 429, 503].map(share),
    median(all.map(p50)).toFixed(1),
    median(all.map(p95)).toFixed(1),
  ]
}
