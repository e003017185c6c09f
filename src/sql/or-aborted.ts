import { setMaxListeners } from 'node:events'

/** Settles as `promise` does, or rejects with the signal's reason if that comes first. */
export function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const remove = onAbort(signal, () => reject(signal.reason))
    promise.then(resolve, reject).finally(remove)
  })
}

/** Calls `listener` if the signal aborts, until what it gives is called. */
export function onAbort(signal: AbortSignal, listener: () => void): () => void {
  // A request runs more statements at a time than the ten listeners from which Node warns of a leak.
  setMaxListeners(0, signal)
  signal.addEventListener('abort', listener, { once: true })
  return () => signal.removeEventListener('abort', listener)
}
