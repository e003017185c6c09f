import { type CacheExplanation, explainOutcome } from '../observe/cache-explanation.ts'
import type { EndedLookUp, Events } from '../observe/events.ts'
import type { Cancellation } from '../sql/cancellation.ts'
import type { ReadSet } from '../tags/read-set.ts'
import { createAnswerKeys, type Question } from './answer-keys.ts'
import type { AnswerTerms } from './answer-terms.ts'
import { boardFlight } from './board-flight.ts'
import { type FinishedAnswer, finishAnswer, packAnswer, unpackAnswer } from './finished-answer.ts'
import type { Flights, Hold, Landed, OwnFlight } from './flights.ts'
import type { IdentityRecall } from './recall-identity.ts'
import type { RequestStore } from './request-store.ts'
import type { Scope, ScopedKeys } from './store.ts'
import { listSurrogateKeys } from './surrogate-keys.ts'

/** What one request wants of the cache; made for one operation and never shared. */
export interface RequestCache {
  /**
   * The answer for whoever asks, which may be served as it is; null when it must be computed. The
   * same question again is not looked up again.
   */
  lookUp(question: Question): Promise<ServedAnswer | null>
  /** Says what the document tells of how its answer may be kept, before it is computed. */
  plan(terms: AnswerTerms): void
  /**
   * Computes, or waits for another request that does so already and gives what was served to it.
   * @throws the reason of the signal
   */
  share<T>(compute: () => Promise<T>, patience: Patience): Promise<Shared<T>>
  /** Stores what was computed after the look-up, unless something speaks against it. */
  /** @returns for how many ms it was offered to the store; null: not at all */
  keep(computed: Computed): number | null
  /** Says that the result is the answer that was served, word by word. */
  serve(result: object, served: ServedAnswer): void
  /** Says why the cache has no part in the request. */
  pass(reason: string): void
  /** Says why what was computed is not stored. */
  forgo(reason: string): void
  /** To be called when the operation is over, however it ended: nobody waits for it any longer. */
  end(): void
  /**
   * The result as it is to be sent, if it is word by word what the store has or is given. To be asked
   * once: the request outlives its result, which is not to be kept by it.
   */
  finishedOf(result: object): Promise<ServedAnswer> | null
  /** What became of it, once that is settled. */
  explain(): Promise<CacheExplanation>
}

/** An answer as it is sent, and how far it may go. */
export interface ServedAnswer {
  readonly finished: FinishedAnswer
  readonly scope: Scope
  /** How much longer it is right if nothing is written. */
  readonly ttlMs: number
  /** Where it comes from: the store, another's computation, our own. */
  readonly from: 'hit' | 'joined' | 'computed'
}

export interface Computed {
  /** A result without errors, of which `data` is stored and nothing else. */
  readonly result: { readonly data?: unknown; readonly extensions?: unknown }
  /** The longest that it is kept, whatever its terms say. */
  readonly mostMs: number
  /** Part of the lifetime by which it is shortened at most, by chance. */
  readonly jitter: number
  /** How much of the viewer the operation asked for. */
  readonly asked: 'nothing' | 'role' | 'identity'
  readonly readSet: ReadSet
}

export type Shared<T> =
  | { readonly served: null; readonly computed: T }
  | { readonly served: ServedAnswer }

export interface Patience {
  /** When it aborts, nobody waits for another any more. */
  readonly signal?: Cancellation | undefined
  /** Keeps the computation alive, whoever hangs up. */
  readonly hold?: Hold | undefined
}

export interface RequestCacheOptions {
  readonly store: RequestStore
  /** Null for nobody. */
  readonly who: IdentityRecall | null
  /** What is computed in this process. */
  readonly flights: Flights
  /** Told of each look-up and of each offer to the store. @default nobody */
  readonly tell?: CacheEvents
}

/** The events of one request. */
export interface CacheEvents {
  lookUpEnded(lookUp: EndedLookUp): void
  fillEnded: Events['fillEnded']
}

