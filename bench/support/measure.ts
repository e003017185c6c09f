/** One run of one way of answering. */
type RunWay = () => Promise<unknown>

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
  /** How long each way runs in a round. */
  readonly roundMs: number
  /** How long each way runs before anything is timed: until its functions are optimised. */
  readonly warmUpMs: number
}

/** Something that can run for so many milliseconds and say what each run cost. */
interface Measurable {
  measure(ms: number): Promise<Round>
}

/** Rounds of all ways (A B C, A B C, ...), so that what drifts drifts for all of them. */
export async function measure(
  ways: Readonly<Record<string, RunWay | Measurable>>,
  { rounds, roundMs, warmUpMs }: MeasureOptions,
): Promise<readonly Measurement[]> {
  const entries = Object.entries(ways).map(([name, way]) => ({
    name,
    run: 'measure' in way ? way.measure : (ms: number) => measureRound(way, ms),
    rounds: [] as Round[],
  }))
  for (const { run } of entries) await run(warmUpMs)
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, entry] of entries.entries()) {
      entry.rounds.push(await entry.run(roundMs))
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

/** One run after the other, for so long. Starts with a clean heap, where Node runs with `--expose-gc`. */
export async function measureRound(run: RunWay, ms: number): Promise<Round> {
  globalThis.gc?.()
  const times: number[] = []
  const cpu = process.cpuUsage()
  const begin = performance.now()
  for (let now = begin; now - begin < ms; ) {
    await run()
    const end = performance.now()
    times.push(end - now)
    now = end
  }
  const { user, system } = process.cpuUsage(cpu)
  return {
    p50Ms: quantile(times, 0.5),
    p95Ms: quantile(times, 0.95),
    cpuMs: (user + system) / 1000 / times.length,
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
