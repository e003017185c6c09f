import type { Pool } from 'pg'
import type { Cancellation } from './cancellation.ts'
import type { RawRow } from './database.ts'
import { type PoolRun, runOnPool } from './run-on-pool.ts'
import type { Read } from './run-reads.ts'
import { runTogether, type WaitingRead } from './run-together.ts'

/** Runs a statement as `runOnPool` does, together with others that the same signal may cancel. */
export type RunInTurn = (read: Read, signal: Cancellation) => Promise<readonly RawRow[]>

/**
 * For statements of any length: those that one request sends in one turn of the event loop go over
 * one connection, where others are at work as well. A request waits for all of them anyway, and while
 * there is more to do than hands, ten connections for one request are taken from nine others. A
 * request that has the database to itself gets them side by side.
 */
export function createTurnReads(pool: Pool, onTaken: PoolRun['onTaken']): RunInTurn {
  const turns = new Map<Cancellation, WaitingRead[]>()

  return (read, signal) =>
    new Promise((resolve, reject) => {
      const turn = turns.get(signal)
      if (turn) {
        turn.push({ read, resolve, reject })
        return
      }
      turns.set(signal, [{ read, resolve, reject }])
      setImmediate(send, signal)
    })

  function send(signal: Cancellation): void {
    const sent = turns.get(signal) ?? []
    turns.delete(signal)
    if (sent.length > 1 && isBusy()) {
      void runTogether(pool, sent, { signal, onTaken })
      return
    }
    for (const { read, resolve, reject } of sent) {
      runOnPool(pool, read, { signal, onTaken }).then(resolve, reject)
    }
  }

  function isBusy(): boolean {
    return pool.idleCount < pool.totalCount
  }
}
