import { rowTag, type Tag } from './tag.ts'

/** What one operation has read so far, as tags. */
export interface ReadSet {
  add(tag: Tag): void
  /** A row's tag, made only when the tags are asked for: most rows of most operations never need it. */
  addRow(model: string, key: readonly unknown[]): void
  readonly tags: ReadonlySet<Tag>
}

export function createReadSet(): ReadSet {
  const tags = new Set<Tag>()
  const rows = new Map<string, (readonly unknown[])[]>()
  return {
    add(tag) {
      tags.add(tag)
    },
    addRow(model, key) {
      const keys = rows.get(model)
      if (keys) keys.push(key)
      else rows.set(model, [key])
    },
    get tags() {
      for (const [model, keys] of rows) {
        for (const key of keys) tags.add(rowTag(model, key))
      }
      rows.clear()
      return tags
    },
  }
}
