import { fitLine } from '../support/least-squares.ts'
import { printTable } from '../support/report.ts'
import type { ServerProcess } from '../support/server-process.ts'
import { plotLogLog } from '../support/svg-plot.ts'

interface Sample {
  readonly minutes: number
  readonly memoryMb: number
}

/** Goes on for so long, and says what memory does meanwhile: all of it, and its second half. */
export async function soak({
  minutes,
  server,
  run,
}: {
  readonly minutes: number
  readonly server: ServerProcess
  readonly run: () => Promise<unknown>
}): Promise<{ readonly samples: readonly Sample[]; readonly text: string; readonly svg: string }> {
  const start = performance.now()
  const elapsed = () => (performance.now() - start) / 60_000
  const samples: Sample[] = []
  while (elapsed() < minutes) {
    await run()
    samples.push({ minutes: elapsed(), memoryMb: server.memoryMb() })
  }
  const later = samples.slice(Math.floor(samples.length / 2))
  const rows = [samples, later].map((some, index) => [
    index === 0 ? 'all' : 'second half',
    Math.min(...some.map(({ memoryMb }) => memoryMb)).toFixed(0),
    Math.max(...some.map(({ memoryMb }) => memoryMb)).toFixed(0),
    fitLine(some.map((one) => [one.minutes, one.memoryMb])).slope.toFixed(2),
  ])
  return {
    samples,
    text: `${minutes} minutes\n\n${printTable(['', 'MB at least', 'MB at most', 'MB a minute'], rows)}`,
    svg: plotLogLog('Memory while it soaks', { x: 'minutes', y: 'MB' }, [
      { name: 'resident', points: samples.map((one) => [one.minutes, one.memoryMb]) },
    ]),
  }
}
