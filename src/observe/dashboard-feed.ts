import type { RecentAnnouncement } from './announcement-log.ts'
import type { FigureKeeper, Figures } from './figures.ts'
import type { OperationFigures, OperationKeeper } from './operation-figures.ts'
import type { Readings } from './readings.ts'
import type { Second } from './recent-seconds.ts'
import type { ShapeFigures, StatementShapes } from './statement-shapes.ts'
import { type Alert, judgeTargets } from './targets.ts'

/** One second of the charts. */
export interface ChartPoint {
  /** Seconds since the epoch. */
  readonly at: number
  readonly requests: number
  readonly failed: number
  /** Null while nothing was asked. */
  readonly p50: number | null
  readonly p95: number | null
  readonly p99: number | null
  readonly hit: number
  readonly joined: number
  readonly miss: number
  readonly bypass: number
  readonly statements: number
  /** Null in the past, as is the next: they are looked at, not told. */
  readonly loopDelay: number | null
  /** Connections in use, and statements that wait for one. */
  readonly inUse: number | null
}

export interface DashboardTables {
  readonly figures: Figures
  readonly alerts: readonly Alert[]
  readonly operations: readonly OperationFigures[]
  readonly statements: readonly ShapeFigures[]
  readonly announcements: readonly RecentAnnouncement[]
}

/** What the dashboard shows, and follows. */
export interface DashboardFeed {
  /** The last minutes, oldest first. */
  history(): readonly ChartPoint[]
  /** The last whole second. */
  latest(): ChartPoint
  tables(): Promise<DashboardTables>
}

export interface DashboardFeedOptions {
  readonly figures: FigureKeeper
  readonly operations: OperationKeeper
  readonly shapes: Pick<StatementShapes, 'slowest'>
  readonly announcements: readonly RecentAnnouncement[]
  readonly readings: () => Readings
}

const historySeconds = 180
const tableRows = 12

export function createDashboardFeed(options: DashboardFeedOptions): DashboardFeed {
  const { figures, operations, shapes, announcements, readings } = options

  function toPoint(second: Second, now: Readings | null): ChartPoint {
    const { requestMs, lookUps } = second
    const quantile = (share: number) =>
      requestMs.count === 0 ? null : Math.round(requestMs.quantile(share) * 100) / 100
    const connections = now?.connections()
    return {
      at: Math.round(performance.timeOrigin / 1_000) + second.at,
      requests: second.requests,
      failed: second.failed,
      p50: quantile(0.5),
      p95: quantile(0.95),
      p99: quantile(0.99),
      ...lookUps,
      // Who joined another's computation had missed before.
      miss: Math.max(0, lookUps.miss - lookUps.joined),
      statements: second.statements,
      loopDelay: now && Math.round(now.loopDelayMs() * 10) / 10,
      inUse: connections ? connections.inUse + connections.waiting : null,
    }
  }

  return {
    history: () => figures.recent.last(historySeconds).map((second) => toPoint(second, null)),
    latest() {
      const [second] = figures.recent.last(1)
      if (!second) throw new Error('A second was to be there')
      return toPoint(second, readings())
    },
    async tables() {
      const read = await figures.read()
      const { performance: speed, cache, database } = read
      const alerts = judgeTargets({
        p95Ms: speed.p95Ms,
        errorRate: speed.errorRate,
        hitRate: cache.hitRate,
        memoryBytes: speed.memoryBytes,
        stale: cache.comparisons.stale,
        poolWaitMs: database.connectionWaitP95Ms,
        requests: figures.recent.sum(60).requests,
      })
      return {
        figures: read,
        alerts,
        operations: operations.slowest(tableRows),
        statements: shapes.slowest(tableRows),
        announcements,
      }
    },
  }
}
