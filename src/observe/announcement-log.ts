import type { Listener } from './events.ts'

export interface RecentAnnouncement {
  /** Milliseconds since the epoch. */
  readonly atMs: number
  readonly ms: number
  readonly isFailed: boolean
  readonly count: number
  /** The first of its tags. */
  readonly tags: readonly string[]
}

const mostKept = 20
const mostTags = 6

/** The last writes that were made known, the latest first. */
export function createAnnouncementLog(): {
  readonly listener: Listener
  readonly recent: readonly RecentAnnouncement[]
} {
  const recent: RecentAnnouncement[] = []
  return {
    recent,
    listener: {
      announceEnded({ tags, ms, isFailed }) {
        if (tags.length === 0) return
        const first = tags.slice(0, mostTags)
        recent.unshift({ atMs: Date.now(), ms, isFailed, count: tags.length, tags: first })
        recent.length = Math.min(recent.length, mostKept)
      },
    },
  }
}
