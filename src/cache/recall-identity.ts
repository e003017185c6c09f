import type { ReadSet } from '../tags/read-set.ts'
import type { KnownIdentities, RecalledIdentity } from './known-identities.ts'
import type { RequestStore } from './request-store.ts'

/**
 * Who has an id, under the same contract as every answer. That nobody has it is never remembered, so
 * who was deleted is refused by what the database says.
 */
export interface IdentityRecall {
  /** Under which key the store has it, to be looked up beside an answer. */
  readonly key: string
  /** Whether the store was asked. */
  readonly isLookedUp: boolean
  /** Who it was when this process last saw them; null when it never did. */
  guess(): RecalledIdentity | null
  /** Takes what the store had under the key; null: it had nothing. */
  take(found: Uint8Array | null): void
  /** Who it is: as the store had it, else as the database has. Null when nobody has the id. */
  get(): Promise<RecalledIdentity | null>
}

export interface RecallOptions {
  readonly store: RequestStore
  readonly known: KnownIdentities
  readonly userId: string
  /** Reads it from the database, leaving its tags in `readSet`; null when nobody has the id. */
  readonly read: () => Promise<RecalledIdentity | null>
  /** Has afterwards what the identity depends on, whether it was read or recalled. */
  readonly readSet: ReadSet
}

/** Announcements end it sooner, so this is only how long one is kept that nobody asks for. */
const longestMs = 30 * 60_000

export function createIdentityRecall(options: RecallOptions): IdentityRecall {
  const { store, known, userId, read, readSet } = options
  const key = `viewer:${userId}`
  let recalled: RecalledIdentity | null = null
  let settled: Promise<RecalledIdentity | null> | null = null

  const recall = {
    key,
    isLookedUp: false,
    guess: () => known.guess(userId),
    take,
    get() {
      settled ??= settle()
      return settled
    },
  }
  return recall

  function take(found: Uint8Array | null): void {
    recall.isLookedUp = true
    if (!found) return
    const { role, tags, endsAtMs } = known.decode(userId, found)
    for (const tag of tags) readSet.add(tag)
    if (endsAtMs !== null) readSet.endLife(endsAtMs)
    recalled = { id: userId, role }
  }

  async function settle(): Promise<RecalledIdentity | null> {
    if (!recall.isLookedUp && !store.isOff) {
      const found = await store.lookUp({ public: key, role: null, own: null })
      take(found.outcome === 'hit' ? found.answer.bytes : null)
    }
    return recalled ?? (await readAndKeep())
  }

  async function readAndKeep(): Promise<RecalledIdentity | null> {
    const identity = await read()
    const { endsAtMs, forbidden } = readSet
    if (!identity || forbidden !== null) return identity
    const tags = [...readSet.tags]
    const bytes = known.encode(userId, { role: identity.role, tags, endsAtMs })
    const ttlMs = endsAtMs === null ? longestMs : Math.min(longestMs, endsAtMs - Date.now())
    // Nobody waits for it, and it never rejects.
    void store.fill(key, bytes, { tags, ttlMs })
    return identity
  }
}
