import { LRUCache } from 'lru-cache'
import { type Allowance, type Rate, rowsToMs, takeRows } from './gcra.ts'

/** What viewers owe, as this process knows it. */
export interface LocalRate {
  take(viewer: string, rows: number, rate: Rate): Allowance
  give(viewer: string, rows: number, rate: Rate): void
  /** What somebody who knows better says. */
  set(viewer: string, debtMs: number): void
  debtMs(viewer: string): number
}

/** Those who asked last are remembered; a debt is over after a minute anyway. */
const mostViewers = 50_000

/** @param nowMs rises evenly, whatever the clock on the wall does */
export function createLocalRate(nowMs: () => number = () => performance.now()): LocalRate {
  const paidAt = new LRUCache<string, number>({ max: mostViewers })
  const debtMs = (viewer: string) => Math.max(0, (paidAt.get(viewer) ?? 0) - nowMs())
  // Also where nothing is owed: to delete the last entry clears room for all of them.
  const set = (viewer: string, debt: number) => {
    paidAt.set(viewer, nowMs() + Math.max(0, debt))
  }
  return {
    debtMs,
    set,
    take(viewer, rows, rate) {
      const allowance = takeRows(debtMs(viewer), rows, rate)
      set(viewer, allowance.resetMs)
      return allowance
    },
    give(viewer, rows, rate) {
      set(viewer, debtMs(viewer) - rowsToMs(rows, rate))
    },
  }
}
