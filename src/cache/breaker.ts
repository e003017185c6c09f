/** Knows when a server failed so often in a row that asking it is a waste of time. */
export interface Breaker extends Disposable {
  readonly isOpen: boolean
  succeeded(): void
  failed(): void
}

export interface BreakerOptions {
  /** Asked in the background while open; closes the breaker as soon as it does not reject. */
  readonly probe: () => Promise<unknown>
  readonly onOpen: () => void
  readonly onClose: () => void
  /** @default 3 */
  readonly failures?: number
  /** @default 200 */
  readonly probeEveryMs?: number
}

export function createBreaker(options: BreakerOptions): Breaker {
  const { probe, onOpen, onClose, failures = 3, probeEveryMs = 200 } = options
  let failuresInARow = 0
  let timer: NodeJS.Timeout | undefined
  let isDisposed = false

  const breaker: Breaker = {
    get isOpen() {
      return timer !== undefined
    },
    succeeded() {
      failuresInARow = 0
      if (!timer) return
      clearTimeout(timer)
      timer = undefined
      onClose()
    },
    failed() {
      failuresInARow += 1
      if (timer || isDisposed || failuresInARow < failures) return
      probeLater()
      onOpen()
    },
    [Symbol.dispose]() {
      isDisposed = true
      clearTimeout(timer)
      timer = undefined
    },
  }
  return breaker

  function probeLater(): void {
    timer = setTimeout(() => {
      probe().then(breaker.succeeded, () => {
        if (timer) probeLater()
      })
    }, probeEveryMs)
    // A server that is gone keeps nobody from leaving.
    timer.unref()
  }
}
