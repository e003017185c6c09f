/**
 * `loadline/cache`: the parts that `openLoadline` puts together, for a server that puts them together
 * otherwise, and the store for users of `@envelop/response-cache`.
 *
 * The order that makes them right: who asks, `RequestCache.lookUp` before anything is read, the plugin,
 * and of a mutation `WriteAnnouncer.announce` before it is answered.
 */
export type { WriteAnnouncer } from '../cache/announce-writes.ts'
export {
  createEnvelopCache,
  type EnvelopCache,
  type EnvelopCacheOptions,
  type EnvelopEntity,
} from '../cache/envelop-cache.ts'
export { createFlights, type Flights } from '../cache/flights.ts'
export { type AnswerSources, identifyAnswers } from '../cache/identify-answers.ts'
export { createKnownIdentities, type KnownIdentities } from '../cache/known-identities.ts'
export {
  type AppCache,
  type CacheSettings,
  type OpenCache,
  type OpenCacheOptions,
  openCache,
} from '../cache/open-cache.ts'
export {
  createIdentityRecall,
  type IdentityRecall,
  type RecallOptions,
} from '../cache/recall-identity.ts'
export {
  createRequestCache,
  type RequestCache,
  type RequestCacheOptions,
} from '../cache/request-cache.ts'
export { createRequestStore, type RequestStore } from '../cache/request-store.ts'
export type { CacheStore } from '../cache/store.ts'
export {
  type CachedContext,
  type ResponseCacheOptions,
  useResponseCache,
} from '../cache/use-response-cache.ts'
export { type SharedContext, useSingleFlight } from '../cache/use-single-flight.ts'
