/**
 * `loadline/yoga`: everything around a Yoga server of one's own, opened by one call.
 *
 * @example
 * await using loadline = await openLoadline({ schema, datamodel, ... })
 * createServer(createYoga({ schema, plugins: [...yours, ...loadline.plugins] })).listen(4000)
 */
export type { ResponseCacheOptions } from '../cache/use-response-cache.ts'
export { AppError, type ErrorCode } from '../errors.ts'
export type { Identity, Viewer } from '../guard/viewer.ts'
export type { CacheExplanation } from '../observe/cache-explanation.ts'
export type { Explanation } from '../observe/explain.ts'
export type { Log } from '../observe/log.ts'
export type { LoadlineContext } from '../yoga/loadline-context.ts'
export { type Loadline, type LoadlineOptions, openLoadline } from '../yoga/open-loadline.ts'
