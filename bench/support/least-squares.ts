export type Point = readonly [x: number, y: number]

export interface Line {
  readonly slope: number
  /** The share of the variance that the line explains, from 0 to 1. */
  readonly fit: number
}

/** The straight line that leaves the least squares. */
export function fitLine(points: readonly Point[]): Line {
  const mean = (of: (point: Point) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length
  const [meanX, meanY] = [mean(([x]) => x), mean(([, y]) => y)]
  const covariance = mean(([x, y]) => (x - meanX) * (y - meanY))
  const varianceX = mean(([x]) => (x - meanX) ** 2)
  const varianceY = mean(([, y]) => (y - meanY) ** 2)
  const slope = varianceX === 0 ? 0 : covariance / varianceX
  return { slope, fit: varianceY === 0 ? 1 : (slope * covariance) / varianceY }
}
