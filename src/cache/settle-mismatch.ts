import { setTimeout as pause } from 'node:timers/promises'
import {
  type CacheStore,
  lapseMarginMs,
  type ScopedKeys,
  type StoredAnswer,
  storeDefaults,
} from './store.ts'

export interface Mismatch {
  readonly store: Pick<CacheStore, 'lookUp'>
  readonly keys: ScopedKeys
  /** What was found under the keys and differs from what was computed after that. */
  readonly stored: StoredAnswer
  /** When it was found, as `performance.now()` gives it. */
  readonly foundAtMs: number
  /** By then everything is announced, or nothing is served. @default heartbeat and margin */
  readonly settleMs?: number | undefined
}

/** Clocks of two look-ups. */
const slackMs = 100

/**
 * Whether a stored answer that differs from a computed one is out of date. Something may have been
 * written, or a boundary of the clock passed, between storing and computing: then the answer is not
 * served any more once that is announced, or its life has ended. Only what is still served when all has
 * settled is stale.
 */
export async function settleMismatch(mismatch: Mismatch): Promise<'explained' | 'stale'> {
  const { store, keys, stored, foundAtMs } = mismatch
  const { settleMs = storeDefaults.heartbeatMs + lapseMarginMs } = mismatch
  await pause(settleMs, undefined, { ref: false })
  const found = await store.lookUp(keys)
  if (found.outcome !== 'hit') return 'explained'
  const { bytes, ageMs } = found.answer
  const isNewer = performance.now() - ageMs > foundAtMs - stored.ageMs + slackMs
  return isNewer || Buffer.compare(bytes, stored.bytes) !== 0 ? 'explained' : 'stale'
}
