import { fitLine, type Point } from '../support/least-squares.ts'
import { printTable } from '../support/report.ts'
import { plotLogLog } from '../support/svg-plot.ts'

/** How a cost grows with one thing, all else the same. */
export interface Curve {
  readonly name: string
  /** What grows, and in what the cost is given. */
  readonly axes: { readonly x: string; readonly y: string }
  readonly series: readonly Series[]
}

export interface Series {
  readonly name: string
  readonly points: readonly Point[]
  /** What is said of it beside its figures. */
  readonly note?: string
}

export interface Order {
  /** The exponent: 0 for what does not grow, 1 for what grows as x does. */
  readonly exponent: number
  /** The share of the variance (of logarithms) that the line explains, from 0 to 1. */
  readonly fit: number
}

/** By the straight line through the logarithms. */
export function fitOrder(points: readonly Point[]): Order {
  const { slope, fit } = fitLine(points.map(([x, y]) => [Math.log(x), Math.log(y)]))
  return { exponent: slope, fit }
}

export function renderCurve({ name, axes, series }: Curve): string {
  const xs = [...new Set(series.flatMap(({ points }) => points.map(([x]) => x)))]
  const head = [`${axes.y}, by ${axes.x}`, ...xs.map((x) => x.toLocaleString('en')), 'grows as', '']
  const rows = series.map(({ name, points, note = '' }) => {
    const found = new Map(points)
    const { exponent, fit } = fitOrder(points)
    const order = `x^${exponent.toFixed(2)} (fit ${fit.toFixed(2)})`
    return [name, ...xs.map((x) => print(found.get(x))), order, note]
  })
  return `## ${name}\n\n${printTable(head, rows)}`
}

export function drawCurve({ name, axes, series }: Curve): string {
  return plotLogLog(name, axes, series)
}

function print(value: number | undefined): string {
  return value === undefined ? '' : String(Number(value.toPrecision(3)))
}
