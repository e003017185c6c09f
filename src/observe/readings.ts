import type { Explain } from './sample-plans.ts'

/** What is not told but looked at, when somebody wants to see it. */
export interface Readings {
  /** Null where there is no pool. */
  connections(): ConnectionReading | null
  /** Milliseconds by which the event loop was late lately. */
  loopDelayMs(): number
  /** Null where no answers are kept. Never rejects. */
  store(): Promise<StoreReading | null>
  /** Null where plans cannot be asked for. */
  readonly explain: Explain | null
}

export interface ConnectionReading {
  readonly max: number
  readonly open: number
  readonly inUse: number
  readonly waiting: number
}

export interface StoreReading {
  readonly kind: string
  readonly entries: number | null
  readonly bytes: number | null
  readonly tags: number | null
  readonly breaker: 'closed' | 'open'
}

export const noReadings: Readings = {
  connections: () => null,
  loopDelayMs: () => 0,
  store: async () => null,
  explain: null,
}
