import type { Tag } from '../tags/tag.ts'
import type { Budget } from './budget.ts'

/**
 * Where whole answers are remembered, and which of them are still right.
 *
 * The promise: once `announce(tags)` has resolved, no look-up that begins afterwards serves, and no
 * fill accepts, an answer that was captured before it and depends on one of these tags, whatever
 * order the calls of however many processes arrive in. The store keeps one rising epoch and, for
 * each tag, the epoch of its last announcement; an answer carries the epoch that was captured before
 * its first read, and is dead as soon as one of its tags is newer. (Leases: Nishtala et al.,
 * "Scaling Memcache at Facebook", NSDI 2013, section 3.2.1.)
 *
 * What it may forget, it forgets on the safe side: tags that are dropped take with them every answer
 * as old as they are, and when tags are lost as a whole every answer is.
 */
export interface CacheStore extends AsyncDisposable {
  /** Nothing is looked up or stored here, ever: nobody needs to make keys for it. */
  readonly isOff?: boolean

  /**
   * One round trip for the answer under any of the keys, and for what stands under one more key
   * beside them. Never rejects, and never takes longer than what is left of the budget: a failed
   * look-up is a `bypass`.
   */
  lookUp(keys: ScopedKeys, budget?: Budget, beside?: string): Promise<LookUp>

  /**
   * Stores an answer under one of the keys that were looked up. Whoever shares it with others before
   * they have looked for themselves may do so only if it was `accepted`. Never rejects.
   */
  fill(key: string, bytes: Uint8Array, options: FillOptions): Promise<FillOutcome>

  /**
   * Ends the life of every answer that depends on one of the tags; to be called after COMMIT and
   * before the write is acknowledged. Announcing twice is harmless. Gives the store in which it was
   * announced, as `Moment` names it.
   *
   * @throws StoreUnavailableError when it is not certain that it was announced
   */
  announce(tags: Iterable<Tag>): Promise<string>

  /**
   * Says that every write committed before `readSince` has been announced, and returns the moment to
   * hand in next time: one that lies before the next reading of the outbox. With null it only
   * returns that moment. Hits are served for 2 s (`heartbeatMs`) after the latest such moment,
   * so a mutation that cannot announce may be acknowledged that long after its COMMIT.
   *
   * The moment is taken before the outbox is read, not when the beat arrives: a beat that was held
   * up on its way must not vouch for writes that came after its reading.
   *
   * @throws StoreUnavailableError
   */
  beat(readSince: Moment | null): Promise<Moment>

  /** Never rejects: what the store cannot be asked for is null. */
  describe(): Promise<StoreFigures>
}

/** What part of the viewer an answer depends on; each scope has a key of its own. */
export type Scope = 'public' | 'role' | 'own'

/** The keys of one operation: any text that names it, its variables and, but for public, whom for. */
export interface ScopedKeys {
  readonly public: string
  /** Null: what is looked for is the same for everybody. */
  readonly role: string | null
  /** Null: nobody in particular asks. */
  readonly own: string | null
}

/**
 * What an answer must have in common with the question, beside its key. The two halves differ in who
 * shares them: processes of two builds on one database, as during a deploy, do not share answers but
 * confirm each other's reading of the outbox, and see each other's announcements.
 */
export interface Generation {
  /** Which history of which database, as the drainer that beats for it has read it. */
  readonly database: string
  /** What an answer means: the schema's hash, limits, build. */
  readonly answers: string
}

/** The keys with their scopes, in the order in which every store numbers them. */
export function listKeys(keys: ScopedKeys): readonly ScopedKey[] {
  return [
    { scope: 'public', key: keys.public },
    ...(keys.role === null ? [] : [{ scope: 'role', key: keys.role } as const]),
    ...(keys.own === null ? [] : [{ scope: 'own', key: keys.own } as const]),
  ]
}

export interface ScopedKey {
  readonly scope: Scope
  readonly key: string
}

/**
 * A hit carries the epoch of this look-up too, not that of its answer: an answer that is made of what
 * was found here is filled with it, and with all tags of what was found beside its own. At that epoch
 * what was found was right, so an announcement since ends both.
 */
export type LookUp =
  | (LookedUp & { readonly outcome: 'hit'; readonly answer: StoredAnswer })
  | (LookedUp & { readonly outcome: 'miss' })
  /** Nothing may be served now, and nothing stored of what is read now. */
  | { readonly outcome: 'bypass'; readonly reason: BypassReason }

interface LookedUp {
  /** What stands under the key beside, and was right at the same moment; null when nothing does. */
  readonly beside: Uint8Array | null
  readonly epoch: Epoch
}

/**
 * - `starting`: no drainer has beaten since the store began or lost its tags
 * - `no-heartbeat`: no drainer has confirmed in time that it read the outbox
 * - `evicting`: the store may drop what has no expiry, so it remembers nothing
 * - `slow`: the request's budget was spent
 * - `unavailable`: the store failed, or failed so often that it is not asked
 * - `standby`: another process keeps the answers, or may still
 * - `off`: switched off
 */
