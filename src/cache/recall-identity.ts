import type { ReadSet } from '../tags/read-set.ts'
import type { Tag } from '../tags/tag.ts'
import type { RequestStore } from './request-store.ts'
import { textOf } from './text-of.ts'

/** Who somebody is: their raw id, and the role that decides what they may see. */
export interface RecalledIdentity {
  readonly id: string
  readonly role: string
}

export interface RecallOptions {
  readonly userId: string
  /** Reads it from the database, leaving its tags in `readSet`; null when nobody has the id. */
  readonly read: () => Promise<RecalledIdentity | null>
  /** Has afterwards what the identity depends on, whether it was read or recalled. */
  readonly readSet: ReadSet
}

/** Announcements end it sooner, so this is only how long one is kept that nobody asks for. */
const longestMs = 30 * 60_000

/**
 * Who has an id, under the same contract as every answer. That nobody has it is never remembered, so
 * who was deleted is refused by what the database says.
 */
export async function recallIdentity(
  store: RequestStore,
  { userId, read, readSet }: RecallOptions,
): Promise<RecalledIdentity | null> {
  const key = `viewer:${userId}`
  const found = await store.lookUp({ public: key, role: null, own: null })
  if (found.outcome === 'hit') {
    // Filled below, by the same build.
    const { role, tags, endsAtMs } = JSON.parse(textOf(found.answer.bytes)) as Kept
    for (const tag of tags) readSet.add(tag)
    if (endsAtMs !== null) readSet.endLife(endsAtMs)
    return { id: userId, role }
  }
  const identity = await read()
  const { endsAtMs, forbidden } = readSet
  if (!identity || forbidden !== null) return identity
  const tags = [...readSet.tags]
  const kept: Kept = { role: identity.role, tags, endsAtMs }
  const ttlMs = endsAtMs === null ? longestMs : Math.min(longestMs, endsAtMs - Date.now())
  // Nobody waits for it, and it never rejects.
  void store.fill(key, Buffer.from(JSON.stringify(kept)), { tags, ttlMs })
  return identity
}

interface Kept {
  readonly role: string
  readonly tags: readonly Tag[]
  readonly endsAtMs: number | null
}
