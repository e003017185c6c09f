import { AppError } from '../errors.ts'

/** A signal that aborts when the client hangs up, and when the time is over. */
export interface Deadline extends Disposable {
  readonly signal: AbortSignal
  /** Until what it gives is called, the work goes on though the client hangs up: others wait for it. */
  readonly hold: () => () => void
}

/**
 * A deadline from now on. Its signal goes to everything that is done for the request, down to the
 * statement that runs, which is cancelled. Dispose of it when the answer is there.
 */
export function createDeadline(hangUp: AbortSignal, ms: number): Deadline {
  const controller = new AbortController()
  let held = 0
  const onHangUp = () => {
    if (held === 0) controller.abort(hangUp.reason)
  }
  if (hangUp.aborted) onHangUp()
  else hangUp.addEventListener('abort', onHangUp, { once: true })
  const timer = setTimeout(() => {
    controller.abort(new AppError('REQUEST_TIMEOUT', `The answer was not there within ${ms} ms`))
  }, ms)
  return {
    signal: controller.signal,
    hold() {
      held += 1
      return () => {
        held -= 1
        if (hangUp.aborted) onHangUp()
      }
    },
    [Symbol.dispose]() {
      clearTimeout(timer)
      hangUp.removeEventListener('abort', onHangUp)
    },
  }
}
