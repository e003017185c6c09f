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
  /** Until all are there again. */
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
export function takeRows(
  debtMs: number,
  taking: number,
  rate: Rate,
): Allowance & { readonly debtMs: number } {
  const owed = Math.min(debtMs, rate.windowMs)
  const next = owed + rowsToMs(taking, rate)
  const isAllowed = next <= rate.windowMs
  const debt = isAllowed ? next : owed
  return {
    isAllowed,
    debtMs: debt,
    ...describeDebt(debt, rate),
    retryMs: isAllowed ? 0 : next - rate.windowMs,
  }
}

/** What a debt means to whoever has it. */
export function describeDebt(debtMs: number, rate: Rate): Pick<Allowance, 'remaining' | 'resetMs'> {
  const free = Math.max(0, rate.windowMs - debtMs)
  return { remaining: Math.floor((free / rate.windowMs) * rate.rows), resetMs: Math.max(0, debtMs) }
}

export function rowsToMs(rows: number, rate: Rate): number {
  return (Math.min(rows, rate.rows) / rate.rows) * rate.windowMs
}
