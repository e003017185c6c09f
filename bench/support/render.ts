import { middle, type PeerResult, type PeerRound, type WorkloadResult } from './compare.ts'
import { median } from './measure.ts'
import { printTable } from './report.ts'
import { plotBars } from './svg-bars.ts'

export interface Machine {
  readonly node: string
  readonly cores: number
  readonly model: string
  readonly load: readonly string[]
}

/** A table for each workload: ratios to Loadline, round by round, and what they were made of. */
export function renderMarkdown(results: readonly WorkloadResult[], machine: Machine): string {
  const head = `Node ${machine.node}, ${machine.cores} cores of ${machine.model}, load ${machine.load.join(' ')}`
  return [head, ...results.map(renderWorkload)].join('\n\n')
}

function renderWorkload({ workload, peers }: WorkloadResult): string {
  const own = peers.find(({ peer }) => peer === 'loadline')
  const rows = peers.map((one) => [
    one.peer,
    own ? ratio(own, one, ({ perSecond }) => perSecond) : '',
    middle(one, ({ perSecond }) => perSecond).toFixed(0),
    middle(one, ({ p50Ms }) => p50Ms).toFixed(1),
    middle(one, ({ p95Ms }) => p95Ms).toFixed(1),
    middle(one, ({ p99Ms }) => p99Ms).toFixed(1),
    middle(one, ({ cpuMs }) => cpuMs).toFixed(2),
    middle(one, ({ postgresqlCpuMs }) => postgresqlCpuMs).toFixed(2),
    (middle(one, ({ bytes }) => bytes) / 1024).toFixed(1),
    middle(one, ({ memoryMb }) => memoryMb).toFixed(0),
  ])
  const head = [
    'peer',
    'Loadline / peer (rounds)',
    'a second',
    'p50 ms',
    'p95 ms',
    'p99 ms',
    'CPU ms',
    'PostgreSQL CPU ms',
    'KB',
    'MB of memory',
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
        const ratios = own ? ratiosOf(own, other, ({ perSecond }) => perSecond) : []
        const [value, low, high] = [median(ratios), Math.min(...ratios), Math.max(...ratios)]
        return { name: other.peer, value, low, high }
      }),
    }
  })
  return plotBars('Throughput of Loadline, in times that of each other', groups)
}

function ratio(own: PeerResult, other: PeerResult, of: (round: PeerRound) => number): string {
  const ratios = ratiosOf(own, other, of)
  const spread = [Math.min(...ratios), Math.max(...ratios)].map((one) => one.toFixed(2))
  return `${median(ratios).toFixed(2)} (${spread.join(' to ')})`
}

function ratiosOf(
  own: PeerResult,
  other: PeerResult,
  of: (round: PeerRound) => number,
): readonly number[] {
  return own.rounds.flatMap((round, index) => {
    const against = other.rounds[index]
    return against ? [of(round) / of(against)] : []
  })
}
