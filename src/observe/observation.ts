import { type Events, type Listener, tellAll } from './events.ts'
import { createFigures, type Figures } from './figures.ts'
import { createLabelNames } from './label-names.ts'
import type { Logger } from './logger.ts'
import { createMetrics } from './metrics.ts'
import { nameOperation } from './name-operation.ts'
import { noReadings, type Readings } from './readings.ts'
import { createRequestLog } from './request-log.ts'

/** All that listens to a process, and what an operator can see of it. */
export interface Observation {
  /** To be told. */
  readonly events: Events
  /** What to look at from now on, as it is opened after those who must be told already. */
  look(readings: Readings): void
  readonly metrics: { readonly contentType: string; text(): Promise<string> }
  figures(): Promise<Figures>
}

export interface ObserveSettings {
  /** From here on a request is logged with its statements. */
  readonly slowRequestMs: number
  /** Lines of requests a second beyond which only some are logged. */
  readonly logsPerSecond: number
}

export interface ObservationOptions {
  readonly log: Logger
  /** Documents by their ids: their operations have labels of their own. */
  readonly manifest?: ReadonlyMap<string, string>
  readonly settings: ObserveSettings
  /** Beside those of this package. @default none */
  readonly listeners?: readonly Listener[]
}

export function createObservation(options: ObservationOptions): Observation {
  const { log, manifest = new Map(), listeners = [], settings } = options
  let readings = noReadings
  const labelOf = createLabelNames(new Set(namesOf(manifest)))
  const metrics = createMetrics({ labelOf, readings: () => readings })
  const figures = createFigures(() => readings)
  const requestLog = createRequestLog({
    log,
    slowMs: settings.slowRequestMs,
    mostPerSecond: settings.logsPerSecond,
  })
  const own = [metrics.listener, figures.listener, requestLog]
  let isFaultKnown = false

  return {
    events: tellAll([...own, ...listeners], (error) => {
      metrics.countFault()
      if (isFaultKnown) return
      isFaultKnown = true
      log.error({ err: error }, 'Something that was told could not be counted')
    }),
    look(found) {
      readings = found
    },
    metrics,
    figures: figures.read,
  }
}

function namesOf(manifest: ReadonlyMap<string, string>): readonly string[] {
  return [...manifest.values()].flatMap((query) => {
    const { name } = nameOperation({ query, isTrusted: true }, null)
    return name ?? []
  })
}
