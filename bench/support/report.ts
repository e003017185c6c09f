import type { Measurement } from './measure.ts'

/** A table of measurements, each beside the one that all are compared with. */
export function printRatios(measurements: readonly Measurement[], reference: string): string {
  const base = measurements.find(({ name }) => name === reference)
  if (!base) throw new Error(`"${reference}" was not measured`)
  const rows = measurements.map((measurement) => [
    measurement.name,
    measurement.p50Ms.toFixed(2),
    `${measurement.spreadMs.map((ms) => ms.toFixed(2)).join(' to ')}`,
    measurement.p95Ms.toFixed(2),
    measurement.cpuMs.toFixed(2),
    (measurement.p50Ms / base.p50Ms).toFixed(2),
    (measurement.cpuMs / base.cpuMs).toFixed(2),
  ])
  return printTable(
    [
      'way',
      'p50 ms',
      'rounds',
      'p95 ms',
      'Node CPU ms',
      `p50 / ${reference}`,
      `CPU / ${reference}`,
    ],
    rows,
  )
}

export function printTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows]
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
