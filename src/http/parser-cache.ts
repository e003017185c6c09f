import type { DocumentNode } from 'graphql'
import { LRUCache } from 'lru-cache'

/** Documents kept with what parsing and validating gave, some 50 times as large as their text. */
export const mostTextBytes = 512 * 1_024
export const mostDocuments = 1_000

/**
 * The caches of Yoga's parser, bounded by bytes: its own count documents, and a thousand large ones
 * that somebody sends once fill a gigabyte.
 */
export function createParserCaches() {
  return { documentCache: createCache<DocumentNode>(), errorCache: createCache<Error>() }
}

function createCache<T extends object>() {
  const cache = new LRUCache<string, T>({
    max: mostDocuments,
    maxSize: mostTextBytes,
    sizeCalculation: (_, text) => Math.max(1, text.length),
  })
  return {
    get: (text: string) => cache.get(text),
    set: (text: string, value: T) => {
      cache.set(text, value)
    },
  }
}
