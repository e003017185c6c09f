import { LRUCache } from 'lru-cache'
import { type Cancellation, orAborted } from '../sql/cancellation.ts'
import { createBriefMap } from './brief-map.ts'
import type { FinishedAnswer } from './finished-answer.ts'
import type { Scope } from './store.ts'

/** What was computed once for several who asked, after the store has accepted it. */
export interface Landed {
  /** Under which it was accepted; whoever does not have this key may not be shown it. */
  readonly key: string
  readonly scope: Scope
  readonly finished: FinishedAnswer
  readonly ttlMs: number
}

/**
 * Computations in this process that others may join, by the key that they ask for.
 *
 * Who joined is served what was computed only if the store accepted it, and nobody can join any more
 * when it is sent there: so every write that was acknowledged before somebody joined had been
 * announced before the store checked.
 */
export interface Flights {
  /**
   * Under which scope the document's last answer was stored; null when it could not be, undefined
   * where nothing is known.
   */
  scopeOf(document: string): Scope | null | undefined
  noteScope(document: string, scope: Scope | null): void
  /** Null: nobody is computing it, or nobody can join any more. */
  find(key: string): Flight | null
  /** @param hold keeps the computation alive until what it gives is called, whoever hangs up */
  begin(key: string, hold: Hold): OwnFlight
  /**
   * Waits for the store's word on a flight that nobody can join any more. True when one landed after
   * `sinceMs`: whoever missed the answer before may find it now.
   */
  hasLanded(key: string, sinceMs: number): Promise<boolean>
}

export type Hold = () => () => void

export interface Flight {
  /**
   * Waits for it; null when it came to nothing that may be shared.
   * @throws the reason of the signal when that comes first
   */
  join(signal: Cancellation | undefined): Promise<Landed | null>
}

/** A flight for the one who computes. */
export interface OwnFlight {
  /** To be called right before the answer is sent to the store: from now on nobody joins. */
  close(): void
  /** Tells those who joined; null: there is nothing for them. Only the first call counts. */
  land(landed: Landed | null): void
}

const mostDocumentChars = 4 * 1_024 * 1_024

/** Far longer than any look-up takes. */
const landingsKeptMs = 60_000

export function createFlights(nowMs: () => number = () => performance.now()): Flights {
  const flying = createBriefMap<Flight>()
  const landing = createBriefMap<Promise<Landed | null>>()
  const landings = new LRUCache<string, number>({ max: 10_000, ttl: landingsKeptMs })
  const scopes = new LRUCache<string, { readonly scope: Scope | null }>({
    maxSize: mostDocumentChars,
    sizeCalculation: (_, document) => Math.max(1, document.length),
  })

  return {
    scopeOf: (document) => scopes.get(document)?.scope,
    noteScope(document, scope) {
      scopes.set(document, { scope })
    },
    find: (key) => flying.get(key) ?? null,
    begin,
    async hasLanded(key, sinceMs) {
      await landing.get(key)
      return (landings.get(key) ?? Number.NEGATIVE_INFINITY) >= sinceMs
    },
  }

  function begin(key: string, hold: Hold): OwnFlight {
    let joined = 0
    let release: (() => void) | null = null
    let resolve: (landed: Landed | null) => void = () => {}
    const over = new Promise<Landed | null>((resolveOver) => {
      resolve = resolveOver
    })
    const leave = () => {
      joined -= 1
      if (joined > 0) return
      release?.()
      release = null
    }
    const flight: Flight = {
      async join(signal) {
        joined += 1
        release ??= hold()
        try {
          return await (signal ? orAborted(over, signal) : over)
        } finally {
          leave()
        }
      },
    }
    const close = () => {
      if (flying.get(key) !== flight) return
      flying.delete(key)
      landing.set(key, over)
    }
    flying.set(key, flight)
    return {
      close,
      land(landed) {
        close()
        if (landing.get(key) === over) landing.delete(key)
        // Who missed it may look for it under the scope that it turned out to have.
        if (landed) for (const one of [key, landed.key]) landings.set(one, nowMs())
        resolve(landed)
      },
    }
  }
}
