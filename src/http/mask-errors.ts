import { GraphQLError } from 'graphql'
import { AppError, type ErrorCode, errorCodes } from '../errors.ts'
import type { Logger } from '../observe/logger.ts'
import { explainDatabaseError } from '../sql/explain-database-error.ts'

export interface MaskOptions {
  readonly requestId: string
  readonly log: Logger
  /** False when the client has hung up: what then fails is nobody's loss, and is not logged. */
  readonly isWatched: boolean
}

/**
 * Errors as a client may see them, each with `extensions.code`. Expected ones pass, those of the
 * database are put in words, and anything else is a bug: it is logged here, once, and the client gets
 * the request id to ask about it.
 */
export function maskErrors(
  errors: readonly unknown[],
  options: MaskOptions,
): readonly GraphQLError[] {
  return errors.map((error) => maskError(error, options))
}

function maskError(error: unknown, options: MaskOptions): GraphQLError {
  const location = error instanceof GraphQLError ? error : null
  const expected = findExpected(error)
  const { requestId, log, isWatched } = options
  if (expected) {
    const isOurFault = errorCodes[expected.code] >= 500
    // Without a cause it was refused for load, a thousand times a second: that is counted.
    if (isWatched && isOurFault && expected.cause)
      log.warn({ err: expected.cause }, expected.message)
    return relocate(expected.message, location, expected.extensions)
  }
  if (isWatched) log.error({ err: rootOf(error), path: location?.path?.join('.') }, 'unexpected')
  const message = `Something went wrong here. If you report it, give the id ${requestId}`
  return relocate(message, location, { code: 'INTERNAL_SERVER_ERROR', requestId })
}

interface Expected {
  readonly code: ErrorCode
  readonly message: string
  readonly extensions: Readonly<Record<string, unknown>>
  readonly cause?: unknown
}

function findExpected(error: unknown): Expected | null {
  const root = rootOf(error)
  const known = root instanceof AppError ? root : explainDatabaseError(root)
  if (known) {
    const { code, message, extensions, originalError } = known
    return { code, message, extensions, cause: originalError }
  }
  if (isStackOverflow(root)) return expected('BAD_REQUEST', 'The request is nested too deeply')
  if (!(error instanceof GraphQLError)) return null

  // GraphQL's own errors. One without a path came before execution: parsing and validating say their
  // code, coercing variables does not. With a path a field failed: what could not be done with a
  // resolver's result is a bug, what could not be done with an argument is the client's.
  if (error.path === undefined) return expected(codeOf(error) ?? 'BAD_USER_INPUT', error.message)
  const isAboutArgument = !error.originalError && error.message.startsWith('Argument "')
  return isAboutArgument ? expected('BAD_USER_INPUT', error.message) : null
}

function expected(code: ErrorCode, message: string): Expected {
  return { code, message, extensions: { code } }
}

/** The error that was thrown, under the layers that say where. */
function rootOf(error: unknown): unknown {
  if (error instanceof AppError || !(error instanceof GraphQLError)) return error
  return error.originalError ? rootOf(error.originalError) : error
}

function codeOf(error: GraphQLError): ErrorCode | null {
  const { code } = error.extensions
  // True by the look into the table.
  return typeof code === 'string' && Object.hasOwn(errorCodes, code) ? (code as ErrorCode) : null
}

function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && error.message.includes('call stack')
}

function relocate(
  message: string,
  location: GraphQLError | null,
  extensions: Readonly<Record<string, unknown>>,
): GraphQLError {
  return new GraphQLError(message, {
    extensions: { ...extensions },
    nodes: location?.nodes ?? null,
    source: location?.source ?? null,
    positions: location?.positions ?? null,
    path: location?.path ?? null,
  })
}
