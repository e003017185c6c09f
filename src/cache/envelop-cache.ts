import type { ExecutionResult } from 'graphql'
import { LRUCache } from 'lru-cache'
import type { CacheStore, Epoch } from './store.ts'
import { textOf } from './text-of.ts'

/** A row as `@envelop/response-cache` found it in a result; without an id all of its type. */
export interface EnvelopEntity {
  readonly typename: string
  readonly id?: number | string
}

/** What `useResponseCache` of `@envelop/response-cache` takes as `cache`. */
export interface EnvelopCache {
  get(id: string): Promise<ExecutionResult | undefined>
  set(
    id: string,
    data: ExecutionResult,
    entities: Iterable<EnvelopEntity>,
    ttl: number,
  ): Promise<void>
  /** Never rejects: what could not be announced is told to `onError`. */
  invalidate(entities: Iterable<EnvelopEntity>): Promise<void>
}

export interface EnvelopCacheOptions {
  /** One that is kept true, as `openCache` does: without beats it serves nothing. */
  readonly store: Pick<CacheStore, 'lookUp' | 'fill' | 'announce'>
  readonly onError: (error: unknown) => void
}

/** That package asks for no limit with Infinity. */
const longestMs = 3_600_000

/** Questions that were asked and not yet answered; a question that is forgotten is not stored. */
const mostOpen = 10_000

/**
 * Our store for users of `@envelop/response-cache`: nothing waits for long or fails because of Redis,
 * expired answers leave nothing behind, and what was read before an invalidation is not stored after
 * it.
 *
 * It is weaker than `useResponseCache` of this package, as it knows only what that one tells it: rows
 * that a result shows. Empty lists, counts, filters and writes from elsewhere end no answer, whose an
 * answer is is for `session` to say, and an invalidation is not waited for.
 */
export function createEnvelopCache({ store, onError }: EnvelopCacheOptions): EnvelopCache {
  /** By question, the epoch of the earliest look-up that was not followed by an answer. */
  const open = new LRUCache<string, Epoch>({ max: mostOpen })
  const keyOf = (id: string) => `envelop ${id}`

  return {
    async get(id) {
      const found = await store.lookUp({ public: keyOf(id), role: null, own: null })
      // Stored below.
      if (found.outcome === 'hit') return JSON.parse(textOf(found.answer.bytes)) as ExecutionResult
      if (found.outcome === 'miss' && !open.has(id)) open.set(id, found.epoch)
      return undefined
    },
    async set(id, data, entities, ttl) {
      const epoch = open.get(id)
      open.delete(id)
      if (!epoch) return
      const bytes = Buffer.from(JSON.stringify(data))
      const ttlMs = Math.min(ttl, longestMs)
      await store.fill(keyOf(id), bytes, { epoch, tags: tagsOfRead(entities), ttlMs })
    },
    async invalidate(entities) {
      try {
        await store.announce([...entities].map(tagOf))
      } catch (error) {
        onError(error)
      }
    },
  }
}

function tagOf({ typename, id }: EnvelopEntity): string {
  return id === undefined ? `envelop.${typename}` : `envelop.${typename}=${id}`
}

/** Whoever shows a row is ended with it, and with its type. */
function tagsOfRead(entities: Iterable<EnvelopEntity>): ReadonlySet<string> {
  return new Set([...entities].flatMap((one) => [tagOf(one), tagOf({ typename: one.typename })]))
}
