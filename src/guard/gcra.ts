/** A rate: so many rows in a window, all at once if need be. */
export interface Rate {
  readonly rows: number
  readonly windowMs: number
}

/** What a viewer may still have. */
export interface Allowance {
  readonly isAllowed: boolean
  /** Rows that are left now. */
  readonly remaining: number
  /** Until all are there again: what is owed. */
  readonly resetMs: number
  /** Until what was refused would be allowed; 0 when it was allowed. */
  readonly retryMs: number
}

/**
 * The generic cell rate algorithm: what somebody owes is a time, at which all will be paid. It grows
 * with what is taken and passes by itself, so that one number says all, there is no window at whose
 * turn twice as much is allowed, and what was taken for nothing is given back by subtraction.
 * (ITU-T I.371; Brandur Leach, "Rate Limiting, Cells, and GCRA", 2015.)
 *
 * @param debtMs what is owed before; never below 0
 * @param taking rows; more than the rate has count as all that it has
 */
export function takeRows(debtMs: number, taking: number, rate: Rate): Allowance {
  const owed = Math.min(debtMs, rate.windowMs)
  const next = owed + rowsToMs(taking, rate)
  if (next > rate.windowMs) return describeDebt(owed, rate, next - rate.windowMs)
  return describeDebt(next, rate)
}

/**
 * What a debt means to whoever has it.
 * @param retryMs until what was refused would be allowed; 0 when it was allowed
 */
export function describeDebt(debtMs: number, rate: Rate, retryMs = 0): Allowance {
  const { rows, windowMs } = rate
  return {
    isAllowed: retryMs === 0,
    remaining: Math.floor((Math.max(0, windowMs - debtMs) / windowMs) * rows),
    resetMs: Math.max(0, debtMs),
    retryMs,
  }
}

export function rowsToMs(rows: number, rate: Rate): number {
  return (Math.min(rows, rate.rows) / rate.rows) * rate.windowMs
}
