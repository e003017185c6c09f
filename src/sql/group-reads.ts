import type { Pool } from 'pg'
import { orAborted } from './cancellation.ts'
import type { RawRow } from './database.ts'
import { type PoolRun, type PoolUse, rowsOf, runOnPool, useConnection } from './run-on-pool.ts'
import type { Read, ReadOutcome } from './run-reads.ts'

/** Runs a statement as `runOnPool` does, together with others. */
export type RunGrouped = (read: Read, signal: PoolRun['signal']) => Promise<readonly RawRow[]>

/** Statements that share a connection at most: each waits for those before it. */
const mostInAGroup = 32

interface Waiting {
  readonly read: Read
  readonly resolve: (rows: readonly RawRow[]) => void
  readonly reject: (error: unknown) => void
}

/**
 * For statements that are never slow, such as a row by its key: those that come in one turn of the
 * event loop, of whatever requests, go over one connection in one round trip. Each write is a call
 * of the system, and for a small request those cost more than all else.
 *
 * Who aborts is rejected at once; nothing is cancelled, as others wait for the rest. When one fails,
 * those behind it are run by themselves.
 */
export function createReadGroups(pool: Pool, onTaken: PoolRun['onTaken']): RunGrouped {
  let group: Waiting[] = []

  return (read, signal) => {
    if (signal?.aborted) return Promise.reject(signal.reason)
    const rows = new Promise<readonly RawRow[]>((resolve, reject) => {
      if (group.length === 0) setImmediate(send)
      group.push({ read, resolve, reject })
      if (group.length === mostInAGroup) send()
    })
    return signal ? orAborted(rows, signal) : rows
  }

  function send(): void {
    const sent = group
    group = []
    if (sent.length > 0) void run(sent)
  }

  async function run(sent: readonly Waiting[]): Promise<void> {
    const use: PoolUse = { onTaken, client: null, cancelling: null }
    let outcomes: readonly ReadOutcome[]
    try {
      outcomes = await useConnection(
        pool,
        sent.map(({ read }) => read),
        use,
      )
    } catch (error) {
      for (const { reject } of sent) reject(error)
      return
    }
    for (const [index, { read, resolve, reject }] of sent.entries()) {
      const outcome = outcomes[index]
      if (!outcome) runOnPool(pool, read, { onTaken }).then(resolve, reject)
      else if ('rows' in outcome) resolve(rowsOf(outcome))
      else reject(outcome.error)
    }
  }
}
