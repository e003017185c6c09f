import { setMaxListeners } from 'node:events'

/**
 * What an `AbortSignal` is, as far as a request needs it: every one of those is one of these. Most
 * requests are never cancelled, and an `EventTarget` for each of them costs more than a look-up in
 * the cache.
 */
export interface Cancellation {
  readonly aborted: boolean
  readonly reason: unknown
  throwIfAborted(): void
  addEventListener(type: 'abort', listener: () => void, options?: { readonly once?: boolean }): void
  removeEventListener(type: 'abort', listener: () => void): void
}

/** One that somebody can call off, once. */
export class Canceller implements Cancellation {
  aborted = false
  reason: unknown = undefined
  readonly #listeners: (() => void)[] = []

  abort(reason: unknown): void {
    if (this.aborted) return
    this.aborted = true
    this.reason = reason
    for (const listener of this.#listeners.splice(0)) listener()
  }

  throwIfAborted(): void {
    if (this.aborted) throw this.reason
  }

  /** Each listener is called once, whatever `options` says. */
  addEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners.push(listener)
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    const index = this.#listeners.lastIndexOf(listener)
    if (index >= 0) this.#listeners.splice(index, 1)
  }
}

/** The same for those who take nothing else. */
export function toAbortSignal(cancellation: Cancellation): AbortSignal {
  if (cancellation instanceof AbortSignal) return cancellation
  const controller = new AbortController()
  const abort = () => controller.abort(cancellation.reason)
  if (cancellation.aborted) abort()
  else cancellation.addEventListener('abort', abort)
  return controller.signal
}

/**
 * Settles as `promise` does, or rejects with the signal's reason if that comes first, which
 * `onAbort` is told.
 */
export function orAborted<T>(
  promise: Promise<T>,
  signal: Cancellation,
  onAbort?: () => void,
): Promise<T> {
  // Many may wait for one; from eleven on Node warns of a leak.
  if (signal instanceof AbortSignal) setMaxListeners(0, signal)
  return new Promise((resolve, reject) => {
    const abort = () => {
      onAbort?.()
      reject(signal.reason)
    }
    signal.addEventListener('abort', abort, { once: true })
    promise.then(
      (value) => {
        signal.removeEventListener('abort', abort)
        resolve(value)
      },
      (error) => {
        signal.removeEventListener('abort', abort)
        reject(error)
      },
    )
  })
}
