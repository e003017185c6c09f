/** What one way of answering cost: medians over all rounds, in milliseconds. */
export interface Measurement {
  readonly name: string
  readonly p50Ms: number
  readonly p95Ms: number
  readonly cpuMs: number
  /** Lowest and highest of the rounds' own medians. */
  readonly spreadMs: readonly [number, number]
}

export interface MeasureOptions {
  readonly rounds: number
  /** Runs of each way in a round. */
  readonly runs: number
  /** Runs of each way before anything is timed. */
  readonly warmUp: number
}

/** Runs all ways turn by turn (A B C A B C ...), so that what drifts drifts for all of them. */
export async function measure(
  ways: Readonly<Record<string, () => Promise<unknown>>>,
  { rounds, runs, warmUp }: MeasureOptions,
): Promise<readonly Measurement[]> {
  const entries = Object.entries(ways).map(([name, run]) => ({ name, run, rounds: [] as Run[][] }))
  for (let turn = 0; turn < warmUp; turn += 1) {
    for (const { run } of entries) await run()
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const entry of entries) entry.rounds.push([])
    for (let turn = 0; turn < runs; turn += 1) {
      for (const entry of entries) entry.rounds.at(-1)?.push(await time(entry.run))
      showProgress((round * runs + turn + 1) / (rounds * runs))
    }
  }
  return entries.map(({ name, rounds: all }) => {
    const samples = all.flat()
    const medians = all.map((run) =>
      quantile(
        run.map(({ ms }) => ms),
        0.5,
      ),
    )
    return {
      name,
      p50Ms: quantile(
        samples.map(({ ms }) => ms),
        0.5,
      ),
      p95Ms: quantile(
        samples.map(({ ms }) => ms),
        0.95,
      ),
      cpuMs: quantile(
        samples.map(({ cpuMs }) => cpuMs),
        0.5,
      ),
      spreadMs: [Math.min(...medians), Math.max(...medians)],
    }
  })
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((left, right) => left - right)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

interface Run {
  readonly ms: number
  readonly cpuMs: number
}

async function time(run: () => Promise<unknown>): Promise<Run> {
  const cpu = process.cpuUsage()
  const start = performance.now()
  await run()
  const ms = performance.now() - start
  const { user, system } = process.cpuUsage(cpu)
  return { ms, cpuMs: (user + system) / 1000 }
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