export function createRequestCache(options: RequestCacheOptions): RequestCache {
  const { store, who, flights, tell } = options
  let asked: Asked | null = null
  let terms: AnswerTerms | null = null
  let flight: OwnFlight | null = null
  let isKept = false
  let isPassed = false
  /** Whether the answer was computed by another, or before: then there is nothing to keep. */
  let isServed = false
  let given: { readonly result: object; readonly served: Promise<ServedAnswer> } | null = null
  let explanation: CacheExplanation | Promise<CacheExplanation> = explainOutcome('bypass', {
    reason: 'nothing was looked for',
  })

  return {
    async lookUp(question) {
      if (store.isOff) return passBy()
      let viewer = who && ((who.isLookedUp ? null : who.guess()) ?? (await who.get()))
      while (viewer || !who) {
        const keys = createAnswerKeys(question, viewer)
        if (!keys) {
          explanation = explainOutcome('bypass', { reason: 'its variables are not JSON' })
          return null
        }
        if (asked && isSame(asked.keys, keys)) return asked.served
        await ask(question, keys)
        const identity = who && (await who.get())
        if (identity?.role === viewer?.role) return asked?.served ?? null
        // It was a guess, and wrong: nothing that was found is theirs.
        asked = null
        viewer = identity
      }
      return null
    },

    plan(planned) {
      terms = planned
      const { kind } = planned
      if (kind !== 'query') explanation = explainOutcome('bypass', { reason: kind })
    },

    async share(compute, { signal, hold = () => () => {} }) {
      if (!asked || !isQuery() || terms?.noStore !== null) {
        return { served: null, computed: await compute() }
      }
      const startMs = performance.now()
      const { keys, question } = asked
      const boarded = await boardFlight(flights, {
        document: documentOf(question),
        keys,
        missedAtMs: asked.atMs,
        canLead: asked.isMissed,
        lookAgain: async () => (await ask(question, keys)).served !== null,
        signal,
        hold,
      })
      if (boarded.as === 'found' && asked.served) return serveAlready(asked.served)
      if (boarded.as === 'joined') return join(boarded.landed, startMs)
      if (boarded.as === 'lead') flight = boarded.flight
      return { served: null, computed: await compute() }
    },

    keep(computed) {
      if (!asked?.isMissed || isServed || !isQuery()) return null
      if (terms) return keep(asked, terms, computed)
      explanation = missed('it was not executed')
      return null
    },

    serve(result, served) {
      given = { result, served: Promise.resolve(served) }
    },

    pass(reason) {
      explanation = explainOutcome('bypass', { reason })
    },

    forgo(reason) {
      if (asked?.isMissed && !isServed && isQuery()) explanation = missed(reason)
    },

    end() {
      if (!isKept) flight?.land(null)
    },

    finishedOf(result) {
      if (given?.result !== result) return null
      const { served } = given
      given = null
      return served
    },

    async explain() {
      return explanation
    },
  }

  /** Asked twice, of the store and of Yoga's plugin, but told once. */
  function passBy(): null {
    if (!isPassed) {
      const startMs = performance.now()
      tell?.lookUpEnded({ outcome: 'bypass', scope: null, reason: 'off', startMs, ms: 0 })
      explanation = explainOutcome('bypass', { reason: 'off' })
    }
    isPassed = true
    return null
  }

  /** As far as is known: what was not executed may have been anything. */
  function isQuery(): boolean {
    return (terms?.kind ?? 'query') === 'query'
  }

  async function ask(question: Question, keys: ScopedKeys): Promise<Asked> {
    const startMs = performance.now()
    const beside = who && !who.isLookedUp ? who.key : undefined
    const found = await store.lookUp(keys, beside)
    if (beside !== undefined) who?.take(found.outcome === 'bypass' ? null : found.beside)
    tell?.lookUpEnded({
      outcome: found.outcome,
      scope: found.outcome === 'hit' ? found.answer.scope : null,
      reason: found.outcome === 'bypass' ? found.reason : null,
      startMs,
      ms: performance.now() - startMs,
    })
    asked = { question, keys, atMs: startMs, isMissed: found.outcome === 'miss', served: null }
    if (found.outcome !== 'hit') {
      const reason = found.outcome === 'bypass' ? found.reason : null
      explanation = explainOutcome(found.outcome, { reason })
      return asked
    }
    const { scope, tags, bytes, ttlMs } = found.answer
    const ageMs = Math.round(found.answer.ageMs)
    explanation = explainOutcome('hit', { scope, ageMs, ttlMs: Math.round(ttlMs), tags })
    asked.served = { finished: unpackAnswer(bytes), scope, ttlMs, from: 'hit' }
    return asked
  }

  function serveAlready(served: ServedAnswer) {
    isServed = true
    return { served } as const
  }

  function join({ scope, finished, ttlMs }: Landed, startMs: number) {
    explanation = explainOutcome('joined', { scope })
    tell?.lookUpEnded({
      outcome: 'joined',
      scope,
      reason: null,
      startMs,
      ms: performance.now() - startMs,
    })
    return serveAlready({ finished, scope, ttlMs, from: 'joined' })
  }

  function keep({ question, keys }: Asked, terms: AnswerTerms, computed: Computed): number | null {
    const { result, mostMs, jitter, readSet } = computed
    const scope = terms.isPrivate ? narrowest(keys) : scopes[computed.asked]
    const key = keys[scope]
    const reason = terms.noStore === null ? readSet.forbidden : `noStore: ${terms.noStore}`
    // Without a key nobody could have been asked for.
    if (reason !== null || key === null) {
      flights.noteScope(documentOf(question), null)
      tell?.fillEnded({ outcome: 'not storable', bytes: 0 })
      explanation = explainOutcome('miss', { reason, scope })
      return null
    }
    const { tags, endsAtMs } = readSet
    const leftMs = endsAtMs === null ? Number.POSITIVE_INFINITY : endsAtMs - Date.now()
    const lifetimeMs = Math.min(terms.maxAgeMs, mostMs) * (1 - jitter * Math.random())
    const ttlMs = Math.min(lifetimeMs, leftMs)
    const surrogateKeys = scope === 'public' ? (listSurrogateKeys(tags) ?? '') : ''
    const served = finishAnswer(result.data, surrogateKeys).then(
      (finished) => ({ finished, scope, ttlMs, from: 'computed' }) as const,
    )
    if (result.extensions === undefined) given = { result, served }
    isKept = true
    // Nobody may be waiting: what goes wrong here must not end the process.
    explanation = fill({ document: documentOf(question), key, served, tags }).catch((error) =>
      missed(String(error)),
    )
    return ttlMs
  }

  async function fill({ document, key, served, tags }: Filling): Promise<CacheExplanation> {
    try {
      const { finished, scope, ttlMs } = await served
      flight?.close()
      const bytes = packAnswer(finished)
      const filled = await store.fill(key, bytes, { tags, ttlMs })
      tell?.fillEnded({ outcome: filled, bytes: bytes.length })
      if (filled !== 'accepted') return explainOutcome('miss', { reason: filled, scope })
      flights.noteScope(document, scope)
      flight?.land({ key, scope, finished, ttlMs })
      return explainOutcome('miss', { scope, ageMs: 0, ttlMs, tags: tags.size })
    } finally {
      flight?.land(null)
    }
  }
}

interface Asked {
  readonly question: Question
  readonly keys: ScopedKeys
  /** When the look-up was begun. */
  readonly atMs: number
  readonly isMissed: boolean
  served: ServedAnswer | null
}

interface Filling {
  readonly document: string
  readonly key: string
  readonly served: Promise<ServedAnswer>
  readonly tags: ReadSet['tags']
}

const scopes = { nothing: 'public', role: 'role', identity: 'own' } as const

function narrowest({ own }: ScopedKeys): Scope {
  return own === null ? 'role' : 'own'
}

function isSame(some: ScopedKeys, others: ScopedKeys): boolean {
  return some.public === others.public && some.role === others.role && some.own === others.own
}

function documentOf({ query, operationName, key }: Question): string {
  return key ?? `${operationName ?? ''}\n${query ?? ''}`
}

function missed(reason: string): CacheExplanation {
  return explainOutcome('miss', { reason })
}
