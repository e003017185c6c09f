import { middle, type PeerRound, shares, type WorkloadResult } from './compare.ts'
import { describeMachine, type Machine } from './machine.ts'
import { median } from './measure.ts'
import { printSpread, printTable, ratiosOf } from './report.ts'
import { plotBars } from './svg-bars.ts'
import { plotLogLog } from './svg-plot.ts'

const perSecond = (round: PeerRound) => round.perSecond
const latency = (share: (typeof shares)[number]) => (round: PeerRound) =>
  round.latenciesMs[shares.indexOf(share)] ?? Number.NaN

/** A table for each workload: ratios to Loadline, round by round, and what they were made of. */
export function renderMarkdown(results: readonly WorkloadResult[], machine: Machine): string {
  return [describeMachine(machine), ...results.map(renderWorkload)].join('\n\n')
}

function renderWorkload({ workload, peers }: WorkloadResult): string {
  const own = peers.find(({ peer }) => peer === 'loadline')
  const rows = peers.map((one) => [
    one.peer,
    own ? printSpread(ratiosOf(own.rounds, one.rounds, perSecond), 2) : '',
    printSpread(one.rounds.map(perSecond), 0),
    middle(one, latency(0.5)).toFixed(1),
    printSpread(one.rounds.map(latency(0.95)), 1),
    middle(one, latency(0.99)).toFixed(1),
    printSpread(
      one.rounds.map(({ cpuMs }) => cpuMs),
      2,
    ),
    middle(one, ({ postgresqlCpuMs }) => postgresqlCpuMs).toFixed(2),
    String(one.counted.statements),
    one.counted.rows.toFixed(0),
    (one.counted.bytes / 1024).toFixed(1),
    one.peakMemoryMb.toFixed(0),
  ])
  const head = [
    'peer',
    'Loadline / peer (rounds)',
    'a second (rounds)',
    'p50 ms',
    'p95 ms (rounds)',
    'p99 ms',
    'CPU ms (rounds)',
    'PostgreSQL CPU ms',
    'statements',
    'rows',
    'KB',
    'MB at most',
  ]
  return `## ${workload}\n\n${printTable(head, rows)}`
}

/** How many times the throughput of each peer Loadline has, in bars. */
export function drawRatios(results: readonly WorkloadResult[]): string {
  const groups = results.map(({ workload, peers }) => {
    const own = peers.find(({ peer }) => peer === 'loadline')
    const others = peers.filter((one) => one !== own)
    return {
      name: workload,
      bars: others.map((other) => {
        const ratios = own ? ratiosOf(own.rounds, other.rounds, perSecond) : []
        const [value, low, high] = [median(ratios), Math.min(...ratios), Math.max(...ratios)]
        return { name: other.peer, value, low, high }
      }),
    }
  })
  return plotBars('Throughput of Loadline, in times that of each other', groups)
}

/** How late the latest are: to the right, one of so many requests takes longer. */
export function drawLatencies({ workload, peers }: WorkloadResult): string {
  return plotLogLog(
    `Latency of ${workload}`,
    { x: 'one request of so many takes longer', y: 'ms' },
    peers.map((one) => ({
      name: one.peer,
      points: shares.map((share) => [1 / (1 - share), middle(one, latency(share))] as const),
    })),
  )
}
