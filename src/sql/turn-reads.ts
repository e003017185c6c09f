import type { Pool } from 'pg'
import type { Cancellation } from './cancellation.ts'
import type { RawRow } from './database.ts'
import { type PoolRun, runOnPool } from './run-on-pool.ts'
import type { Read } from './run-reads.ts'
import { runTogether, type WaitingRead } from './run-together.ts'

interface Turn {
  readonly signal: Cancellation
  readonly waiting: WaitingRead[]
}

/** Runs a statement as `runOnPool` does, together with others that the same signal may cancel. */
export type RunInTurn = (read: Read, signal: Cancellation) => Promise<readonly RawRow[]>

/**
 * For statements of any length: those that one request sends in one turn of the event loop go over
 * one connection, where others are at work as well. A request waits for all of them anyway, and while
 * there is more to do than hands, ten connections for one request are taken from nine others. A
 * request that has the database to itself gets them side by side.
 */
export function createTurnReads(pool: Pool, onTaken: PoolRun['onTaken']): RunInTurn {
  // No map: those that are added to and deleted from leave tables behind that lead to whole requests.
  let turns: Turn[] = []

  return (read, signal) =>
    new Promise((resolve, reject) => {
      if (turns.length === 0) setImmediate(sendAll)
      const turn = turns.find((one) => one.signal === signal)
      if (turn) turn.waiting.push({ read, resolve, reject })
      else turns.push({ signal, waiting: [{ read, resolve, reject }] })
    })

  function sendAll(): void {
    const sent = turns
    turns = []
    for (const turn of sent) send(turn)
  }

  function send({ signal, waiting }: Turn): void {
    if (waiting.length > 1 && isBusy()) {
      void runTogether(pool, waiting, { signal, onTaken })
      return
    }
    for (const { read, resolve, reject } of waiting) {
      runOnPool(pool, read, { signal, onTaken }).then(resolve, reject)
    }
  }

  function isBusy(): boolean {
    return pool.idleCount < pool.totalCount
  }
}
