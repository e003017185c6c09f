import type { RequestFacts } from '../observe/request-facts.ts'
import type { Cancellation } from '../sql/cancellation.ts'

/** One HTTP request, through whichever door it came: a socket, or `fetch` on the app. */
export interface Exchange {
  /** Taken from `x-request-id` if that is fit for a log, else made. Sent back with every answer. */
  readonly requestId: string
  readonly method: string
  /** Path and query. */
  readonly url: URL
  /** The value of a header, whose name is given in lower case; null without it. */
  header(name: string): string | null
  /** All of them, for those whose names nobody here knows. */
  headers(): Readonly<Record<string, string>>
  /**
   * The body as text, read at most once.
   * @throws AppError `PAYLOAD_TOO_LARGE` as soon as the limit is certain to be passed
   */
  readBody(maxBytes: number): Promise<string>
  /** Aborted when the client hangs up. */
  readonly signal: Cancellation
  /** Of the socket: a proxy's, where there is one. Null where there is no socket. */
  readonly address: string | null
  /** Does the client sit on this machine? */
  readonly isLocal: boolean
}

export interface Answer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** A stream is sent as it comes, until it ends or the client hangs up; it is never compressed. */
  readonly body: string | Buffer | AsyncIterable<string> | null
}

/**
 * A stage on the way to an answer: null when the request is not its business. What it learns of the
 * request it notes in `facts`.
 */
export type Stage = (
  exchange: Exchange,
  facts: RequestFacts,
) => Promise<Answer | null> | Answer | null

export function isStream(body: Answer['body']): body is AsyncIterable<string> {
  return typeof body === 'object' && body !== null && Symbol.asyncIterator in body
}

export function jsonAnswer(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(body),
  }
}
