/** What one way of answering cost, in milliseconds of each run. */
export interface Measurement {
  readonly name: string
  /** Medians over all rounds. */
  readonly p50Ms: number
  readonly p95Ms: number
  /** CPU of the whole process: its helper threads and the collection of garbage included. */
  readonly cpuMs: number
  /** The same of each round, in their order. */
  readonly rounds: readonly Round[]
}

export interface Round {
  readonly p50Ms: number
  readonly p95Ms: number
  readonly cpuMs: number
}

export interface MeasureOptions {
  readonly rounds: number
  /** Runs of each way in a round. */
  readonly runs: number
  /** Runs of each way before anything is timed: until its functions are optimised. */
  readonly warmUp: number
}

/**
 * Rounds of all ways (AAA BBB, AAA BBB, ...), so that what drifts drifts for all of them. Each way has
 * its runs of a round to itself and starts with a clean heap, where Node runs with `--expose-gc`:
 * nobody pays for another's garbage.
 */
export async function measure(
  ways: Readonly<Record<string, () => Promise<unknown>>>,
  { rounds, runs, warmUp }: MeasureOptions,
): Promise<readonly Measurement[]> {
  const entries = Object.entries(ways).map(([name, run]) => ({ name, run, rounds: [] as Round[] }))
  for (const { run } of entries) {
    for (let turn = 0; turn < warmUp; turn += 1) await run()
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, entry] of entries.entries()) {
      entry.rounds.push(await measureRound(entry.run, runs))
      showProgress((round * entries.length + index + 1) / (rounds * entries.length))
    }
  }
  return entries.map(({ name, rounds: all }) => ({
    name,
    p50Ms: median(all.map(({ p50Ms }) => p50Ms)),
    p95Ms: median(all.map(({ p95Ms }) => p95Ms)),
    cpuMs: median(all.map(({ cpuMs }) => cpuMs)),
    rounds: all,
  }))
}

async function measureRound(run: () => Promise<unknown>, runs: number): Promise<Round> {
  globalThis.gc?.()
  const times: number[] = []
  const cpu = process.cpuUsage()
  for (let turn = 0; turn < runs; turn += 1) {
    const start = performance.now()
    await run()
    times.push(performance.now() - start)
  }
  const { user, system } = process.cpuUsage(cpu)
  return {
    p50Ms: quantile(times, 0.5),
    p95Ms: quantile(times, 0.95),
    cpuMs: (user + system) / 1000 / runs,
  }
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((left, right) => left - right)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

function showProgress(share: number): void {
  if (!process.stderr.isTTY) return
  const width = 40
  const done = Math.round(share * width)
  process.stderr.write(
    `\r[${'#'.repeat(done)}${' '.repeat(width - done)}] ${Math.round(share * 100)} %`,
  )
  if (share >= 1) process.stderr.write('\n')
}
