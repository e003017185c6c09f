import pg from 'pg'
import { type Peer, peers } from '../peers/peers.ts'
import { benchUrl } from '../support/bench-database.ts'
import { type Contestant, drawFor, startContestant } from '../support/contestant.ts'
import { createDatabases } from '../support/databases.ts'
import { load } from '../support/http-load.ts'
import { median, quantile } from '../support/measure.ts'
import { readRows } from '../workloads/workload.ts'
import { workloads } from '../workloads/workloads.ts'
import type { Curve, Series } from './curve.ts'
import type { GrowthOptions } from './requests.ts'

/** Mutations of one row, each by somebody who waits for it, on a copy of the database. */
export async function growWriters(options: GrowthOptions): Promise<Curve> {
  const sizes = [1, 2, 4, 8, 16]
  const measured = await withServers('mutation', 1, (servers) =>
    measureInTurn(sizes, options, (connections) => ask(servers, connections, options)),
  )
  return {
    name: 'A mutation by the number of writers',
    axes: { x: 'writers', y: 'of a mutation' },
    series: seriesOf(sizes, measured),
  }
}

/** The list of 100, computed each time, asked of one process or of several by twenty clients. */
export async function growProcesses(options: GrowthOptions): Promise<Curve> {
  const sizes = [1, 2, 4]
  const measured = await withServers('list', Math.max(...sizes), (servers) =>
    measureInTurn(sizes, options, (count) => ask(servers.slice(0, count), 20, options)),
  )
  return {
    name: 'A list of 100 by the number of processes',
    axes: { x: 'processes', y: 'of a request' },
    series: seriesOf(sizes, measured),
  }
}

interface Asking {
  readonly p50Ms: number
  readonly cpuMs: number
  /** One over the throughput. */
  readonly everyMs: number
}

async function withServers<T>(
  name: string,
  count: number,
  run: (servers: readonly Contestant[]) => Promise<T>,
): Promise<T> {
  const workload = workloads[name]
  const loadline = peers.find((peer) => peer.name === 'loadline')
  if (!workload || !loadline) throw new Error(`There is no workload ${name}`)
  const reader = new pg.Client({ connectionString: benchUrl() })
  await reader.connect()
  const asked = drawFor(name, workload, await readRows(reader))
  await reader.end()
  await using databases = createDatabases(benchUrl())
  const placeOf = await databases.prepare(workload.kind)
  const servers: Contestant[] = []
  try {
    while (servers.length < count) servers.push(await start(loadline))
    return await run(servers)
  } finally {
    for (const server of servers) await server[Symbol.asyncDispose]()
  }

  function start(peer: Peer): Promise<Contestant> {
    return startContestant(peer, asked, placeOf(peer))
  }
}

/** All clients ask the servers alike, each for one thing at a time. */
async function ask(
  servers: readonly Contestant[],
  connections: number,
  { roundMs: ms }: GrowthOptions,
): Promise<Asking> {
  const cpu = () => servers.reduce((sum, { server }) => sum + server.cpuMs(), 0)
  const before = cpu()
  const each = Math.max(1, connections / servers.length)
  const results = await Promise.all(
    servers.map(({ server: { port }, next }) => load({ port, next, ms, connections: each })),
  )
  const requests = results.reduce((sum, result) => sum + result.requests, 0)
  const failures = results.reduce((sum, result) => sum + result.failures, 0)
  if (failures > 0) throw new Error(`${failures} of ${requests} failed`)
  return {
    p50Ms: quantile(
      results.flatMap(({ latencies }) => latencies),
      0.5,
    ),
    cpuMs: (cpu() - before) / requests,
    everyMs: ms / requests,
  }
}

/** Rounds of all sizes, of which the first warms up. */
async function measureInTurn(
  sizes: readonly number[],
  { rounds }: GrowthOptions,
  run: (size: number) => Promise<Asking>,
): Promise<readonly (readonly Asking[])[]> {
  const found: Asking[][] = sizes.map(() => [])
  for (let round = -1; round < rounds; round += 1) {
    for (const [index, size] of sizes.entries()) {
      const asked = await run(size)
      if (round >= 0) found[index]?.push(asked)
    }
  }
  return found
}

function seriesOf(
  sizes: readonly number[],
  measured: readonly (readonly Asking[])[],
): readonly Series[] {
  const points = (of: (asking: Asking) => number) =>
    sizes.map((size, index) => [size, median((measured[index] ?? []).map(of))] as const)
  return [
    { name: 'p50, ms', points: points(({ p50Ms }) => p50Ms) },
    { name: 'CPU of Node, ms', points: points(({ cpuMs }) => cpuMs) },
    { name: 'ms between two', points: points(({ everyMs }) => everyMs) },
  ]
}
