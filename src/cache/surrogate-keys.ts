import type { Tag } from '../tags/tag.ts'
import { collapseTags } from './collapse-tags.ts'
import { digestBytes, packTags } from './tag-digest.ts'

/** Caches between us and our readers take headers of some thousand bytes: 64 keys have 767. */
const mostKeys = 64

/**
 * Names for tags that a cache outside may be told: 11 characters each, which say nothing of what is
 * in the database.
 */
export function toSurrogateKeys(tags: Iterable<Tag>): readonly string[] {
  const packed = packTags([...tags])
  return Array.from({ length: packed.length / digestBytes }, (_, index) =>
    packed.toString('base64url', index * digestBytes, (index + 1) * digestBytes),
  )
}

/** By what an answer that depends on these tags may be purged; null when on too many models. */
export function listSurrogateKeys(tags: Iterable<Tag>): string | null {
  let kept: readonly Tag[] = [...tags]
  for (const limit of [mostKeys, 8, 0]) {
    if (kept.length <= mostKeys) break
    kept = collapseTags(kept, limit)
  }
  return kept.length <= mostKeys ? toSurrogateKeys(kept).join(' ') : null
}
