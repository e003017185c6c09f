import type { CacheStore } from './store.ts'

/**
 * The store for a process whose cache is switched off: it serves and stores nothing, but others may,
 * so they hear of its writes.
 */
export function withoutAnswers(store: CacheStore): CacheStore {
  return {
    isOff: true,
    lookUp: async () => ({ outcome: 'bypass', reason: 'off' }),
    fill: async () => 'off',
    announce: (tags) => store.announce(tags),
    beat: (readSince) => store.beat(readSince),
    describe: () => store.describe(),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  }
}
