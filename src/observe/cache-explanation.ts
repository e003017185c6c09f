/** What became of a request in the cache, as `extensions.loadline.cache` tells it. */
export interface CacheExplanation {
  /**
   * - `hit`: the answer was there
   * - `joined`: another request was computing it
   * - `miss`: it was computed, and stored unless `reason` says why not
   * - `bypass`: the cache was not asked, or could not tell; `reason` says why
   */
  readonly outcome: 'hit' | 'joined' | 'miss' | 'bypass'
  readonly reason: string | null
  /** What of the viewer the answer depends on. */
  readonly scope: 'public' | 'role' | 'own' | null
  /** Since before its first read. */
  readonly ageMs: number | null
  /** How much longer it may be served if nothing is written. */
  readonly ttlMs: number | null
  /** On how many tags it depends. */
  readonly tags: number | null
}

export function explainOutcome(
  outcome: CacheExplanation['outcome'],
  facts: Partial<Omit<CacheExplanation, 'outcome'>> = {},
): CacheExplanation {
  return { outcome, reason: null, scope: null, ageMs: null, ttlMs: null, tags: null, ...facts }
}
