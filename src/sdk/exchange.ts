import type { ErrorFacts, GraphQLFailure } from './client-error.ts'
import { longestTimeoutMs, within } from './within.ts'

export interface Sending {
  readonly fetch: typeof globalThis.fetch
  readonly url: string
  readonly init: RequestInit
  /** For the answer with its body; 0 waits for ever. */
  readonly timeoutMs: number
  readonly signal: AbortSignal | undefined
}

/** What came of one request; `code` is empty if nothing at all went wrong. */
export interface Reply extends ErrorFacts {
  readonly message: string
  readonly extensions: unknown
  readonly cause: unknown
}

/** As far as an endpoint sends anything but GraphQL, nothing of this is there. */
interface Body {
  readonly data?: unknown
  readonly errors?: readonly GraphQLFailure[]
  readonly extensions?: unknown
}

interface Arrival {
  readonly response?: Response | undefined
  readonly body?: Body | null
  readonly cause?: unknown
}

/**
 * One request and its answer. Only the caller's own `signal` makes it reject, with that signal's
 * reason; whatever else goes wrong is in the reply.
 */
export async function exchange({ fetch, url, init, timeoutMs, signal }: Sending): Promise<Reply> {
  const arrival = await within(timeoutMs || longestTimeoutMs, signal, async (inner) => {
    let response: Response | undefined
    try {
      response = await fetch(url, { ...init, signal: inner })
      return { response, body: JSON.parse(await response.text()) }
    } catch (cause) {
      return { response, cause }
    }
  })
  const { response, body, cause }: Arrival = arrival ?? {}
  const { data = null, errors = [], extensions } = body ?? {}
  const [first] = errors
  const code = first?.extensions?.code ?? (data && !first ? '' : codeOf({ response, cause }))
  const status = response?.status ?? 0
  return {
    ...{ code, data, errors, extensions, status, cause },
    message: first?.message ?? `${code} ${status} ${url} ${cause ?? ''}`,
    requestId: response?.headers.get('x-request-id') ?? null,
    retryAfterMs: readWait(response?.headers.get('retry-after') ?? ''),
  }
}

const codes: Readonly<Record<number, string>> = {
  401: 'UNAUTHENTICATED',
  429: 'RATE_LIMITED',
  503: 'SERVICE_UNAVAILABLE',
}

function codeOf({ response, cause }: Arrival): string {
  if (response && !(response.ok && cause)) return codes[response.status] ?? 'BAD_RESPONSE'
  return cause ? 'NETWORK_ERROR' : 'TIMEOUT'
}

/** `Retry-After` in milliseconds: it is a number of seconds or a date (RFC 9110, 10.2.3). */
function readWait(header: string): number {
  return Math.max(0, Number(header) * 1_000 || Date.parse(header) - Date.now() || 0)
}
