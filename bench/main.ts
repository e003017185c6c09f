/**
 * Loadline side by side with what a user would pick instead: each workload on each peer, which take
 * turns. Every peer's answer is compared with Loadline's before it is timed.
 *
 *   npm ci --prefix peers
 *   BENCH_DATABASE_URL=... npm run bench -- --workload nested --peer json,postgraphile --rounds 3
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { cpus, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { peers } from './peers/peers.ts'
import { prepareForPeers } from './peers/prepare.ts'
import { benchUrl } from './support/bench-database.ts'
import { compareWorkload, type WorkloadResult } from './support/compare.ts'
import { generatePrismaClients } from './support/prisma-client.ts'
import { drawRatios, renderMarkdown } from './support/render.ts'
import { readRows, workloads } from './workloads/workloads.ts'

const { values } = parseArgs({
  options: {
    workload: { type: 'string', default: Object.keys(workloads).join() },
    peer: { type: 'string', default: peers.map(({ name }) => name).join() },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '4' },
    connections: { type: 'string', default: '20' },
  },
})
const names = (list: string, known: readonly string[]) => {
  for (const name of list.split(',')) {
    if (!known.includes(name)) throw new Error(`Not one of ${known.join(', ')}: ${name}`)
  }
  return list.split(',')
}
const chosen = names(values.workload, Object.keys(workloads))
const wanted = names(
  values.peer,
  peers.map(({ name }) => name),
)
const compared = peers.filter(({ name }) => name === 'loadline' || wanted.includes(name))

generatePrismaClients({ forPothos: true })
const client = new pg.Client({ connectionString: benchUrl() })
await client.connect()
await prepareForPeers(client)
const rows = await readRows(client)
const results: WorkloadResult[] = []
for (const name of chosen) {
  const workload = workloads[name]
  if (!workload) continue
  results.push(
    await compareWorkload(
      { name, workload, variables: workload.draw(rows) },
      compared.filter((peer) => peer.workloads.includes(name)),
      {
        client,
        databaseUrl: benchUrl(),
        rounds: Number(values.rounds),
        ms: Number(values.seconds) * 1_000,
        connections: Number(values.connections),
      },
    ),
  )
}
await client.end()

const machine = {
  node: process.version,
  cores: cpus().length,
  model: cpus()[0]?.model ?? '',
  load: loadavg().map((one) => one.toFixed(2)),
}
const text = renderMarkdown(results, machine)
const folder = new URL('results/', import.meta.url)
await mkdir(folder, { recursive: true })
await writeFile(
  new URL('peers.json', folder),
  JSON.stringify({ machine, options: values, results }, null, 2),
)
await writeFile(new URL('peers.md', folder), text)
await writeFile(new URL('peers.svg', folder), drawRatios(results))
process.stdout.write(`${text}\n`)
