import { randomUUID } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { Tag } from '../tags/tag.ts'
import { collapseTags } from './collapse-tags.ts'
import { createGenerationIds } from './generation-id.ts'
import { inProcess } from './keeper.ts'
import {
  type BypassReason,
  type CacheStore,
  createCounts,
  type FillOptions,
  type FillOutcome,
  type LookUp,
  listKeys,
  lookUpCounts,
  type ScopedKeys,
  type StoreOptions,
  storeDefaults,
} from './store.ts'
import { createTagEpochs, type TagEpochs, toEpoch } from './tag-epochs.ts'

export interface MemoryStoreOptions extends StoreOptions {
  /**
   * Bytes of all answers with their keys and tags; beyond, those used longest ago are dropped.
   * @default 67_108_864 (64 MB)
   */
  readonly maxBytes?: number
  /** A clock that never goes back, in ms. @default performance.now */
  readonly nowMs?: () => number
  /** @default createTagEpochs; a faulty one shows that a test can fail. */
  readonly epochs?: TagEpochs
}

/**
 * The store inside one process: only for the process that alone writes to the database or, on a
 * server, holds its lock, because nobody else hears what is announced here.
 */
export function createMemoryStore(options: MemoryStoreOptions): CacheStore {
  const { generation, maxBytes = 64 * 2 ** 20, nowMs = () => performance.now() } = options
  const limits = { ...storeDefaults, ...options }
  const epochs = options.epochs ?? createTagEpochs({ nowMs, maxTags: limits.maxTags })
  const series = randomUUID()
  const ownName = `${inProcess}${series}`
  const counts = createCounts()
  const idOf = createGenerationIds()
  const answers = new LRUCache<string, Entry>({
    maxSize: maxBytes,
    sizeCalculation: ({ bytes, tagBytes }, key) => bytes.length + tagBytes + key.length,
    // Stale ones are left out by our own clock; this is how they are found to be removed.
    ttl: 1,
    ttlResolution: 0,
    perf: { now: nowMs },
  })
  let beat: { readonly database: string; readonly atMs: number | null } | null = null
  let purgedAtMs = nowMs()

  return {
    async lookUp(scoped, _budget, beside) {
      const found = lookUp(scoped, beside)
      counts[lookUpCounts[found.outcome]] += 1
      return found
    },

    async fill(key, bytes, fillOptions) {
      const outcome = fill(key, bytes, fillOptions)
      counts[outcome === 'accepted' ? 'fills' : 'refusedFills'] += 1
      return outcome
    },

    async announce(tags) {
      const distinct = new Set(tags)
      if (distinct.size > 0) {
        epochs.announce(distinct)
        counts.announcements += 1
        counts.announcedTags += distinct.size
      }
      return ownName
    },

    async beat(readSince) {
      const { database } = idOf(generation())
      const now = nowMs()
      if (beat?.database !== database) beat = { database, atMs: null }
      const atMs = readSince?.store === ownName ? Number(readSince.at) : null
      if (atMs !== null && atMs <= now && (beat.atMs === null || atMs > beat.atMs)) {
        beat = { database, atMs }
      }
      epochs.sweep(toEpoch(now - limits.keepTagsMs))
      if (now - purgedAtMs > purgeEveryMs) {
        answers.purgeStale()
        purgedAtMs = now
      }
      return { store: ownName, at: String(now) }
    },

    async describe() {
      return {
        kind: 'memory',
        entries: answers.size,
        bytes: answers.calculatedSize,
        tags: epochs.size,
        breaker: 'closed',
        counts: { ...counts },
      }
    },

    async [Symbol.asyncDispose]() {
      answers.clear()
    },
  }

  function lookUp(scoped: ScopedKeys, beside: string | undefined): LookUp {
    const now = nowMs()
    const reason = reasonToBypass(now)
    if (reason) return { outcome: 'bypass', reason }
    const { whole } = idOf(generation())
    const findAlive = (key: string) => {
      const entry = answers.get(`${whole} ${key}`)
      return entry && isAlive(entry, now) ? entry : null
    }
    const [newest] = listKeys(scoped)
      .flatMap(({ scope, key }) => {
        const entry = findAlive(key)
        return entry ? [{ scope, entry }] : []
      })
      .sort((a, b) => b.entry.order - a.entry.order)
    const epoch = { generation: whole, series, order: epochs.latest, capturedAtMs: now }
    const found = {
      beside: beside === undefined ? null : (findAlive(beside)?.bytes ?? null),
      epoch,
    }
    if (!newest) return { outcome: 'miss', ...found }
    const { bytes, tags, capturedAtMs, expiresAtMs } = newest.entry
    return {
      outcome: 'hit',
      answer: {
        scope: newest.scope,
        bytes,
        ageMs: Math.max(0, now - capturedAtMs),
        ttlMs: expiresAtMs - now,
        tags: tags.length,
      },
      ...found,
    }
  }

  function fill(key: string, bytes: Uint8Array, { epoch, ...wanted }: FillOptions): FillOutcome {
    const now = nowMs()
    const tags = collapseTags(wanted.tags, limits.collapseLimit)
    const tagBytes = tags.reduce((sum, tag) => sum + tag.length, 0)
    if (bytes.length + tagBytes > Math.min(limits.maxEntryBytes, maxBytes)) return 'oversized'
    const reason = reasonToBypass(now)
    if (reason) return reason
    const { whole } = idOf(generation())
    if (epoch.generation !== whole || epoch.series !== series) return 'overtaken'
    if (!epochs.isCurrent(tags, epoch.order)) return 'overtaken'
    const { order, capturedAtMs } = epoch
    const expiresAtMs = capturedAtMs + wanted.ttlMs
    if (expiresAtMs <= now) return 'expired'
    const entry = { bytes, tags, tagBytes, order, capturedAtMs, expiresAtMs }
    answers.set(`${whole} ${key}`, entry, { ttl: Math.ceil(expiresAtMs - now) })
    return 'accepted'
  }

  function isAlive(entry: Entry, now: number): boolean {
    return entry.expiresAtMs > now && epochs.isCurrent(entry.tags, entry.order)
  }

  function reasonToBypass(now: number): BypassReason | null {
    if (!beat) return 'starting'
    const { atMs, database } = beat
    if (database !== idOf(generation()).database || atMs === null) return 'no-heartbeat'
    return now > atMs + limits.heartbeatMs ? 'no-heartbeat' : null
  }
}

interface Entry {
  readonly bytes: Uint8Array
  readonly tags: readonly Tag[]
  readonly tagBytes: number
  readonly order: number
  readonly capturedAtMs: number
  readonly expiresAtMs: number
}

const purgeEveryMs = 10_000
