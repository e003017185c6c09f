import type { Pool } from 'pg'
import { orAborted } from './cancellation.ts'
import type { RawRow } from './database.ts'
import type { PoolRun } from './run-on-pool.ts'
import type { Read } from './run-reads.ts'
import { runTogether, type WaitingRead } from './run-together.ts'

/** Runs a statement as `runOnPool` does, together with others. */
export type RunGrouped = (read: Read, signal: PoolRun['signal']) => Promise<readonly RawRow[]>

/** Statements that share a connection at most: each waits for those before it. */
const mostInAGroup = 32

/**
 * For statements that are never slow, such as a row by its key: those that come in one turn of the
 * event loop, of whatever requests, go over one connection in one round trip. For a small request
 * the calls of the system cost more than all else.
 *
 * Who aborts is rejected at once; nothing is cancelled, as others wait for the rest.
 */
export function createReadGroups(pool: Pool, onTaken: PoolRun['onTaken']): RunGrouped {
  let group: WaitingRead[] = []

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
    if (sent.length > 0) void runTogether(pool, sent, { onTaken })
  }
}
