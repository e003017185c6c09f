/** What `loadline/sdk` offers; documents and methods have entries of their own. */
export type { CallArguments, CallOptions } from './call.ts'
export { type Client, type ClientOptions, createClient, type Result } from './client.ts'
export { type ErrorCode, type GraphQLFailure, LoadlineError } from './client-error.ts'
export { type DateTime, parseDateTime, toDate } from './date-time.ts'
export type { ItemOf, Page, Pages, PagesOptions } from './pages.ts'
export type { TypedDocument } from './typed-document.ts'
