import { setTimeout as pause } from 'node:timers/promises'
import { type Cancellation, toAbortSignal } from '../sql/cancellation.ts'

/** Who asks again as soon as they are refused asks ten times a second, over one connection. */
const firstMs = 100

/** By so much longer for each that is held of the same viewer: who has more connections asks no more often. */
const eachMs = 20

/** No longer than `Retry-After` says at least. */
const longestMs = 1_000

/** Refusals that wait in a process; more are sent at once, as they would fill memory. */
const mostHeld = 1_000

/** Keeps the refusals of a viewer waiting a little; never rejects. */
export type HoldRefusal = (viewer: string, signal: Cancellation) => Promise<void>

/**
 * Keeps those waiting a little who ask for more than is theirs, so that who does not heed
 * `Retry-After` costs little.
 */
export function createRefusalHold(): HoldRefusal {
  const heldOf = new Map<string, number>()
  let held = 0
  return async (viewer, signal) => {
    if (held >= mostHeld) return
    const own = heldOf.get(viewer) ?? 0
    held += 1
    heldOf.set(viewer, own + 1)
    try {
      const ms = Math.min(longestMs, firstMs + own * eachMs)
      await pause(ms, undefined, { signal: toAbortSignal(signal) })
    } catch {
      // They have hung up.
    } finally {
      held -= 1
      const left = (heldOf.get(viewer) ?? 1) - 1
      if (left > 0) heldOf.set(viewer, left)
      else heldOf.delete(viewer)
    }
  }
}
