import { type Budget, createBudget } from '../cache/budget.ts'
import type { AppError } from '../errors.ts'
import type { Cancellation } from '../sql/cancellation.ts'
import type { Queryable } from '../sql/database.ts'
import { type Admission, createAdmission, type Pressure } from './admission.ts'
import { createDeadline, type Deadline } from './deadline.ts'
import type { Allowance, Rate } from './gcra.ts'
import { describeDebt } from './gcra.ts'
import type { Limits } from './limits.ts'
import type { RateLimit } from './rate-limit.ts'
import { rateLimited } from './rate-limited.ts'
import { createConnectionShares } from './share-connections.ts'

/** Every request pays this much before anything is looked up for it; a hit pays no more. */
const flatRows = 1

/** What stands between requests and the things that they share. */
export interface RequestGuard {
  /**
   * Charges a request of a viewer the flat rate, and starts its clock. Never rejects.
   * @param viewer who it is counted for: a user's id, or an address
   */
  open(viewer: string, hangUp: Cancellation): Promise<GuardedRequest>
}

export interface GuardedRequest extends Disposable {
  readonly rate: Rate
  /** As of the last charge. */
  readonly allowance: Allowance
  /** Comes when the client hangs up or the time is over. */
  readonly deadline: Deadline
  /** The database, with as many connections as one viewer may have. */
  readonly database: Queryable
  /** What the request may wait for Redis, whoever asks it. */
  readonly budget: Budget
  /** `RATE_LIMITED` when the flat rate was too much. */
  readonly refusal: AppError | null
  /** Whether something was refused since the viewer asks for more than is theirs. */
  readonly isTooMuch: boolean
  /**
   * Refuses an operation that would get no turn, before anything is read for it.
   * @throws AppError `SERVICE_UNAVAILABLE`
   */
  expectTurn(): void
  /**
   * Charges what an operation may cost, and waits for its turn.
   *
   * @returns to be called when it has run, with the rows that it cost: the rest is given back
   * @throws AppError `RATE_LIMITED`, `SERVICE_UNAVAILABLE`, `REQUEST_TIMEOUT`
   */
  admit(rows: number): Promise<(actualRows: number) => void>
}

export interface RequestGuardOptions {
  readonly limits: Limits
  readonly rateLimit: RateLimit
  readonly pressure: Pressure
  readonly database: Queryable
  /** What a request may wait for Redis, all its calls together, in ms. @default 45 */
  readonly waitMs?: number | undefined
}

export function createRequestGuard(options: RequestGuardOptions): RequestGuard {
  const { limits, rateLimit, pressure } = options
  const admission = createAdmission(limits, pressure)
  const shareOf = createConnectionShares(options.database, limits.connectionsPerViewer)

  return {
    async open(viewer, hangUp) {
      const deadline = createDeadline(hangUp, limits.requestMs)
      const budget = createBudget(options.waitMs)
      // Who asks again and again is not asked about each time.
      const known = rateLimit.hasHeardOf(viewer) ? rateLimit.takeAtOnce(viewer, flatRows) : null
      const allowance = known ?? (await rateLimit.take(viewer, flatRows, budget))
      return guard({ viewer, deadline, budget, allowance, admission })
    },
  }

  function guard(request: {
    readonly viewer: string
    readonly deadline: Deadline
    readonly budget: Budget
    readonly allowance: Allowance
    readonly admission: Admission
  }): GuardedRequest {
    const { viewer, deadline, budget } = request
    // No getter here: a literal that has one gets a hidden class of its own, which outlives it.
    const guarded = {
      rate: rateLimit.rate,
      deadline,
      database: shareOf(viewer),
      budget,
      allowance: request.allowance,
      refusal: request.allowance.isAllowed ? null : rateLimited(request.allowance, rateLimit.rate),
      isTooMuch: !request.allowance.isAllowed,
      expectTurn() {
        try {
          request.admission.expect(viewer)
        } catch (error) {
          guarded.isTooMuch = request.admission.isAtShare(viewer)
          throw error
        }
      },
      async admit(rows: number) {
        // The flat rate was paid. What costs more than a whole rate may run for who owes nothing.
        const estimate = Math.max(0, Math.min(rows, rateLimit.rate.rows) - flatRows)
        if (estimate > 0) {
          guarded.allowance =
            rateLimit.takeAtOnce(viewer, estimate) ??
            (await rateLimit.take(viewer, estimate, budget))
          if (!guarded.allowance.isAllowed) {
            guarded.isTooMuch = true
            throw rateLimited(guarded.allowance, rateLimit.rate)
          }
        }
        try {
          const leave = await request.admission.enter(viewer, deadline.signal)
          return (actualRows: number) => {
            leave()
            giveBack(estimate - Math.max(0, actualRows - flatRows))
          }
        } catch (error) {
          guarded.isTooMuch = request.admission.isAtShare(viewer)
          giveBack(estimate)
          throw error
        }
      },
      [Symbol.dispose]() {
        deadline[Symbol.dispose]()
      },
    }
    return guarded

    function giveBack(rows: number): void {
      if (rows <= 0) return
      rateLimit.give(viewer, rows)
      const { rows: all, windowMs } = rateLimit.rate
      const debtMs = Math.max(0, guarded.allowance.resetMs - (rows / all) * windowMs)
      guarded.allowance = { ...guarded.allowance, ...describeDebt(debtMs, rateLimit.rate) }
    }
  }
}
