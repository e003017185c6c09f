import { type Budget, createBudget } from '../cache/budget.ts'
import type { AppError } from '../errors.ts'
import type { Cancellation } from '../sql/cancellation.ts'
import type { Queryable } from '../sql/database.ts'
import { type Admission, createAdmission, type Pressure } from './admission.ts'
import { createDeadlines, type Deadline } from './deadline.ts'
import { type Allowance, describeDebt, type Rate, rowsToMs } from './gcra.ts'
import type { Limits } from './limits.ts'
import type { RateLimit } from './rate-limit.ts'
import { rateLimited } from './rate-limited.ts'
import { createConnectionShares } from './share-connections.ts'

/** Every request pays this much before anything is looked up for it; a hit pays no more. */
const flatRows = 1

/** What stands between requests and the things that they share. */
export interface RequestGuard {
  readonly rate: Rate
  /**
   * Charges a request of a viewer the flat rate, and starts its clock. Never rejects.
   * @param viewer who it is counted for: a user's id, or an address
   */
  open(viewer: string, hangUp: Cancellation): Promise<GuardedRequest>
}

export interface GuardedRequest extends Disposable {
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
  const openDeadline = createDeadlines(limits.requestMs)
  const shared = { admission, rateLimit }

  return {
    rate: rateLimit.rate,
    async open(viewer, hangUp) {
      const deadline = openDeadline(hangUp)
      const budget = createBudget(options.waitMs)
      // Who asks again and again is not asked about each time.
      const known = rateLimit.hasHeardOf(viewer) ? rateLimit.takeAtOnce(viewer, flatRows) : null
      const allowance = known ?? (await rateLimit.take(viewer, flatRows, budget))
      const database = shareOf(viewer)
      return new ChargedRequest({ viewer, deadline, database, budget, allowance }, shared)
    },
  }
}

type Own = Pick<GuardedRequest, 'deadline' | 'database' | 'budget' | 'allowance'> & {
  readonly viewer: string
}

interface Shared {
  readonly admission: Admission
  readonly rateLimit: RateLimit
}

/** A class, as most requests call none of its functions, which a literal would make for each. */
class ChargedRequest implements GuardedRequest {
  allowance: Allowance
  readonly deadline: Deadline
  readonly database: Queryable
  readonly budget: Budget
  readonly refusal: AppError | null
  isTooMuch: boolean
  #hasTurn = false
  readonly #viewer: string
  readonly #shared: Shared

  constructor({ viewer, deadline, database, budget, allowance }: Own, shared: Shared) {
    this.allowance = allowance
    this.deadline = deadline
    this.database = database
    this.budget = budget
    this.refusal = allowance.isAllowed ? null : rateLimited(allowance, shared.rateLimit.rate)
    this.isTooMuch = !allowance.isAllowed
    this.#viewer = viewer
    this.#shared = shared
  }

  expectTurn(): void {
    if (this.#hasTurn) return
    try {
      this.#shared.admission.expect(this.#viewer)
    } catch (error) {
      this.isTooMuch = this.#shared.admission.isAtShare(this.#viewer)
      throw error
    }
  }

  async admit(rows: number): Promise<(actualRows: number) => void> {
    const { admission, rateLimit } = this.#shared
    // The flat rate was paid. What costs more than a whole rate may run for who owes nothing.
    const estimate = Math.max(0, Math.min(rows, rateLimit.rate.rows) - flatRows)
    if (estimate > 0) await this.#charge(estimate)
    try {
      const leave = await admission.enter(this.#viewer, this.deadline.signal, { rows })
      this.#hasTurn = true
      return (actualRows) => {
        this.#hasTurn = false
        leave()
        this.#giveBack(estimate - Math.max(0, actualRows - flatRows))
      }
    } catch (error) {
      this.isTooMuch = admission.isAtShare(this.#viewer)
      this.#giveBack(estimate)
      throw error
    }
  }

  [Symbol.dispose](): void {
    this.deadline[Symbol.dispose]()
  }

  async #charge(rows: number): Promise<void> {
    const { rateLimit } = this.#shared
    this.allowance =
      rateLimit.takeAtOnce(this.#viewer, rows) ??
      (await rateLimit.take(this.#viewer, rows, this.budget))
    if (this.allowance.isAllowed) return
    this.isTooMuch = true
    throw rateLimited(this.allowance, rateLimit.rate)
  }

  #giveBack(rows: number): void {
    if (rows <= 0) return
    const { rateLimit } = this.#shared
    rateLimit.give(this.#viewer, rows)
    const debtMs = this.allowance.resetMs - rowsToMs(rows, rateLimit.rate)
    this.allowance = describeDebt(Math.max(0, debtMs), rateLimit.rate)
  }
}
