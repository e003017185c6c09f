import { type DestinationStream, type Logger, pino } from 'pino'

export type { Logger }

/**
 * A logger that writes one JSON object a line to standard output.
 *
 * Of an error it keeps type, message, code and stack, and those of its causes: drivers hang values
 * of the failed statement on their errors, and GraphQL the document, neither of which belongs here.
 * Values of fields that may hold a secret are left out.
 */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const options = { level, base: null, serializers: { err: describeError }, redact }
  return destination ? pino(options, destination) : pino(options)
}

/** What must not be in a log, whoever hands it over, on the line itself or one level down. */
const secret = ['authorization', 'cookie', 'password', 'secret', 'token', 'variables']
const redact = { paths: secret.flatMap((name) => [name, `*.${name}`]), censor: '[redacted]' }

const deepestCause = 5

function describeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return { message: String(error) }
  const code = 'code' in error ? error.code : undefined
  const cause = error.cause ?? ('originalError' in error ? error.originalError : undefined)
  return {
    type: error.name,
    message: error.message,
    ...(code === undefined ? {} : { code }),
    stack: error.stack,
    ...(cause === undefined || depth >= deepestCause
      ? {}
      : { cause: describeError(cause, depth + 1) }),
  }
}
