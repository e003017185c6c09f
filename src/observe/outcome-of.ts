import type { RequestFacts } from './request-facts.ts'

/**
 * - `ok`: all of it was answered
 * - `partial`: some fields failed
 * - `refused`: the client was at fault, or asked for too much (4xx)
 * - `failed`: we were (5xx, also of a field)
 * - `aborted`: the client hung up
 */
export type Outcome = 'ok' | 'partial' | 'refused' | 'failed' | 'aborted'

export function outcomeOf({ status, codes }: Pick<RequestFacts, 'status' | 'codes'>): Outcome {
  if (status === 499) return 'aborted'
  if (status >= 500 || codes.includes('INTERNAL_SERVER_ERROR')) return 'failed'
  if (status >= 400) return 'refused'
  return codes.length > 0 ? 'partial' : 'ok'
}
