/** What can go wrong, as `error.code` tells it; a newer server may know others. */
export type ErrorCode = ServerErrorCode | ClientErrorCode | (string & Record<never, never>)

/** Codes that the server gives. */
export type ServerErrorCode =
  | 'BAD_REQUEST'
  | 'GRAPHQL_PARSE_FAILED'
  | 'GRAPHQL_VALIDATION_FAILED'
  | 'OPERATION_NOT_FOUND'
  | 'BAD_USER_INPUT'
  | 'INVALID_CURSOR'
  | 'LIMIT_EXCEEDED'
  | 'COST_LIMIT_EXCEEDED'
  | 'PERSISTED_QUERY_NOT_SUPPORTED'
  | 'PERSISTED_QUERY_NOT_FOUND'
  | 'DOCUMENT_NOT_TRUSTED'
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'METHOD_NOT_ALLOWED'
  | 'NOT_ACCEPTABLE'
  | 'REQUEST_TIMEOUT'
  | 'CONFLICT'
  | 'PAYLOAD_TOO_LARGE'
  | 'UNSUPPORTED_MEDIA_TYPE'
  | 'RATE_LIMITED'
  | 'INTERNAL_SERVER_ERROR'
  | 'SERVICE_UNAVAILABLE'

/** Codes for what the server itself could not tell. */
export type ClientErrorCode =
  /** No answer, or not a whole one: offline, refused, broken off. What was sent may have been done. */
  | 'NETWORK_ERROR'
  /** No answer within `timeoutMs`. What was sent may have been done. */
  | 'TIMEOUT'
  /** An answer that is not GraphQL, for example the page of a proxy. */
  | 'BAD_RESPONSE'

/** An error of an answer: of the whole of it, or at the path of a field that is null because of it. */
export interface GraphQLFailure {
  readonly message: string
  readonly path?: readonly (string | number)[]
  readonly extensions?: {
    readonly code?: ErrorCode
    /** The input field at fault, like `input.title`. */
    readonly field?: string
    readonly [name: string]: unknown
  }
}

export interface ErrorFacts {
  readonly code: ErrorCode
  /** All errors of the answer; none when there was no GraphQL answer. */
  readonly errors: readonly GraphQLFailure[]
  /** What the answer holds beside its errors, if anything. */
  readonly data: unknown
  /** The HTTP status; 0 without a whole answer. */
  readonly status: number
  /** Under which the server has logged the request; null without an answer. */
  readonly requestId: string | null
  /** How long the server asked to wait before another attempt; 0 if it did not. */
  readonly retryAfterMs: number
}

/** Why a call has no answer. `cause` is what `fetch` threw, if it did. */
export class LoadlineError extends Error implements ErrorFacts {
  declare readonly code: ErrorCode
  declare readonly errors: readonly GraphQLFailure[]
  declare readonly data: unknown
  declare readonly status: number
  declare readonly requestId: string | null
  declare readonly retryAfterMs: number

  constructor(facts: ErrorFacts & { readonly message: string; readonly cause?: unknown }) {
    super(facts.message)
    Object.assign(this, facts, { name: 'LoadlineError' })
  }
}
