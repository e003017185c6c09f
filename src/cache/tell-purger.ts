import type { Log } from '../observe/log.ts'
import type { Tag } from '../tags/tag.ts'
import type { CacheStore } from './store.ts'
import { toSurrogateKeys } from './surrogate-keys.ts'

/** What was announced, as we name it and as answers in caches outside are marked. */
export interface AnnouncedTags {
  readonly tags: readonly Tag[]
  readonly surrogateKeys: readonly string[]
}

/** Tells a cache outside what to drop. Nobody waits for it: what it throws is logged. */
export type Purge = (announced: AnnouncedTags) => void | Promise<void>

/** The store, which tells `purge` of what it has announced. */
export function tellPurger(store: CacheStore, purge: Purge, log: Pick<Log, 'warn'>): CacheStore {
  return {
    ...store,
    async announce(announced) {
      const tags = [...announced]
      const done = await store.announce(tags)
      if (tags.length > 0) void tell(tags)
      return done
    },
  }

  async function tell(tags: readonly Tag[]): Promise<void> {
    try {
      await purge({ tags, surrogateKeys: toSurrogateKeys(tags) })
    } catch (error) {
      log.warn({ err: error }, 'A cache outside could not be told what to drop')
    }
  }
}
