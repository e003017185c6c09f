import { createAnnouncementLog } from './announcement-log.ts'
import { createDashboardFeed, type DashboardFeed } from './dashboard-feed.ts'
import { type Events, type Listener, tellAll } from './events.ts'
import { createFigures, type Figures } from './figures.ts'
import { createLabelNames } from './label-names.ts'
import { createStaleLog } from './log-stale.ts'
import type { Logger } from './logger.ts'
import { createMetrics } from './metrics.ts'
import { nameOperation } from './name-operation.ts'
import { createOperationFigures } from './operation-figures.ts'
import { noReadings, type Readings } from './readings.ts'
import { createRequestLog } from './request-log.ts'
import { createPlanSampler } from './sample-plans.ts'
import { createSlowStatements } from './slow-statements.ts'
import { createStatementShapes, type ShapeFigures } from './statement-shapes.ts'
import { createBudgetWatch } from './watch-budgets.ts'

/** All that listens to a process, and what an operator can see of it. */
export interface Observation {
  /** To be told. */
  readonly events: Events
  /** What to look at from now on, as it is opened after those who must be told already. */
  look(readings: Readings): void
  readonly metrics: { readonly contentType: string; text(): Promise<string> }
  figures(): Promise<Figures>
  /** The statements that took the most time. */
  slowestStatements(count: number): readonly ShapeFigures[]
  readonly dashboard: DashboardFeed
}

export interface ObserveSettings {
  /** From here on a request is logged with its statements. */
  readonly slowRequestMs: number
  /** Lines of requests a second beyond which only some are logged. */
  readonly logsPerSecond: number
  /** From here on a statement is logged, and may be explained. */
  readonly slowStatementMs: number
}

export interface ObservationOptions {
  readonly log: Logger
  /** Documents by their ids: their operations have labels of their own. */
  readonly manifest?: ReadonlyMap<string, string>
  readonly settings: ObserveSettings
  /** Statements that operations of the manifest run at most, by name. @default none */
  readonly budgets?: ReadonlyMap<string, number>
  /** Before those of this package. @default none */
  readonly listeners?: readonly Listener[]
}

export function createObservation(options: ObservationOptions): Observation {
  const { log, manifest = new Map(), listeners = [], settings, budgets = new Map() } = options
  let readings = noReadings
  const labelOf = createLabelNames(new Set(namesOf(manifest)))
  const metrics = createMetrics({
    labelOf,
    readings: () => readings,
    slowMs: settings.slowStatementMs,
  })
  const figures = createFigures(() => readings)
  const requestLog = createRequestLog({
    log,
    slowMs: settings.slowRequestMs,
    mostPerSecond: settings.logsPerSecond,
  })
  const shapes = createStatementShapes(labelOf)
  const plans = createPlanSampler({ explain: () => readings.explain, keep: shapes.keepPlan })
  const slow = createSlowStatements({ log, slowMs: settings.slowStatementMs, plans })
  const operations = createOperationFigures(labelOf)
  const announcements = createAnnouncementLog()
  const keepers = [metrics, figures, shapes, operations, announcements]
  const watch = createBudgetWatch({
    ...{ budgets, log },
    tell: (facts, excess) => events.budgetExceeded(facts, excess),
  })
  const own = [
    ...keepers.map(({ listener }) => listener),
    requestLog,
    slow,
    watch,
    createStaleLog(log),
  ]
  let isFaultKnown = false

  const events: Events = tellAll([...listeners, ...own], (error) => {
    metrics.countFault()
    if (isFaultKnown) return
    isFaultKnown = true
    log.error({ err: error }, 'Something that was told could not be counted')
  })

  return {
    events,
    look(found) {
      readings = found
    },
    metrics,
    figures: figures.read,
    slowestStatements: shapes.slowest,
    dashboard: createDashboardFeed({
      ...{ figures, operations, shapes, readings: () => readings },
      announcements: announcements.recent,
    }),
  }
}

function namesOf(manifest: ReadonlyMap<string, string>): readonly string[] {
  return [...manifest.values()].flatMap((query) => {
    const { name } = nameOperation({ query, isTrusted: true }, null)
    return name ?? []
  })
}
