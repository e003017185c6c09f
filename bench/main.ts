/**
 * Loadline side by side with what a user would pick instead: each workload on each peer, which take
 * turns. Every peer's answer is compared with Loadline's before it is timed.
 *
 *   npm ci --prefix peers
 *   BENCH_DATABASE_URL=... npm run bench -- --workload nested --peer json,postgraphile --rounds 3
 */
import { parseArgs } from 'node:util'
import pg from 'pg'
import { peers } from './peers/peers.ts'
import { prepareForPeers } from './peers/prepare.ts'
import { benchUrl, openAdmin } from './support/bench-database.ts'
import { compareWorkload, type WorkloadResult } from './support/compare.ts'
import { drawFor } from './support/contestant.ts'
import { createDatabases } from './support/databases.ts'
import { watchMachine } from './support/machine.ts'
import { generatePrismaClients } from './support/prisma-client.ts'
import { showProgress } from './support/progress.ts'
import { drawLatencies, drawRatios, renderMarkdown } from './support/render.ts'
import { writeResults } from './support/results.ts'
import { readRows } from './workloads/workload.ts'
import { workloads } from './workloads/workloads.ts'

const { values } = parseArgs({
  options: {
    workload: { type: 'string', default: Object.keys(workloads).join() },
    peer: { type: 'string', default: peers.map(({ name }) => name).join() },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '4' },
    connections: { type: 'string', default: '20' },
  },
})
const chosen = choose(values.workload, Object.keys(workloads))
const wanted = choose(
  values.peer,
  peers.map(({ name }) => name),
)
const comparedIn = (workload: string) =>
  peers.filter(
    ({ name, workloads }) =>
      workloads.includes(workload) && (name === 'loadline' || wanted.includes(name)),
  )
const rounds = Number(values.rounds)

generatePrismaClients({ forPothos: true })
const rows = await readBenchRows()
const client = await openAdmin(benchUrl())
const machine = await watchMachine(client)
const turns = chosen.reduce((sum, name) => sum + comparedIn(name).length * (rounds + 1), 0)
const progress = showProgress(turns)
const results: WorkloadResult[] = []
await using databases = createDatabases(benchUrl())
for (const name of chosen) {
  const workload = workloads[name]
  if (!workload) continue
  results.push(
    await compareWorkload(drawFor(name, workload, rows), comparedIn(name), {
      client,
      placeOf: await databases.prepare(workload.kind),
      rounds,
      ms: Number(values.seconds) * 1_000,
      connections: Number(values.connections),
      onTurn: progress.step,
    }),
  )
}
await client.end()

const text = renderMarkdown(results, machine())
await writeResults('peers', {
  json: { machine: machine(), options: values, results },
  md: text,
  svg: drawRatios(results),
})
for (const result of results) {
  await writeResults(`latency-${result.workload}`, { svg: drawLatencies(result) })
}
process.stdout.write(`${text}\n`)

function choose(list: string, known: readonly string[]): readonly string[] {
  for (const name of list.split(',')) {
    if (!known.includes(name)) throw new Error(`Not one of ${known.join(', ')}: ${name}`)
  }
  return list.split(',')
}

/** Nobody may be connected to a database that is copied later. */
async function readBenchRows() {
  const reader = new pg.Client({ connectionString: benchUrl() })
  await reader.connect()
  await prepareForPeers(reader)
  const found = await readRows(reader)
  await reader.end()
  return found
}
