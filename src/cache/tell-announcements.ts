import type { Events } from '../observe/events.ts'
import type { CacheStore } from './store.ts'

/** The store, which tells of each announcement that goes through it. */
export function tellAnnouncements(store: CacheStore, events: Events): CacheStore {
  return {
    ...store,
    async announce(announced) {
      const tags = [...announced]
      const startMs = performance.now()
      const end = (isFailed: boolean) =>
        events.announceEnded({ tags, startMs, ms: performance.now() - startMs, isFailed })
      try {
        const done = await store.announce(tags)
        end(false)
        return done
      } catch (error) {
        end(true)
        throw error
      }
    },
  }
}
