import { hash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { FigureMemory, Figures } from '../loaders/figure-memory.ts'
import type { RequestStore } from './request-store.ts'

export interface RememberFiguresOptions {
  /**
   * Rows that a count has found, from which on it is kept.
   * @default 1_000 (to look up a count takes the server and Redis as long as to count so many)
   */
  readonly fromRows?: number
}

/** Which figures are worth a look-up, as this process has seen them; it decides nothing else. */
const mostKnown = 10_000

/**
 * By so much an answer may be older than its own lifetime says, where nothing was written: as long as
 * the shortest of the common lifetimes. Writes end figures by their tags, as they end answers.
 */
const longestMs = 60_000

/** Gives each request its memory of figures, under the same contract as its answer. */
export function createFigureMemories({
  fromRows = 1_000,
}: RememberFiguresOptions = {}): (store: RequestStore) => FigureMemory {
  const known = new LRUCache<string, true>({ max: mostKnown })
  return (store) => ({
    isOpen: store.isOpen,
    recall(names) {
      const keys = names.map((name) => keyOf(name))
      const asked = keys.filter((key) => known.has(key))
      if (asked.length === 0) return null
      return store.recall(asked).then((found) => {
        const bytes = new Map(asked.map((key, index) => [key, found[index] ?? null]))
        return keys.map((key) => decode(bytes.get(key) ?? null))
      })
    },
    keep(name, { figures, rows, tags }) {
      // JSON has no other numbers.
      const isJson = figures.every((figure) => figure === null || Number.isFinite(figure))
      if (rows < fromRows || !isJson) return
      const key = keyOf(name)
      known.set(key, true)
      const bytes = Buffer.from(JSON.stringify(figures))
      void store.offer(key, bytes, { tags: tags(), ttlMs: longestMs })
    },
  })
}

/** Values that somebody filtered by are nobody else's business. */
function keyOf(name: string): string {
  return `figures:${hash('sha256', name, 'base64url')}`
}

function decode(bytes: Uint8Array | null): Figures | null {
  // Encoded above, by the same build.
  return bytes && (JSON.parse(Buffer.from(bytes).toString()) as Figures)
}
