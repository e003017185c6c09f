import type { Tally } from '../sql/tally.ts'
import type { CacheExplanation } from './cache-explanation.ts'
import type { NamedOperation } from './name-operation.ts'

/** What a path is for: of these there are few, of paths there are as many as clients make up. */
export type Route = 'graphql' | 'batch' | 'health' | 'operator' | 'other'

/** Where a request stands in a trace (https://www.w3.org/TR/trace-context). */
export interface TraceContext {
  /** 32 hexadecimal digits. */
  readonly traceId: string
  /** 16 hexadecimal digits: the span of this request, or of its sender where we make none. */
  readonly spanId: string
  readonly isSampled: boolean
}

/**
 * What is known of one request: made when it arrives, filled in by those whom it passes, and told
 * with every event that belongs to it. Not to be kept after `requestEnded`.
 */
export interface RequestFacts {
  readonly requestId: string
  readonly method: string
  /** A list of operations is a `batch`; each of them is told of as a request of its own. */
  route: Route
  readonly path: string
  /** As `performance.now()` gives it. */
  readonly startMs: number
  /** Null until somebody sets it: its sender's, or that of our own span. */
  trace: TraceContext | null
  operation: NamedOperation | null
  /** Null for nobody, and as long as that is not known. */
  viewerId: string | null
  /** How the look-up ended; null where there was none. */
  cache: Pick<CacheExplanation, 'outcome' | 'scope'> | null
  tally: Tally | null
  /** Codes of the errors in the answer. */
  codes: readonly string[]
  /** 0 until it has ended; 499 when the client hung up. */
  status: number
  /** From its arrival until the answer was ready to be sent. */
  ms: number
}

export interface ArrivedRequest {
  readonly requestId: string
  readonly method: string
  readonly path: string
  readonly startMs: number
  /** The header of this name; null without it. */
  readonly traceparent: string | null
}

export function createRequestFacts(arrived: ArrivedRequest): RequestFacts {
  const { requestId, method, path, startMs, traceparent } = arrived
  return {
    requestId,
    method,
    route: routeOf(path),
    path,
    startMs,
    trace: traceparent === null ? null : parseTraceparent(traceparent),
    operation: null,
    viewerId: null,
    cache: null,
    tally: null,
    codes: [],
    status: 0,
    ms: 0,
  }
}

function routeOf(path: string): Route {
  if (path === '/graphql') return 'graphql'
  if (path.startsWith('/health/')) return 'health'
  return /^\/(metrics|dashboard)\b/.test(path) ? 'operator' : 'other'
}

function parseTraceparent(header: string): TraceContext | null {
  const [, traceId = '', spanId = '', flags = ''] =
    /^(?!ff)[\da-f]{2}-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(?:-|$)/.exec(header) ?? []
  if (!/[^0]/.test(traceId) || !/[^0]/.test(spanId)) return null
  return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & 1) === 1 }
}
