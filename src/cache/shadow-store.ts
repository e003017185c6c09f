import type { Comparison } from '../observe/events.ts'
import { settleMismatch } from './settle-mismatch.ts'
import type { CacheStore, Epoch, ScopedKeys, StoredAnswer } from './store.ts'
import { storedText } from './stored-text.ts'

export interface ShadowOptions {
  readonly tell: (comparison: Comparison) => void
  readonly settleMs?: number
}

interface Found {
  readonly keys: ScopedKeys
  readonly stored: StoredAnswer
  readonly foundAtMs: number
}

/**
 * The store for trying out the cache: nothing is served from it. What a look-up finds is compared with
 * what is then computed, so that it is known what would have been served, and whether it was right.
 */
export function shadowStore(store: CacheStore, { tell, settleMs }: ShadowOptions): CacheStore {
  const hits = new WeakMap<Epoch, Found>()

  return {
    ...store,
    async lookUp(keys, ...rest) {
      const found = await store.lookUp(keys, ...rest)
      if (found.outcome !== 'hit') return found
      const { answer, ...others } = found
      hits.set(found.epoch, { keys, stored: answer, foundAtMs: performance.now() })
      return { ...others, outcome: 'miss' }
    },
    async fill(key, bytes, options) {
      const found = hits.get(options.epoch)
      hits.delete(options.epoch)
      const isOther = found && !Object.values(found.keys).includes(key)
      if (!found || isOther) return store.fill(key, bytes, options)
      const text = await storedText(bytes)
      if (text === (await storedText(found.stored.bytes))) {
        tell({ outcome: 'same', tags: [] })
        return store.fill(key, bytes, options)
      }
      const tags = [...options.tags]
      // Not stored, so that what was found can be looked at once more.
      void settleMismatch({ ...found, store, settleMs }).then(
        (outcome) => tell({ outcome, tags: outcome === 'stale' ? tags : [] }),
        () => tell({ outcome: 'failed', tags: [] }),
      )
      return 'overtaken'
    },
  }
}
