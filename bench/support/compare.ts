import { deepStrictEqual } from 'node:assert'
import type pg from 'pg'
import type { Peer } from '../peers/peers.ts'
import type { Variables, Workload } from '../workloads/workloads.ts'
import { load, open, type RawRequest, readJson, writeRequest } from './http-load.ts'
import { median, quantile } from './measure.ts'
import { cpuMsOf, type ServerProcess } from './server-process.ts'

export interface PeerResult {
  readonly peer: string
  readonly rounds: readonly PeerRound[]
}

export interface PeerRound {
  readonly perSecond: number
  readonly p50Ms: number
  readonly p95Ms: number
  readonly p99Ms: number
  /** Of the server's process, for each request. */
  readonly cpuMs: number
  readonly postgresqlCpuMs: number
  readonly bytes: number
  readonly memoryMb: number
}

export interface WorkloadResult {
  readonly workload: string
  readonly peers: readonly PeerResult[]
}

export interface CompareOptions {
  readonly client: pg.Client
  readonly databaseUrl: string
  readonly rounds: number
  /** Of each peer in a round. */
  readonly ms: number
  readonly connections: number
}

interface Asked {
  readonly name: string
  readonly workload: Workload
  readonly variables: readonly Variables[]
}

/** A peer that is up, with all that it is sent. */
interface Contestant {
  readonly peer: Peer
  readonly server: ServerProcess
  readonly requests: readonly RawRequest[]
}

/**
 * Starts all peers, compares their answers, and measures them in turn (A B C, A B C, ...).
 * @throws AssertionError when one of them answers something else than Loadline
 */
export async function compareWorkload(
  asked: Asked,
  peers: readonly Peer[],
  options: CompareOptions,
): Promise<WorkloadResult> {
  const contestants: Contestant[] = []
  try {
    for (const peer of peers) {
      const server = await peer.start(options.databaseUrl)
      contestants.push({ peer, server, requests: writeRequests(peer, asked) })
    }
    await compareAnswers(contestants, asked)
    for (const one of contestants) await measureOnce(one, { ...options, ms: options.ms / 2 })
    const rounds = new Map<string, PeerRound[]>()
    for (let round = 0; round < options.rounds; round += 1) {
      for (const one of contestants) {
        const measured = await measureOnce(one, options)
        rounds.set(one.peer.name, [...(rounds.get(one.peer.name) ?? []), measured])
        showProgress(asked.name, one.peer.name, measured)
      }
    }
    return {
      workload: asked.name,
      peers: [...rounds].map(([peer, all]) => ({ peer, rounds: all })),
    }
  } finally {
    for (const { server } of contestants) await server[Symbol.asyncDispose]()
  }
}

function writeRequests(peer: Peer, { name, workload, variables }: Asked): readonly RawRequest[] {
  const { path, headers = {} } = peer
  return variables.map((one) => {
    const body = JSON.stringify(peer.write(name, workload, one))
    return writeRequest({ path, body, headers })
  })
}

async function compareAnswers(contestants: readonly Contestant[], { name, workload }: Asked) {
  let expected: unknown
  for (const { peer, server, requests } of contestants) {
    const connection = await open(server.port)
    const answers: unknown[] = []
    for (const request of requests.slice(0, 5)) {
      const answer = await connection.ask(request)
      const { data, errors } = readJson(answer) as { data: never; errors?: unknown } // by GraphQL
      if (errors) throw new Error(`${peer.name}, ${name}: ${JSON.stringify(errors).slice(0, 500)}`)
      answers.push(peer.read ? peer.read(workload, data) : data)
    }
    connection.close()
    expected ??= answers
    deepStrictEqual(answers, expected, `${peer.name} answers ${name} otherwise than Loadline`)
  }
}

async function measureOnce(
  { server, requests }: Contestant,
  { client, ms, connections }: CompareOptions,
): Promise<PeerRound> {
  const pids = await backends(client)
  const before = { server: server.cpuMs(), postgresql: cpuMsOf(pids) }
  const { port } = server
  const result = await load({ port, requests, connections, ms })
  if (result.failures > 0) throw new Error(`${result.failures} of ${result.requests} failed`)
  const after = { server: server.cpuMs(), postgresql: cpuMsOf(pids) }
  return {
    perSecond: result.requests / result.seconds,
    p50Ms: quantile(result.latencies, 0.5),
    p95Ms: quantile(result.latencies, 0.95),
    p99Ms: quantile(result.latencies, 0.99),
    cpuMs: (after.server - before.server) / result.requests,
    postgresqlCpuMs: difference(before.postgresql, after.postgresql) / result.requests,
    bytes: result.bytes / result.requests,
    memoryMb: server.memoryMb(),
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
async function backends(client: pg.Client): Promise<readonly number[]> {
  const { rows } = await client.query(
    `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
  )
  return rows.map(({ pid }) => Number(pid))
}

function showProgress(workload: string, peer: string, { perSecond, cpuMs }: PeerRound): void {
  process.stderr.write(
    `${workload.padEnd(18)} ${peer.padEnd(20)} ${perSecond.toFixed(0).padStart(7)} a second, ${cpuMs.toFixed(2)} ms CPU\n`,
  )
}

export function middle(result: PeerResult, of: (round: PeerRound) => number): number {
  return median(result.rounds.map(of))
}
