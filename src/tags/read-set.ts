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
  return new LazyReadSet()
}

/**
 * A class, so that all read sets share the getter: a literal that has one gets a hidden class of its
 * own, which would keep the rows of every request until the whole heap is collected.
 */
class LazyReadSet implements ReadSet {
  readonly #tags = new Set<Tag>()
  #pending: (() => void)[] = []
  endsAtMs: number | null = null
  forbidden: string | null = null

  add(tag: Tag): void {
    this.#tags.add(tag)
  }

  addRow(model: string, key: readonly unknown[]): void {
    for (const tag of readTagsOfRow(model, key)) this.add(tag)
  }

  addLater<T>(things: readonly T[], addTags: (thing: T, add: (tag: Tag) => void) => void): void {
    this.#pending.push(() => {
      for (const thing of things) addTags(thing, (tag) => this.add(tag))
    })
  }

  include(other: ReadSet): void {
    for (const tag of other.tags) this.add(tag)
    if (other.endsAtMs !== null) this.endLife(other.endsAtMs)
    if (other.forbidden !== null) this.forbid(other.forbidden)
  }

  endLife(atMs: number): void {
    if (this.endsAtMs === null || atMs < this.endsAtMs) this.endsAtMs = atMs
  }

  forbid(reason: string): void {
    this.forbidden ??= reason
  }

  get tags(): ReadonlySet<Tag> {
    const waiting = this.#pending
    this.#pending = []
    for (const addAll of waiting) addAll()
    return this.#tags
  }
}
