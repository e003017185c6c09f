import { collapseTags } from '../../src/cache/collapse-tags.ts'
import type { Tag } from '../../src/tags/tag.ts'
import type { Recorded } from './recorder.ts'

/** When a cache drops an answer. */
export interface Policy {
  /** Takes the next request of the trace; whether its answer would have come from the cache. */
  next(recorded: Recorded): boolean
  /** Tags of all answers stored so far, each counted as often as it was stored. */
  readonly storedTags: number
}

/** Ours: an answer is dropped when a tag that it left is announced. */
export function byTag(collapseLimit: number): Policy {
  return createPolicy({
    marksOf: (tags) => collapseTags(tags, collapseLimit),
    announced: (tags) => [...tags, ...new Set(tags.map((tag) => `${modelOf(tag)}~`))],
  })
}

/** As caches that know only types do: a write to a model drops every answer that shows any of it. */
export function byType(): Policy {
  const toModels = (tags: readonly Tag[]) => [...new Set(tags.map(modelOf))]
  return createPolicy({ marksOf: toModels, announced: toModels })
}

/** Drops an answer only when it would no longer be the same, which no cache can know beforehand. */
export function oracle(): Policy {
  const digests = new Map<string, string>()
  return {
    storedTags: 0,
    next({ keys, filled }) {
      if (!filled) return false
      const isHit = keys.includes(filled.key) && digests.get(filled.key) === filled.digest
      digests.set(filled.key, filled.digest)
      return isHit
    },
  }
}

interface Marking {
  readonly marksOf: (tags: readonly Tag[]) => readonly string[]
  readonly announced: (tags: readonly Tag[]) => readonly string[]
}

function createPolicy({ marksOf, announced }: Marking): Policy {
  const stored = new Map<string, { readonly at: number; readonly marks: readonly string[] }>()
  const lastAnnounced = new Map<string, number>()
  let clock = 0
  let storedTags = 0
  const isAlive = (key: string) => {
    const entry = stored.get(key)
    return entry?.marks.every((mark) => (lastAnnounced.get(mark) ?? -1) < entry.at) ?? false
  }
  return {
    get storedTags() {
      return storedTags
    },
    next({ keys, filled, announced: tags }) {
      clock += 1
      for (const mark of announced(tags)) lastAnnounced.set(mark, clock)
      if (!filled) return false
      if (keys.some(isAlive)) return true
      const marks = marksOf(filled.tags)
      storedTags += marks.length
      stored.set(filled.key, { at: clock, marks })
      return false
    },
  }
}

function modelOf(tag: Tag): string {
  return /^\w+/.exec(tag)?.[0] ?? tag
}
