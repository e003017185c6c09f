import type { Allowance, Rate } from '../guard/gcra.ts'
import type { Answer } from './exchange.ts'

/** An answer that tells its client what they have left. */
export type TellRate = (answer: Answer, allowance: Allowance) => Answer

/**
 * As draft-ietf-httpapi-ratelimit-headers-10 has it: the policy (quota and window in seconds), and
 * what remains of it with the seconds until all of it is there again.
 */
export function createRateTeller({ rows, windowMs }: Rate): TellRate {
  const policy = `"rows";q=${Math.floor(rows)};w=${windowMs / 1_000}`
  return ({ status, headers, body }, { remaining, resetMs }) => {
    const ratelimit = `"rows";r=${remaining};t=${Math.ceil(resetMs / 1_000)}`
    return { status, headers: { 'ratelimit-policy': policy, ratelimit, ...headers }, body }
  }
}