export type BypassReason =
  | 'starting'
  | 'no-heartbeat'
  | 'evicting'
  | 'slow'
  | 'unavailable'
  | 'standby'
  | 'off'

export interface StoredAnswer {
  readonly scope: Scope
  /** As they were filled; not to be changed. */
  readonly bytes: Uint8Array
  /** Since the epoch was captured, before the first read. */
  readonly ageMs: number
  readonly ttlMs: number
  /** How many tags it depends on, collapsed ones as one. */
  readonly tags: number
}

/**
 * Captured by the first look-up of a request, before its first read of any kind. Opaque: handed to
 * `fill` as it came.
 */
export interface Epoch {
  readonly generation: string
  /** The unbroken series of announcements to which `order` belongs. */
  readonly series: string
  readonly order: number
  readonly capturedAtMs: number
}

/** A moment of a store's own clock, which means nothing to another store. */
export interface Moment {
  /** Which store: another one, by another name, after it was restarted or replaced. */
  readonly store: string
  readonly at: string
}

export interface FillOptions {
  /** From the look-up that came before the first read. */
  readonly epoch: Epoch
  readonly tags: Iterable<Tag>
  /** Counted from the capture of the epoch, since that is how old what was read may be. */
  readonly ttlMs: number
  readonly budget?: Budget | undefined
}

/**
 * - `overtaken`: a tag was announced since the epoch was captured, or tags as old as it are forgotten
 * - `expired`: its lifetime was over before it was stored
 * - `oversized`: more bytes than an entry may have
 * - `full`: the store has no memory left
 */
export type FillOutcome = 'accepted' | 'overtaken' | 'expired' | 'oversized' | 'full' | BypassReason

export interface StoreFigures {
  readonly kind: 'redis' | 'memory'
  /** In Redis all keys of its database, so an upper bound when others use it too. */
  readonly entries: number | null
  /** In Redis all memory that it uses. */
  readonly bytes: number | null
  /** Tags whose last announcement is remembered. */
  readonly tags: number | null
  readonly breaker: 'closed' | 'open'
  /** What this process did since it started. */
  readonly counts: Readonly<Record<Counted, number>>
}

export type Counted =
  | 'hits'
  | 'misses'
  | 'bypasses'
  | 'fills'
  | 'refusedFills'
  | 'announcements'
  | 'announcedTags'
  | 'failures'
  /** Values that were not of our making or not whole: removed, and taken for a miss. */
  | 'corrupt'

/** Which count a look-up belongs to. */
export const lookUpCounts = { hit: 'hits', miss: 'misses', bypass: 'bypasses' } as const

export function createCounts(): Record<Counted, number> {
  return {
    hits: 0,
    misses: 0,
    bypasses: 0,
    fills: 0,
    refusedFills: 0,
    announcements: 0,
    announcedTags: 0,
    failures: 0,
    corrupt: 0,
  }
}

/** It is not certain that the store did what it was asked to; `cause` is the driver's error. */
export class StoreUnavailableError extends Error {
  constructor(doing: string, cause: unknown) {
    super(`The cache did not ${doing}: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    })
    this.name = 'StoreUnavailableError'
  }
}

/** What must be reasonable for a store of any kind. */
export interface StoreOptions {
  /** Asked at every call, because a restored database is another one. */
  readonly generation: () => Generation
  /**
   * Bytes of one answer beyond which it is not stored.
   * @default 1_048_576 (a page of 100 long texts has 100 KB)
   */
  readonly maxEntryBytes?: number
  /**
   * Tags of one model beyond which an answer depends on every write to the model instead.
   * @default 200 (checking so many takes Redis 50 to 150 us, all else of a look-up 45)
   */
  readonly collapseLimit?: number
  /**
   * How long a tag's last announcement is remembered; no answer lives longer.
   * @default 3_900_000 (65 minutes: the longest lifetime of an answer is an hour)
   */
  readonly keepTagsMs?: number
  /**
   * Tags remembered at once; beyond, the oldest are dropped, and with them all answers as old.
   * @default 1_000_000 (about 110 MB in Redis)
   */
  readonly maxTags?: number
  /**
   * How long hits are served after the latest reading of the outbox that was confirmed.
   * @default 2_000 (mutations rely on it: shorter is safe, longer is not)
   */
  readonly heartbeatMs?: number
}

export const storeDefaults = {
  maxEntryBytes: 1_048_576,
  collapseLimit: 200,
  keepTagsMs: 3_900_000,
  maxTags: 1_000_000,
  heartbeatMs: 2_000,
} as const

/**
 * What whoever waits for a heartbeat to lapse adds to it: within so short a time the clocks of two
 * machines drift apart by far less.
 */
export const lapseMarginMs = 250
