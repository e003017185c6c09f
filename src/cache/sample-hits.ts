import type { Comparison } from '../observe/events.ts'
import type { RequestFacts } from '../observe/request-facts.ts'
import type { Question } from './answer-keys.ts'
import { settleMismatch } from './settle-mismatch.ts'
import type { CacheStore, ScopedKeys } from './store.ts'
import { storedText } from './stored-text.ts'

export interface HitSamplerOptions {
  readonly store: Pick<CacheStore, 'lookUp'>
  /** The part of all hits that is checked, from 0 to 1. */
  readonly share: number
  /** Computes the answer without the cache; null when it cannot be computed. */
  readonly compute: (question: Question, userId: string | null) => Promise<ComputedAnew | null>
  /** Whether there is no time for it now. */
  readonly isBusy: () => boolean
  readonly tell: (facts: RequestFacts, comparison: Comparison) => void
  readonly settleMs?: number | undefined
  readonly dice?: () => number
}

export interface ComputedAnew {
  readonly keys: ScopedKeys
  readonly data: unknown
  readonly tags: Iterable<string>
}

/** Called with a request that was answered from the cache. Nobody waits for it, and it never throws. */
export type CheckHit = (facts: RequestFacts, question: Question) => void

const mostTags = 50

/**
 * Computes what some hits served once more in the background, and compares: one at a time, and not
 * while there is much to do.
 */
export function createHitSampler(options: HitSamplerOptions): CheckHit {
  const { store, share, compute, isBusy, tell, settleMs, dice = Math.random } = options
  let isChecking = false

  return (facts, question) => {
    if (isChecking || share === 0 || dice() >= share || isBusy()) return
    isChecking = true
    check(question, facts.viewerId)
      .catch((): Comparison => ({ outcome: 'failed', tags: [] }))
      .then((comparison) => {
        if (comparison) tell(facts, comparison)
      })
      .finally(() => {
        isChecking = false
      })
  }

  async function check(question: Question, userId: string | null): Promise<Comparison | null> {
    // The keys are found by computing, so what is compared is looked up first with the same ones.
    const first = await compute(question, userId)
    if (!first) return { outcome: 'failed', tags: [] }
    const foundAtMs = performance.now()
    const found = await store.lookUp(first.keys)
    // Something ended it since it was served.
    if (found.outcome !== 'hit') return null
    const text = await storedText(found.answer.bytes)
    if (text === JSON.stringify(first.data)) return { outcome: 'same', tags: [] }
    const again = await compute(question, userId)
    if (!again) return { outcome: 'failed', tags: [] }
    if (text === JSON.stringify(again.data)) return { outcome: 'explained', tags: [] }
    const stored = found.answer
    const outcome = await settleMismatch({ store, keys: first.keys, stored, foundAtMs, settleMs })
    return { outcome, tags: outcome === 'stale' ? [...again.tags].slice(0, mostTags) : [] }
  }
}
