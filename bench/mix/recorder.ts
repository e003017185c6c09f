import { createHash } from 'node:crypto'
import type { CacheStore, Epoch, ScopedKeys } from '../../src/cache/store.ts'
import { createCounts } from '../../src/cache/store.ts'
import type { Tag } from '../../src/tags/tag.ts'

/** What a request would have left in a cache. */
export interface Recorded {
  /** Where it would have been looked for; the first that is there counts. */
  readonly keys: readonly string[]
  /** Undefined when it may not be stored. */
  readonly filled: Filled | undefined
  readonly announced: readonly Tag[]
}

interface Filled {
  readonly key: string
  /** Of its bytes. */
  readonly digest: string
  readonly tags: readonly Tag[]
}

/**
 * A store that never has anything and writes down what it is told: every request is answered from
 * the database, and what any policy would have made of it can be worked out afterwards. For requests
 * one after the other.
 */
export function createRecorder(): CacheStore & { take(): Recorded } {
  const epoch: Epoch = { generation: '', series: '', order: 0, capturedAtMs: 0 }
  let keys: readonly string[] = []
  let filled: Recorded['filled']
  let announced: Tag[] = []
  return {
    async lookUp(asked) {
      // Who somebody is is looked up under one key for all, an answer under its role's too.
      if (asked.role !== null) keys = listTexts(asked)
      return { outcome: 'miss', beside: null, epoch }
    },
    async fill(key, bytes, { tags }) {
      const digest = createHash('sha256').update(bytes).digest('base64')
      if (keys.includes(key)) filled = { key, digest, tags: [...tags] }
      return 'accepted'
    },
    async announce(tags) {
      announced.push(...tags)
      return 'recorder'
    },
    async beat() {
      return { store: 'recorder', at: '' }
    },
    async describe() {
      const counts = createCounts()
      return { kind: 'memory', entries: 0, bytes: 0, tags: 0, breaker: 'closed', counts }
    },
    async [Symbol.asyncDispose]() {},
    take() {
      const recorded = { keys, filled, announced }
      keys = []
      filled = undefined
      announced = []
      return recorded
    },
  }
}

function listTexts({ public: everybody, role, own }: ScopedKeys): readonly string[] {
  return [everybody, role, own].filter((key) => key !== null)
}
