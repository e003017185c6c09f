import type { Budget } from '../cache/budget.ts'
import type { Allowance, Rate } from './gcra.ts'
import { createLocalRate } from './local-rate.ts'

/** Holds viewers to a rate of rows. */
export interface RateLimit extends Disposable {
  readonly rate: Rate
  /** Whether other processes knew of the last question. */
  readonly isShared: boolean
  /**
   * Takes rows from what the viewer has left, or nothing when that is not enough. Never rejects:
   * where nobody can be asked, the process decides by itself.
   * @param budget what the request may still wait. @default one of its own
   */
  take(viewer: string, rows: number, budget?: Budget): Promise<Allowance>
  /**
   * The same without asking anybody, where the viewer had so much left a moment ago that all
   * processes could take as much. Null where they could not.
   */
  takeAtOnce(viewer: string, rows: number): Allowance | null
  /** Whether it was lately heard from all processes what the viewer owes. */
  hasHeardOf(viewer: string): boolean
  /** Gives back what was taken and not used; nobody needs to wait for it. */
  give(viewer: string, rows: number): void
}

export const rateWindowMs = 60_000

/** For a process that is alone. */
export function createRateLimit(rows: number, nowMs?: () => number): RateLimit {
  const rate = { rows, windowMs: rateWindowMs }
  const local = createLocalRate(nowMs)
  return {
    rate,
    isShared: false,
    take: async (viewer, taking) => local.take(viewer, taking, rate),
    takeAtOnce: (viewer, taking) => local.take(viewer, taking, rate),
    hasHeardOf: () => true,
    give: (viewer, giving) => local.give(viewer, giving, rate),
    [Symbol.dispose]() {},
  }
}
