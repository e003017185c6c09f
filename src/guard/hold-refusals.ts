import { setTimeout as pause } from 'node:timers/promises'

/** Who asks again as soon as they are refused asks ten times a second over each connection. */
const refusalMs = 100

/** Refusals that wait in a process; more are sent at once, as they would fill memory. */
const mostHeld = 1_000

/**
 * Keeps those waiting a little who have used up their rate, so that who does not heed `Retry-After`
 * costs little. Never rejects.
 */
export function createRefusalHold(): (signal: AbortSignal) => Promise<void> {
  let held = 0
  return async (signal) => {
    if (held >= mostHeld) return
    held += 1
    try {
      await pause(refusalMs, undefined, { signal })
    } catch {
      // They have hung up.
    } finally {
      held -= 1
    }
  }
}
