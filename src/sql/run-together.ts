import type { Pool } from 'pg'
import type { RawRow } from './database.ts'
import { type PoolRun, rowsOf, runAllOnPool, runOnPool } from './run-on-pool.ts'
import type { Read, ReadOutcome } from './run-reads.ts'

/** A statement that waits for others to be sent with. */
export interface WaitingRead {
  readonly read: Read
  readonly resolve: (rows: readonly RawRow[]) => void
  readonly reject: (error: unknown) => void
}

/**
 * Runs statements over one connection in one round trip, as each write is a call of the system and
 * each connection that is woken another process. When one fails, those behind it are run by
 * themselves. With a signal all are cancelled together. Never rejects.
 */
export async function runTogether(
  pool: Pool,
  waiting: readonly WaitingRead[],
  run: PoolRun,
): Promise<void> {
  let outcomes: readonly ReadOutcome[]
  try {
    outcomes = await runAllOnPool(
      pool,
      waiting.map(({ read }) => read),
      run,
    )
  } catch (error) {
    for (const { reject } of waiting) reject(error)
    return
  }
  for (const [index, { read, resolve, reject }] of waiting.entries()) {
    const outcome = outcomes[index]
    if (!outcome) runOnPool(pool, read, run).then(resolve, reject)
    else if ('rows' in outcome) resolve(rowsOf(outcome))
    else reject(outcome.error)
  }
}
