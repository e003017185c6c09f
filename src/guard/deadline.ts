import { AppError } from '../errors.ts'
import { type Cancellation, Canceller } from '../sql/cancellation.ts'
import { type Alarm, createAlarm } from './alarm.ts'

/** A signal that aborts when the client hangs up, and when the time is over. */
export interface Deadline extends Disposable {
  readonly signal: Cancellation
  /** Until what it gives is called, the work goes on though the client hangs up: others wait for it. */
  hold(): () => void
}

/**
 * Gives a request its deadline, from now on. The signal goes to everything that is done for the request,
 * down to the statement that runs, which is cancelled. Dispose of it when the answer is there.
 */
export type OpenDeadline = (hangUp: Cancellation) => Deadline

/** Of requests that all have so many milliseconds. */
export function createDeadlines(ms: number): OpenDeadline {
  const alarm = createAlarm()
  return (hangUp) => new LazyDeadline(hangUp, ms, alarm)
}

/** A class, as most requests are answered before anybody wants the signal. */
class LazyDeadline implements Deadline {
  readonly atMs: number
  place: number | null = null
  readonly #hangUp: Cancellation
  readonly #ms: number
  readonly #alarm: Alarm
  #canceller: Canceller | null = null
  #held = 0

  constructor(hangUp: Cancellation, ms: number, alarm: Alarm) {
    this.atMs = performance.now() + ms
    this.#hangUp = hangUp
    this.#ms = ms
    this.#alarm = alarm
  }

  get signal(): Cancellation {
    this.#canceller ??= this.#open()
    return this.#canceller
  }

  hold(): () => void {
    this.#held += 1
    return () => {
      this.#held -= 1
      if (this.#hangUp.aborted) this.#onHangUp()
    }
  }

  ring(): void {
    const message = `The answer was not there within ${this.#ms} ms`
    this.#canceller?.abort(new AppError('REQUEST_TIMEOUT', message))
  }

  [Symbol.dispose](): void {
    if (!this.#canceller) return
    this.#alarm.unset(this)
    this.#hangUp.removeEventListener('abort', this.#onHangUp)
  }

  #open(): Canceller {
    const canceller = new Canceller()
    if (this.#hangUp.aborted) canceller.abort(this.#hangUp.reason)
    else this.#hangUp.addEventListener('abort', this.#onHangUp, { once: true })
    this.#alarm.set(this)
    return canceller
  }

  readonly #onHangUp = () => {
    if (this.#held === 0) this.#canceller?.abort(this.#hangUp.reason)
  }
}
