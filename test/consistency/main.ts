import { parseArgs } from 'node:util'
import { findPostgresql } from '../support/private-postgresql.ts'
import { findRedis } from '../support/private-redis.ts'
import { type FaultName, faults, isFault, troubleWith } from './faults/faults.ts'
import { openArena } from './harness/arena.ts'
import type { HitPath } from './harness/client.ts'
import { renderSummary, renderViolation } from './harness/report.ts'
import { runWorkload } from './harness/run.ts'
import { createRandom } from './workload/random.ts'

const usage = `Usage: npm run check:consistency -- [options]

  --ops N          reads to check (20000)
  --processes P    server processes (3); with --store memory there is one
  --faults LIST    all, none, or some of them with commas between (none):
                   ${Object.keys(faults).join(', ')}
  --store KIND     redis or memory (redis)
  --clients C      who read and write at the same time (8)
  --writes SHARE   the share of writes (0.04)
  --path WAY      of hits: door (stored bytes), longer (explained) or both (both)
  --clocks MS      how far the clock of every second process is ahead (0)
  --seed S         what chance begins with (the time)`

const { values } = parseArgs({
  options: {
    ops: { type: 'string', default: '20000' },
    processes: { type: 'string', default: '3' },
    faults: { type: 'string', default: 'none' },
    store: { type: 'string', default: 'redis' },
    clients: { type: 'string', default: '8' },
    writes: { type: 'string', default: '0.04' },
    clocks: { type: 'string', default: '0' },
    path: { type: 'string', default: 'both' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    help: { type: 'boolean', default: false },
  },
})

/** Whoever is in a hurry asks twice; with the process all servers end that were started. */
const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => (stop.signal.aborted ? process.exit(130) : stop.abort()))
}

if (values.help) console.log(usage)
else process.exitCode = await main()

/** Prints what was found, and gives the exit code. */
async function main(): Promise<number> {
  const withRedis = values.store === 'redis'
  if (!findPostgresql() || (withRedis && !findRedis())) {
    console.error('PostgreSQL and Redis must be installed: the checker starts servers of its own')
    return 2
  }
  const seed = Number(values.seed)
  const names = faultsNamed(values.faults)
  await using arena = await openArena({
    ...{ withRedis, processes: withRedis ? Number(values.processes) : 1 },
    path: pathNamed(values.path),
    aheadMs: (number) => (number % 2 === 1 ? Number(values.clocks) : 0),
    onNote: (event) => console.log(`  ${event}`),
  })
  const random = createRandom(seed + 1)
  let shown = 0
  const trouble = troubleWith(arena, { names, random })
  const result = await runWorkload(arena, {
    ...{ operations: Number(values.ops), seed, clients: Number(values.clients) },
    writeShare: Number(values.writes),
    onProgress: (checked, violations) =>
      console.log(`${checked} reads checked, ${violations} of them wrong`),
    onViolation(violation) {
      shown += 1
      if (shown <= 10) console.log(renderViolation(violation, arena))
    },
    signal: stop.signal,
    ...(trouble && { trouble }),
  })
  for (const lost of result.lost) console.log(`LOST: ${lost}`)
  console.log(renderSummary(result, { seed, slowestOutsideMs: arena.audit.slowestOutsideMs }))
  return result.violations.length + result.lost.length === 0 ? 0 : 1
}

function pathNamed(path: string): HitPath {
  if (path === 'door' || path === 'longer' || path === 'both') return path
  throw new Error(`There is no path "${path}"; there are door, longer and both`)
}

function faultsNamed(list: string): readonly FaultName[] {
  if (list === 'none') return []
  // Object.keys knows no more than string.
  if (list === 'all') return Object.keys(faults) as FaultName[]
  return list.split(',').map((name) => {
    if (isFault(name)) return name
    throw new Error(`There is no fault "${name}"; there are ${Object.keys(faults).join(', ')}`)
  })
}
