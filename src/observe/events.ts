import type { Statement } from '../sql/database.ts'
import type { TalliedStatement } from '../sql/tally.ts'
import type { CacheExplanation } from './cache-explanation.ts'
import type { RequestFacts } from './request-facts.ts'

/**
 * What the parts of a process tell, a function for each event. Who tells does not know who listens,
 * waits for nobody and gets no answer. Times are those of `performance.now()`, in ms.
 */
export interface Events {
  requestBegan(facts: RequestFacts): void
  /** The answer is ready to be sent. */
  requestEnded(facts: RequestFacts): void
  /** Who asks is known, and the flat rate was taken. */
  guardPassed(facts: RequestFacts, span: Span): void
  /** The operation's turn has come, or it was refused. */
  turnEnded(facts: RequestFacts, span: Span & { readonly isRefused: boolean }): void
  executionEnded(facts: RequestFacts, span: Span): void
  /** `values` are for those who run the statement again: they belong in no log. */
  statementEnded(facts: RequestFacts | null, statement: EndedStatement): void
  /** One shape ran for the same field more often than batching lets it. */
  shapeRepeated(facts: RequestFacts, repeated: RepeatedShape): void
  /** An operation of the manifest ran more statements than were recorded for it. */
  budgetExceeded(facts: RequestFacts, excess: BudgetExcess): void
  /** A statement waited so long for a connection of the pool. */
  connectionTaken(waitedMs: number): void
  lookUpEnded(facts: RequestFacts, lookUp: EndedLookUp): void
  /** `outcome` is `accepted`, or why not. */
  fillEnded(fill: { readonly outcome: string; readonly bytes: number }): void
  /** Tags were made known to the cache, or that failed. */
  announceEnded(announced: EndedAnnounce): void
  /** A served answer was computed again, or looked at again in vain, and compared. */
  answerCompared(facts: RequestFacts | null, comparison: Comparison): void
}

export interface Span {
  readonly startMs: number
  readonly ms: number
}

export interface EndedStatement extends Span, Omit<TalliedStatement, 'sql' | 'ms'> {
  readonly statement: Statement
  readonly values: readonly unknown[]
  readonly isFailed: boolean
}

export interface RepeatedShape {
  readonly sql: string
  readonly paths: readonly string[]
  readonly runs: number
}

export interface BudgetExcess {
  readonly statements: number
  readonly budget: number
  /** The field that most of its statements ran for. */
  readonly field: string
}

export interface EndedLookUp extends Span {
  readonly outcome: CacheExplanation['outcome']
  readonly scope: CacheExplanation['scope']
  readonly reason: string | null
}

export interface EndedAnnounce extends Span {
  readonly tags: readonly string[]
  readonly isFailed: boolean
}

/**
 * - `same`: both were equal
 * - `explained`: the served one was not served any more when all had been announced
 * - `stale`: it was still served
 * - `failed`: it could not be computed
 */
export interface Comparison {
  readonly outcome: 'same' | 'explained' | 'stale' | 'failed'
  /** What the computed answer depends on; only of a stale one. */
  readonly tags: readonly string[]
}

/** Hears of those events that it has a function for. */
export type Listener = Partial<Events>

function ignore(): void {}

/** For whoever is not observed. */
export const silence: Events = {
  requestBegan: ignore,
  requestEnded: ignore,
  guardPassed: ignore,
  turnEnded: ignore,
  executionEnded: ignore,
  statementEnded: ignore,
  shapeRepeated: ignore,
  budgetExceeded: ignore,
  connectionTaken: ignore,
  lookUpEnded: ignore,
  fillEnded: ignore,
  announceEnded: ignore,
  answerCompared: ignore,
}

/**
 * Events that all listeners hear, in their order. What a listener throws is nobody's business but
 * `onFault`'s: no request fails because it could not be counted.
 */
export function tellAll(listeners: readonly Listener[], onFault: (error: unknown) => void): Events {
  const names = Object.keys(silence) as (keyof Events)[] // the names of all events
  const told = names.map((name) => {
    const heard = listeners.flatMap((listener) => listener[name]?.bind(listener) ?? [])
    return [name, heard.length === 0 ? ignore : fanOut(heard as Heard[], onFault)]
  })
  return Object.fromEntries(told) as Events
}

/** Any event: the types hold where it is told, and where it is heard. */
type Heard = (first: unknown, second: unknown) => void

function fanOut(heard: readonly Heard[], onFault: (error: unknown) => void): Heard {
  // No event has more to say; a list of arguments would be made for each.
  return (first, second) => {
    for (const hear of heard) {
      try {
        hear(first, second)
      } catch (error) {
        onFault(error)
      }
    }
  }
}
