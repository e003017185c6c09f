import { type CacheExplanation, explainOutcome } from '../observe/cache-explanation.ts'
import type { EndedLookUp, Events } from '../observe/events.ts'
import type { ReadSet } from '../tags/read-set.ts'
import { createAnswerKeys, type KeyedViewer, type Question } from './answer-keys.ts'
import type { AnswerTerms } from './answer-terms.ts'
import type { RequestStore } from './request-store.ts'
import type { ScopedKeys, StoredAnswer } from './store.ts'

/** What one request wants of the cache; made for one operation and never shared. */
export interface RequestCache {
  /** The keys of what is asked, for whoever asks; null when there can be none. */
  keysOf(question: Question): ScopedKeys | null
  /** The answer, which may be served as it is; null when it must be computed. */
  lookUp(keys: ScopedKeys): Promise<StoredAnswer | null>
  /** Stores what was computed after the look-up, unless something speaks against it. */
  keep(computed: Computed): void
  /** Says why the cache has no part in the request. */
  pass(reason: string): void
  /** Says why what was computed is not stored. */
  forgo(reason: string): void
  /** What became of it, once that is settled. */
  explain(): Promise<CacheExplanation>
}

export interface Computed {
  readonly keys: ScopedKeys
  /** The `data` of a result without errors. */
  readonly data: unknown
  readonly terms: AnswerTerms
  /** The longest that any answer is kept. */
  readonly mostMs: number
  /** How much of the viewer the operation asked for. */
  readonly asked: 'nothing' | 'role' | 'identity'
  readonly readSet: ReadSet
}

export interface RequestCacheOptions {
  readonly store: RequestStore
  /** Null for nobody. */
  readonly viewer: KeyedViewer | null
  /** Told of each look-up and of each offer to the store. @default nobody */
  readonly tell?: CacheEvents
}

/** The events of one request. */
export interface CacheEvents {
  lookUpEnded(lookUp: EndedLookUp): void
  fillEnded: Events['fillEnded']
}

export function createRequestCache({ store, viewer, tell }: RequestCacheOptions): RequestCache {
  let isMissed = false
  let explanation: CacheExplanation | Promise<CacheExplanation> = explainOutcome('bypass', {
    reason: 'nothing was looked for',
  })

  return {
    keysOf: (question) => createAnswerKeys(question, viewer),

    async lookUp(keys) {
      const startMs = performance.now()
      const found = await store.lookUp(keys)
      tell?.lookUpEnded({
        outcome: found.outcome,
        scope: found.outcome === 'hit' ? found.answer.scope : null,
        reason: found.outcome === 'bypass' ? found.reason : null,
        startMs,
        ms: performance.now() - startMs,
      })
      isMissed = found.outcome === 'miss'
      if (found.outcome !== 'hit') {
        const reason = found.outcome === 'bypass' ? found.reason : null
        explanation = explainOutcome(found.outcome, { reason })
        return null
      }
      const { scope, tags } = found.answer
      const [ageMs, ttlMs] = [Math.round(found.answer.ageMs), Math.round(found.answer.ttlMs)]
      explanation = explainOutcome('hit', { scope, ageMs, ttlMs, tags })
      return found.answer
    },

    pass(reason) {
      explanation = explainOutcome('bypass', { reason })
    },

    forgo(reason) {
      if (isMissed) explanation = missed(reason)
    },

    keep(computed) {
      // Nobody may be waiting: what goes wrong here must not end the process.
      if (isMissed) explanation = fill(computed).catch((error) => missed(String(error)))
    },

    async explain() {
      return explanation
    },
  }

  async function fill({ keys, data, terms, mostMs, asked, readSet }: Computed) {
    const scope = scopes[asked]
    const key = keys[scope]
    const reason = terms.noStore === null ? readSet.forbidden : `noStore: ${terms.noStore}`
    // Without a key nobody could have been asked for.
    if (reason !== null || key === null) {
      tell?.fillEnded({ outcome: 'not storable', bytes: 0 })
      return explainOutcome('miss', { reason, scope })
    }
    const { tags, endsAtMs } = readSet
    const leftMs = endsAtMs === null ? Number.POSITIVE_INFINITY : endsAtMs - Date.now()
    const ttlMs = Math.min(terms.maxAgeMs, mostMs, leftMs)
    const bytes = Buffer.from(JSON.stringify(data))
    const filled = await store.fill(key, bytes, { tags, ttlMs })
    tell?.fillEnded({ outcome: filled, bytes: bytes.length })
    if (filled !== 'accepted') return explainOutcome('miss', { reason: filled, scope })
    return explainOutcome('miss', { scope, ageMs: 0, ttlMs, tags: tags.size })
  }
}

const scopes = { nothing: 'public', role: 'role', identity: 'own' } as const

function missed(reason: string): CacheExplanation {
  return explainOutcome('miss', { reason })
}
