import { LRUCache } from 'lru-cache'
import type { Tag } from '../tags/tag.ts'

/** Who somebody is: their raw id, and the role that decides what they may see. */
export interface RecalledIdentity {
  readonly id: string
  readonly role: string
}

/** What the store keeps of somebody. */
export interface KeptIdentity {
  readonly role: string
  readonly tags: readonly Tag[]
  /** Until when it is right, in ms since 1970; null when it does not depend on the clock. */
  readonly endsAtMs: number | null
}

/**
 * What this process saw last of whom. It may be wrong by now, so it decides nothing but under which
 * keys an answer is looked for before the store has said who asks.
 */
export interface KnownIdentities {
  guess(userId: string): RecalledIdentity | null
  /** What the bytes of the store say; the same bytes are not parsed again. */
  decode(userId: string, bytes: Uint8Array): KeptIdentity
  encode(userId: string, kept: KeptIdentity): Buffer
}

const mostKnown = 10_000

export function createKnownIdentities(): KnownIdentities {
  const known = new LRUCache<string, { readonly bytes: Buffer; readonly kept: KeptIdentity }>({
    max: mostKnown,
  })
  return {
    guess(userId) {
      const role = known.get(userId)?.kept.role
      return role === undefined ? null : { id: userId, role }
    },
    decode(userId, bytes) {
      const last = known.get(userId)
      if (last?.bytes.equals(bytes)) return last.kept
      // A copy, as these are a part of something longer.
      const own = Buffer.from(bytes)
      // Encoded below, by the same build.
      const kept = JSON.parse(own.toString()) as KeptIdentity
      known.set(userId, { bytes: own, kept })
      return kept
    },
    encode(userId, kept) {
      const bytes = Buffer.from(JSON.stringify(kept))
      known.set(userId, { bytes, kept })
      return bytes
    },
  }
}
