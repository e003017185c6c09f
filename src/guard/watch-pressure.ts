import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks'
import type { Pressure } from './admission.ts'

const everyMs = 250
const resolutionMs = 10

export interface PressureWatch extends Pressure, Disposable {}

/** Measures how late the event loop is, a quarter of a second at a time: the mean, not one pause. */
export function watchPressure(waitingStatements: () => number): PressureWatch {
  const histogram: IntervalHistogram = monitorEventLoopDelay({ resolution: resolutionMs })
  let delayMs = 0
  histogram.enable()
  const timer = setInterval(() => {
    // The timer's own interval is part of each sample.
    delayMs = histogram.count === 0 ? 0 : Math.max(0, histogram.mean / 1e6 - resolutionMs)
    histogram.reset()
  }, everyMs).unref()
  return {
    loopDelayMs: () => delayMs,
    waitingStatements,
    [Symbol.dispose]() {
      clearInterval(timer)
      histogram.disable()
    },
  }
}
