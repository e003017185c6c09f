import type { ExecutionResult, GraphQLError } from 'graphql'
import { type ErrorCode, errorCodes } from '../errors.ts'
import type { Answer } from './exchange.ts'
import type { MediaType } from './media-type.ts'

/** A result whose text is known already may bring it along, as in Yoga. */
export interface GraphQLResult extends ExecutionResult {
  readonly stringify?: (result: ExecutionResult) => string
}

/**
 * A GraphQL result over HTTP: 200 as soon as there is `data`, whichever fields failed, else the
 * status of the worst code.
 *
 * The GraphQL-over-HTTP draft lets a request that fails before execution be 200 under
 * `application/json` for old clients; it is 4xx here under both media types, so that one look at the
 * status tells whether anything ran.
 */
export function resultAnswer(result: GraphQLResult, mediaType: MediaType): Answer {
  const stringify = result.stringify ?? JSON.stringify
  const failure = result.data === undefined && result.errors ? worstOf(result.errors) : null
  return {
    status: failure ? errorCodes[failure.code] : 200,
    headers: {
      'content-type': `${mediaType}; charset=utf-8`,
      ...(failure ? failureHeaders(failure) : {}),
    },
    body: stringify(result),
  }
}

interface Failure {
  readonly code: ErrorCode
  readonly message: string
  readonly extensions: GraphQLError['extensions']
}

function worstOf(errors: readonly GraphQLError[]): Failure {
  const failures = errors.map(({ message, extensions }) => ({
    message,
    extensions,
    // True by `maskErrors`, which every error has passed.
    code: extensions.code as ErrorCode,
  }))
  return failures.reduce((worst, failure) =>
    statusOf(failure) > statusOf(worst) ? failure : worst,
  )
}

function statusOf({ code }: Failure): number {
  return errorCodes[code]
}

/** What HTTP wants beside a status: which methods there are, how to sign in (RFC 6750, 3), when to try again. */
function failureHeaders({ code, message, extensions }: Failure): Readonly<Record<string, string>> {
  switch (code) {
    case 'METHOD_NOT_ALLOWED':
      return { allow: 'GET, POST' }
    case 'UNAUTHENTICATED':
      return {
        'www-authenticate': `Bearer realm="loadline", error="invalid_token", error_description="${message.replaceAll(/["\\]/g, "'")}"`,
      }
    case 'RATE_LIMITED':
      return { 'retry-after': String(extensions.retryAfterSeconds) }
    case 'SERVICE_UNAVAILABLE':
      return { 'retry-after': '1' }
    default:
      return {}
  }
}
