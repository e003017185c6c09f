/** Timers end at once beyond this, so whoever waits as long waits for ever. */
export const longestTimeoutMs = 2 ** 31

/**
 * What `run` gives, or undefined when it takes longer than `ms`. The signal that `run` is handed is
 * aborted as soon as nobody waits any more. (`AbortSignal.any` and `timeout` are missing in places
 * where this has to work.)
 *
 * Rejects with the reason of `signal` when that is aborted.
 */
export function within<T>(
  ms: number,
  signal: AbortSignal | undefined,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  const inner = new AbortController()
  let timer: Timer | undefined
  return new Promise<T | undefined>((resolve, reject) => {
    const leave = () => reject(signal?.reason ?? new Error('Aborted'))
    if (signal?.aborted) return leave()
    signal?.addEventListener('abort', leave, { signal: inner.signal })
    if (ms < longestTimeoutMs) timer = setTimeout(resolve, ms)
    run(inner.signal).then(resolve, reject)
  }).finally(() => {
    clearTimeout(timer)
    inner.abort()
  })
}

type Timer = Parameters<typeof clearTimeout>[0]
