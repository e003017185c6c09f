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
  /**
   * What stands under each key, for everybody; null where nothing does, or nothing is known in time.
   * They wait at one time, and what becomes of them is nothing to the request.
   */
  recall(keys: readonly string[]): Promise<readonly (Uint8Array | null)[]>
  /** The same as `fill`, but in no time of the request's, as nobody waits for it. */
  offer(key: string, bytes: Uint8Array, options: FilledWith): Promise<FillOutcome>
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
    fill: (key, bytes, options) => fill(key, bytes, options, budget),
    async recall(keys) {
      try {
        return await budget.spend(() => Promise.all(keys.map(recallOne)))
      } catch {
        return keys.map(() => null)
      }
    },
    offer: (key, bytes, options) => fill(key, bytes, options, createBudget()),
  }

  async function fill(
    key: string,
    bytes: Uint8Array,
    options: FilledWith,
    own: Budget,
  ): Promise<FillOutcome> {
    if (failed || !epoch) return failed?.reason ?? 'unavailable'
    return store.fill(key, bytes, { ...options, epoch, budget: own }).catch(() => 'unavailable')
  }

  async function recallOne(key: string): Promise<Uint8Array | null> {
    const found = await store.lookUp({ public: key, role: null, own: null }, createBudget())
    return found.outcome === 'hit' ? found.answer.bytes : null
  }
}

/** For a request without a store. */
export const nothingStored: RequestStore = {
  isOff: true,
  isOpen: () => false,
  lookUp: async () => ({ outcome: 'bypass', reason: 'off' }),
  fill: async () => 'off',
  recall: async (keys) => keys.map(() => null),
  offer: async () => 'off',
}

const unavailable = { outcome: 'bypass', reason: 'unavailable' } as const
