import { benchUrl } from '../support/bench-database.ts'
import { median, quantile } from '../support/measure.ts'
import { createClient, type Sample } from '../support/open-loop.ts'
import { printTable } from '../support/report.ts'
import { startServedApp } from '../support/served-app.ts'
import { signPeople } from './sign-people.ts'

/**
 * What those who are let in feel when more comes than there is, on PostgreSQL and without a cache:
 * first the most that the server answers to clients who wait for each other (saturation), then
 * requests that come at random, whoever waits: once, twice and four times as many. In rounds, of which
 * the median counts. `BENCH_SECONDS` of each phase, `BENCH_ROUNDS`; `LOADLINE_LIMITS` for others.
 */
const ms = Number(process.env.BENCH_SECONDS ?? 8) * 1_000
const rounds = Number(process.env.BENCH_ROUNDS ?? 3)
const query =
  'query ($n: Int!) { courses(first: $n) { nodes { title teacher { name } stats { enrollmentCount } lessons(first: 10) { nodes { title durationMinutes } } } } }'

/** As many as run and a few more: who asks more does not get more. */
const clients = 14

const tokens = await signPeople(400)
const { LOADLINE_LIMITS = '' } = process.env
const server = await startServedApp({ env: { DATABASE_URL: benchUrl(), LOADLINE_LIMITS } })
const client = createClient(server.origin)
await client.closedLoop(clients, ms, next)

interface Phase {
  readonly samples: readonly Sample[]
  readonly cpuUs: number
}

const phases: Record<string, Phase[]> = {}
for (let round = 0; round < rounds; round += 1) {
  const saturated = await measure(`${clients} who wait`, () => client.closedLoop(clients, ms, next))
  const most = okOf(saturated).length / (ms / 1_000)
  for (const times of [0.5, 1, 2, 4]) {
    await measure(`${times} times that`, () => client.openLoop(most * times, ms, next))
  }
}
client.close()
await server.close()

console.log(
  printTable(
    ['load', 'asked a second', '2xx', '429', '503', '2xx a second', 'p50 ms', 'p95 ms', 'CPU us'],
    Object.entries(phases).map(([name, all]) => [
      name,
      print(all, ({ samples }) => samples.length / (ms / 1_000)),
      ...[200, 429, 503].map((status) => `${print(all, (one) => share(one, status) * 100)} %`),
      print(all, (one) => okOf(one).length / (ms / 1_000)),
      ...[0.5, 0.95].map((q) => print(all, (one) => quantile(okOf(one), q))),
      print(all, ({ cpuUs, samples }) => cpuUs / samples.length),
    ]),
  ),
)

async function measure(name: string, run: () => Promise<readonly Sample[]>): Promise<Phase> {
  const before = await server.cpuUs()
  const samples = await run()
  const phase = { samples, cpuUs: (await server.cpuUs()) - before }
  phases[name] = [...(phases[name] ?? []), phase]
  // What still waits is not the next phase's.
  await new Promise((resolve) => setTimeout(resolve, 1_000))
  return phase
}

function next() {
  const token = tokens[Math.floor(Math.random() * tokens.length)] ?? ''
  const variables = { n: 20 + Math.floor(Math.random() * 20) }
  return { token, body: JSON.stringify({ query, variables }) }
}

/** How long those took that were answered. */
function okOf({ samples }: Phase): readonly number[] {
  return samples.filter(({ status }) => status === 200).map((one) => one.ms)
}

function share({ samples }: Phase, status: number): number {
  return samples.filter((one) => one.status === status).length / samples.length
}

function print(all: readonly Phase[], value: (phase: Phase) => number): string {
  return median(all.map(value)).toFixed(value.length > 1 ? 1 : 0)
}
