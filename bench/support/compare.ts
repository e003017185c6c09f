import type pg from 'pg'
import type { Peer, Place } from '../peers/peers.ts'
import { type Asked, type Contestant, startContestant } from './contestant.ts'
import { type CountedCost, countCosts } from './count-costs.ts'
import { load } from './http-load.ts'
import { median, quantile } from './measure.ts'
import { cpuMsOf } from './server-process.ts'

/** The shares of requests whose latencies are kept. */
export const shares = [0.5, 0.75, 0.9, 0.95, 0.99, 0.999] as const

export interface PeerResult {
  readonly peer: string
  readonly counted: CountedCost
  readonly rounds: readonly PeerRound[]
  /** The most that the process has had after all rounds. */
  readonly peakMemoryMb: number
}

export interface PeerRound {
  readonly perSecond: number
  /** Within how many ms the `shares` of the requests were answered. */
  readonly latenciesMs: readonly number[]
  /** Of the server's process, for each request. */
  readonly cpuMs: number
  readonly postgresqlCpuMs: number
}

export interface WorkloadResult {
  readonly workload: string
  readonly peers: readonly PeerResult[]
}

export interface CompareOptions {
  /** To the server of the databases, not to one of them: they are copied. */
  readonly client: pg.Client
  readonly placeOf: (peer: Peer) => Place
  readonly rounds: number
  /** Of each peer in a round. */
  readonly ms: number
  readonly connections: number
  /** Told when a peer has had its turn. */
  readonly onTurn: (what: string) => void
}

/** Compares what peers answer, counts what it costs, and measures them in turn (A B C, A B C, ...). */
export async function compareWorkload(
  asked: Asked,
  peers: readonly Peer[],
  options: CompareOptions,
): Promise<WorkloadResult> {
  const counted = await countCosts(asked, peers, options.placeOf)
  const contestants: Contestant[] = []
  try {
    const starts = peers.map((peer) => startContestant(peer, asked, options.placeOf(peer)))
    for (const start of await Promise.allSettled(starts)) {
      if (start.status === 'fulfilled') contestants.push(start.value)
    }
    await Promise.all(starts)
    const rounds = await measureInTurn(contestants, asked, options)
    return {
      workload: asked.name,
      peers: contestants.map(({ peer: { name }, server }) => ({
        peer: name,
        counted: counted.get(name) ?? nothing,
        rounds: rounds.get(name) ?? [],
        peakMemoryMb: server.peakMemoryMb(),
      })),
    }
  } finally {
    for (const one of contestants) await one[Symbol.asyncDispose]()
  }
}

async function measureInTurn(
  contestants: readonly Contestant[],
  { name, workload }: Asked,
  options: CompareOptions,
): Promise<ReadonlyMap<string, readonly PeerRound[]>> {
  const connections = workload.connections ?? options.connections
  const rounds = new Map<string, PeerRound[]>()
  for (let round = -1; round < options.rounds; round += 1) {
    for (const one of contestants) {
      // The first one warms up.
      const ms = round < 0 ? options.ms / 2 : options.ms
      const result = await measureOnce(one, { ...options, ms, connections })
      const { name: peer } = one.peer
      if (round >= 0) rounds.set(peer, [...(rounds.get(peer) ?? []), result])
      options.onTurn(`${name}, ${peer}: ${result.perSecond.toFixed(0)} a second`)
    }
  }
  return rounds
}

const nothing = { statements: 0, rows: 0, bytes: 0 }

async function measureOnce(
  { peer, server, next, isHit }: Contestant,
  { client, placeOf, ms, connections }: Omit<CompareOptions, 'rounds' | 'onTurn'>,
): Promise<PeerRound> {
  const pids = await backends(client, placeOf(peer).databaseUrl)
  const before = { server: server.cpuMs(), postgresql: cpuMsOf(pids) }
  const loading = load({ port: server.port, next, connections, ms, isMeasured: isHit })
  const result = await loading.catch((cause) => {
    throw new Error(`${peer.name} was asked and did not answer`, { cause })
  })
  const { requests, failures, latencies } = result
  if (failures > 0) throw new Error(`${peer.name} failed ${failures} of ${requests} times`)
  if (latencies.length < 0.99 * requests) {
    throw new Error(`${peer.name} had kept but ${latencies.length} of ${requests} answers`)
  }
  const after = { server: server.cpuMs(), postgresql: cpuMsOf(pids) }
  return {
    perSecond: latencies.length / result.seconds,
    latenciesMs: shares.map((share) => quantile(latencies, share)),
    cpuMs: (after.server - before.server) / requests,
    postgresqlCpuMs: difference(before.postgresql, after.postgresql) / requests,
  }
}

/** Of those that lived all the while. */
function difference(
  before: ReadonlyMap<number, number>,
  after: ReadonlyMap<number, number>,
): number {
  let sum = 0
  for (const [pid, ms] of after) sum += Number.isNaN(ms) ? 0 : ms - (before.get(pid) ?? ms)
  return sum
}

/** Connections that are open already; a peer that was warmed up opens no more. */
async function backends(client: pg.Client, databaseUrl: string): Promise<readonly number[]> {
  const { rows } = await client.query(
    'SELECT pid FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()',
    [new URL(databaseUrl).pathname.slice(1)],
  )
  return rows.map(({ pid }) => Number(pid))
}

export function middle(result: PeerResult, of: (round: PeerRound) => number): number {
  return median(result.rounds.map(of))
}
