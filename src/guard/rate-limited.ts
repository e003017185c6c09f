import { AppError } from '../errors.ts'
import type { Allowance, Rate } from './gcra.ts'

/** The error for who has used up their rate, with the seconds after which to come back. */
export function rateLimited({ retryMs }: Allowance, { rows, windowMs }: Rate): AppError {
  const retryAfterSeconds = Math.max(1, Math.ceil(retryMs / 1_000))
  return new AppError(
    'RATE_LIMITED',
    `More than ${rows} rows in ${windowMs / 1_000} s: try again in ${retryAfterSeconds} s`,
    { extensions: { retryAfterSeconds } },
  )
}
