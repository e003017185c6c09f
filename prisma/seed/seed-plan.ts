import { createRandom, type Random } from './random.ts'
import { createRowId, type RowId } from './row-id.ts'
import { type SeedCounts, type SeedSize, seedSizes } from './seed-size.ts'

/** What every part of a seed works from. */
export interface SeedPlan {
  readonly counts: SeedCounts
  /** A stream of random numbers for one purpose, from its start on every call. */
  random(stream: string): Random
  rowId(table: string): RowId
}

export function createSeedPlan(size: SeedSize, seed: number): SeedPlan {
  return {
    counts: seedSizes[size],
    random: (stream) => createRandom(seed, stream),
    rowId: (table) => createRowId(seed, table),
  }
}
