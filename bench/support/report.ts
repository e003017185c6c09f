import { type Measurement, median, type Round } from './measure.ts'

/** A table of measurements, each beside the ones that all are compared with, round by round. */
export function printRatios(
  measurements: readonly Measurement[],
  references: { readonly time: string; readonly cpu: string },
): string {
  const timeBase = find(measurements, references.time)
  const cpuBase = find(measurements, references.cpu)
  const rows = measurements.map((measurement) => [
    measurement.name,
    measurement.p50Ms.toFixed(2),
    measurement.p95Ms.toFixed(2),
    measurement.cpuMs.toFixed(2),
    printRatio(measurement, timeBase, ({ p50Ms }) => p50Ms),
    printRatio(measurement, cpuBase, ({ cpuMs }) => cpuMs),
  ])
  return printTable(
    [
      'way',
      'p50 ms',
      'p95 ms',
      'Node CPU ms',
      `p50 / ${references.time} (rounds)`,
      `CPU / ${references.cpu} (rounds)`,
    ],
    rows,
  )
}

export function printTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows]
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

function find(measurements: readonly Measurement[], name: string): Measurement {
  const found = measurements.find((measurement) => measurement.name === name)
  if (!found) throw new Error(`"${name}" was not measured`)
  return found
}

/** The median of the rounds' own ratios, and the lowest and highest of them. */
function printRatio(one: Measurement, base: Measurement, of: (round: Round) => number): string {
  return printSpread(ratiosOf(one.rounds, base.rounds, of), 2)
}

/** The median, and the lowest and highest. */
export function printSpread(values: readonly number[], digits: number): string {
  const spread = [Math.min(...values), Math.max(...values)].map((value) => value.toFixed(digits))
  return `${median(values).toFixed(digits)} (${spread.join(' to ')})`
}

/** Of the rounds of one, each with the same round of the other. */
export function ratiosOf<Round>(
  own: readonly Round[],
  other: readonly Round[],
  of: (round: Round) => number,
): readonly number[] {
  return own.flatMap((round, index) => {
    const against = other[index]
    return against ? [of(round) / of(against)] : []
  })
}
