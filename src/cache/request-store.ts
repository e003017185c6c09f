import type { Tag } from '../tags/tag.ts'
import { type Budget, createBudget } from './budget.ts'
import type {
  BypassReason,
  CacheStore,
  Epoch,
  FillOutcome,
  LookUp,
  ScopedKeys,
  StoredAnswer,
} from './store.ts'

/**
 * The store as one request uses it: within one budget of time, and with one epoch for all that it
 * fills, that of its first look-up, since everything was read after that. A request whose look-up
 * failed has none: it goes on without the store. Nothing here rejects, whatever the store does.
 */
export interface RequestStore {
  /** As `CacheStore` has it. */
  readonly isOff: boolean
  /** Whether a look-up has been answered, so that what is read from now on may be filled. */
  isOpen(): boolean
  /** The answer under any of the keys, and what stands under one more key beside them. */
  lookUp(keys: ScopedKeys, beside?: string): Promise<Found>
  /** Only after a look-up. */
  fill(key: string, bytes: Uint8Array, options: FilledWith): Promise<FillOutcome>
}

export type Found =
  | {
      readonly outcome: 'hit'
      readonly answer: StoredAnswer
      readonly beside: Uint8Array | null
    }
  | { readonly outcome: 'miss'; readonly beside: Uint8Array | null }
  | { readonly outcome: 'bypass'; readonly reason: BypassReason }

export interface FilledWith {
  readonly tags: Iterable<Tag>
  /** Counted from the request's first look-up. */
  readonly ttlMs: number
}

/** @param budget of the whole request; others may spend from it too */
export function createRequestStore(
  store: CacheStore,
  budget: Budget = createBudget(),
): RequestStore {
  let epoch: Epoch | null = null
  let failed: Extract<LookUp, { outcome: 'bypass' }> | null = null
  return {
    isOff: store.isOff === true,
    isOpen: () => epoch !== null && failed === null,
    async lookUp(keys, beside) {
      if (failed) return failed
      const found = await store.lookUp(keys, budget, beside).catch(() => unavailable)
      if (found.outcome === 'bypass') failed = found
      else epoch ??= found.epoch
      return found
    },
    async fill(key, bytes, options) {
      if (failed || !epoch) return failed?.reason ?? 'unavailable'
      return store.fill(key, bytes, { ...options, epoch, budget }).catch(() => 'unavailable')
    },
  }
}

/** For a request without a store. */
export const nothingStored: RequestStore = {
  isOff: true,
  isOpen: () => false,
  lookUp: async () => ({ outcome: 'bypass', reason: 'off' }),
  fill: async () => 'off',
}

const unavailable = { outcome: 'bypass', reason: 'unavailable' } as const
