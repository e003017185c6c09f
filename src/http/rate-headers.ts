import type { GuardedRequest } from '../guard/guard-requests.ts'

/**
 * What the client has left, as draft-ietf-httpapi-ratelimit-headers-10 has it: the policy (quota and
 * window in seconds), and what remains of it with the seconds until all of it is there again.
 */
export function rateHeaders({
  rate,
  allowance,
}: Pick<GuardedRequest, 'rate' | 'allowance'>): Readonly<Record<string, string>> {
  const { remaining, resetMs } = allowance
  return {
    'ratelimit-policy': `"rows";q=${Math.floor(rate.rows)};w=${rate.windowMs / 1_000}`,
    ratelimit: `"rows";r=${remaining};t=${Math.ceil(resetMs / 1_000)}`,
  }
}
