import { anyRowTag, rowTag, type Tag } from './tag.ts'

/** What one operation has read so far, as tags, and what else limits how its answer may be kept. */
export interface ReadSet {
  add(tag: Tag): void
  /** A row's tag, made only when the tags are asked for: most rows of most operations never need it. */
  addRow(model: string, key: readonly unknown[]): void
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
  const rows = new Map<string, (readonly unknown[])[]>()
  let endsAtMs: number | null = null
  let forbidden: string | null = null
  return {
    add(tag) {
      tags.add(tag)
    },
    addRow(model, key) {
      const keys = rows.get(model)
      if (keys) keys.push(key)
      else rows.set(model, [key])
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
      for (const [model, keys] of rows) {
        tags.add(anyRowTag(model))
        for (const key of keys) tags.add(rowTag(model, key))
      }
      rows.clear()
      return tags
    },
  }
}
