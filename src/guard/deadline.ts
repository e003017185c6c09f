import { AppError } from '../errors.ts'
import { type Cancellation, Canceller } from '../sql/cancellation.ts'

/** A signal that aborts when the client hangs up, and when the time is over. */
export interface Deadline extends Disposable {
  readonly signal: Cancellation
  /** Until what it gives is called, the work goes on though the client hangs up: others wait for it. */
  hold(): () => void
}

/**
 * A deadline from now on. Its signal goes to everything that is done for the request, down to the
 * statement that runs, which is cancelled. Dispose of it when the answer is there.
 */
export function createDeadline(hangUp: Cancellation, ms: number): Deadline {
  return new LazyDeadline(hangUp, ms)
}

/** A class, as most requests are answered before anybody wants the signal. */
class LazyDeadline implements Deadline {
  readonly #hangUp: Cancellation
  readonly #ms: number
  readonly #startMs = performance.now()
  #canceller: Canceller | null = null
  #timer: NodeJS.Timeout | undefined
  #held = 0

  constructor(hangUp: Cancellation, ms: number) {
    this.#hangUp = hangUp
    this.#ms = ms
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

  [Symbol.dispose](): void {
    clearTimeout(this.#timer)
    this.#hangUp.removeEventListener('abort', this.#onHangUp)
  }

  #open(): Canceller {
    const canceller = new Canceller()
    if (this.#hangUp.aborted) canceller.abort(this.#hangUp.reason)
    else this.#hangUp.addEventListener('abort', this.#onHangUp, { once: true })
    const leftMs = Math.max(0, this.#ms - (performance.now() - this.#startMs))
    this.#timer = setTimeout(() => {
      const message = `The answer was not there within ${this.#ms} ms`
      canceller.abort(new AppError('REQUEST_TIMEOUT', message))
    }, leftMs)
    return canceller
  }

  readonly #onHangUp = () => {
    if (this.#held === 0) this.#canceller?.abort(this.#hangUp.reason)
  }
}
