import { readTagsOfRow, type Tag } from './tag.ts'

/** What one operation has read so far, as tags, and what else limits how its answer may be kept. */
export interface ReadSet {
  add(tag: Tag): void
  addRow(model: string, key: readonly unknown[]): void
  /** The tags of many things, made only when they are asked for: most operations never need them. */
  addLater<T>(things: readonly T[], addTags: (thing: T, add: (tag: Tag) => void) => void): void
  /** All that another read set holds, as of now: what was found out elsewhere was used here. */
  include(other: ReadSet): void
  /** The answer says something that holds until this moment (ms since 1970) only; the earliest counts. */
  endLife(atMs: number): void
  /** Null when nothing that was read depends on the clock. */
  readonly endsAtMs: number | null
  /** Something was read that left no tags, or must be kept nowhere; the first reason counts. */
  forbid(reason: string): void
  /** Why the answer may not be stored; null when it may. */
  readonly forbidden: string | null
  /** With the tag of all rows beside those of single rows. */
  readonly tags: ReadonlySet<Tag>
}

export function createReadSet(): ReadSet {
  const tags = new Set<Tag>()
  const add = (tag: Tag) => {
    tags.add(tag)
  }
  let pending: (() => void)[] = []
  let endsAtMs: number | null = null
  let forbidden: string | null = null
  return {
    add,
    addRow(model, key) {
      for (const tag of readTagsOfRow(model, key)) add(tag)
    },
    addLater(things, addTags) {
      pending.push(() => {
        for (const thing of things) addTags(thing, add)
      })
    },
    include(other) {
      for (const tag of other.tags) tags.add(tag)
      if (other.endsAtMs !== null) this.endLife(other.endsAtMs)
      if (other.forbidden !== null) this.forbid(other.forbidden)
    },
    endLife(atMs) {
      if (endsAtMs === null || atMs < endsAtMs) endsAtMs = atMs
    },
    get endsAtMs() {
      return endsAtMs
    },
    forbid(reason) {
      forbidden ??= reason
    },
    get forbidden() {
      return forbidden
    },
    get tags() {
      const waiting = pending
      pending = []
      for (const addAll of waiting) addAll()
      return tags
    },
  }
}
