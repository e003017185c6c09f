import type { Tag } from '../tags/tag.ts'

export const digestBytes = 8

/**
 * The tags as 64-bit digests, one after the other. Two tags with the same digest only cost a hit: an
 * announcement of one ends answers of the other. Stored as text, tags of rows with UUIDs would take
 * five times the memory, in entries and in the set of tags.
 *
 * Two lanes of the mixing steps of MurmurHash3 over UTF-16 units: a cryptographic digest takes ten
 * times as long, and nothing here needs one.
 */
export function packTags(tags: readonly Tag[]): Buffer {
  const packed = Buffer.allocUnsafe(tags.length * digestBytes)
  for (const [index, tag] of tags.entries()) {
    let low = 0x9e3779b9
    let high = 0x85ebca6b
    for (let at = 0; at < tag.length; at += 1) {
      const unit = tag.charCodeAt(at)
      low = Math.imul(low ^ unit, 0x9e3779b1)
      high = Math.imul(high ^ unit, 0x5f356495)
      low ^= low >>> 15
      high ^= high >>> 13
    }
    packed.writeUInt32LE(mix(low ^ Math.imul(high, 0xc2b2ae35)), index * digestBytes)
    packed.writeUInt32LE(mix(high ^ Math.imul(low, 0x85ebca6b)), index * digestBytes + 4)
  }
  return packed
}

function mix(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}
