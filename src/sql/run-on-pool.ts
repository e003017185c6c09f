import type { Pool, PoolClient } from 'pg'
import { cancelStatement } from './cancel-statement.ts'
import { type Cancellation, orAborted } from './cancellation.ts'
import type { RawRow } from './database.ts'
import { type Read, type ReadOutcome, runReads } from './run-reads.ts'

export interface PoolRun {
  readonly signal?: Cancellation | undefined
  /** Told how long the statement waited for a connection. */
  readonly onTaken?: ((waitedMs: number) => void) | undefined
}

/**
 * Runs one statement on a connection of the pool. When `signal` aborts, the caller is rejected at
 * once with its reason, whether it waited for a connection or for the statement; the connection
 * goes back to the pool when the server has ended the statement. One that died leaves the pool.
 */
export function runOnPool(pool: Pool, read: Read, run: PoolRun): Promise<readonly RawRow[]> {
  return untilAborted(run, (use) => runAlone(pool, read, use))
}

/** The same for statements that are run in one go. */
export function runAllOnPool(
  pool: Pool,
  reads: readonly Read[],
  run: PoolRun,
): Promise<readonly ReadOutcome[]> {
  return untilAborted(run, (use) => useConnection(pool, reads, use))
}

function untilAborted<T>(
  { signal, onTaken }: PoolRun,
  start: (use: PoolUse) => Promise<T>,
): Promise<T> {
  const use: PoolUse = { onTaken, client: null, cancelling: null }
  if (!signal) return start(use)
  if (signal.aborted) return Promise.reject(signal.reason)
  return orAborted(start(use), signal, () => {
    if (use.client) use.cancelling = cancelStatement(use.client)
    else use.isUnwanted = true
  })
}

async function runAlone(pool: Pool, read: Read, use: PoolUse): Promise<readonly RawRow[]> {
  const [outcome] = await useConnection(pool, [read], use)
  return rowsOf(outcome)
}

/** @throws what the statement failed with */
export function rowsOf(outcome: ReadOutcome | undefined): readonly RawRow[] {
  if (outcome && 'rows' in outcome) return outcome.rows
  throw outcome?.error
}

/** How statements go about a connection, and what becomes of them meanwhile. */
interface PoolUse {
  readonly onTaken: PoolRun['onTaken']
  /** While they run. */
  client: PoolClient | null
  /** Once it was asked for. */
  cancelling: Promise<void> | null
  /** Nobody waits for them any more. */
  isUnwanted?: boolean
}

/**
 * Runs statements in one go on a connection of the pool.
 * @throws when there is no connection
 */
async function useConnection(
  pool: Pool,
  reads: readonly Read[],
  use: PoolUse,
): Promise<readonly ReadOutcome[]> {
  const startMs = performance.now()
  const client = await pool.connect()
  use.onTaken?.(performance.now() - startMs)
  if (use.isUnwanted) {
    client.release()
    return []
  }
  let isReusable = false
  // A connection that breaks fails the statement, which is enough; unheard, its error event would
  // end the process.
  client.on('error', ignore)
  try {
    use.client = client
    const outcomes = await runReads(client, reads)
    const failure = outcomes.find((outcome) => outcome !== null && 'error' in outcome)
    // Not after a request to cancel that came too late: it might hit the connection's next statement.
    isReusable = failure
      ? leavesConnectionIntact(failure) && (use.cancelling === null || wasCancelled(failure))
      : use.cancelling === null
    return outcomes
  } finally {
    use.client = null
    if (use.cancelling) await use.cancelling
    client.release(!isReusable)
    client.off('error', ignore)
  }
}

function ignore(): void {}

/**
 * Whether the error is about the statement alone. Not those of a broken connection or a stopping
 * server (08, 57P), nor of prepared statements that the schema has outgrown (0A000, 26000).
 */
function leavesConnectionIntact(failure: ReadOutcome): boolean {
  return !/^(08|57P|0A000|26000)/.test(codeOf(failure) ?? '08')
}

function wasCancelled(failure: ReadOutcome): boolean {
  return codeOf(failure) === '57014'
}

/** Null: it was not the server that said so. By what it looks like, as there may be two of its class. */
function codeOf(failure: ReadOutcome): string | null {
  const error = failure && 'error' in failure ? failure.error : null
  if (!(error instanceof Error) || !('severity' in error) || !('code' in error)) return null
  return typeof error.code === 'string' ? error.code : null
}
