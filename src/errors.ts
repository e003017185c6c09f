import { GraphQLError } from 'graphql'

/**
 * Every code that a client can see in `extensions.code`, and the HTTP status it has when it fails
 * the request as a whole (a field that fails within a well-formed answer leaves it at 200).
 */
export const errorCodes = {
  BAD_REQUEST: 400,
  GRAPHQL_PARSE_FAILED: 400,
  GRAPHQL_VALIDATION_FAILED: 400,
  OPERATION_NOT_FOUND: 400,
  BAD_USER_INPUT: 400,
  INVALID_CURSOR: 400,
  LIMIT_EXCEEDED: 400,
  COST_LIMIT_EXCEEDED: 400,
  PERSISTED_QUERY_NOT_SUPPORTED: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  DOCUMENT_NOT_TRUSTED: 403,
  NOT_FOUND: 404,
  PERSISTED_QUERY_NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  NOT_ACCEPTABLE: 406,
  REQUEST_TIMEOUT: 408,
  CONFLICT: 409,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  RATE_LIMITED: 429,
  INTERNAL_SERVER_ERROR: 500,
  SERVICE_UNAVAILABLE: 503,
} as const

export type ErrorCode = keyof typeof errorCodes

export interface AppErrorOptions {
  /** The input field that is at fault, as a path: `input.title`. Shown as `extensions.field`. */
  readonly field?: string
  /** What the server's log should see; never sent to a client. */
  readonly cause?: unknown
  /** Further facts for the client, beside `code` and `field`. */
  readonly extensions?: Readonly<Record<string, unknown>>
}

/** A failure that is expected: its code and message reach the client as they are. */
export class AppError extends GraphQLError {
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    const { field, cause, extensions } = options
    super(message, {
      extensions: { code, ...(field === undefined ? {} : { field }), ...extensions },
      ...(cause instanceof Error ? { originalError: cause } : {}),
    })
    this.name = 'AppError'
    this.code = code
  }
}
