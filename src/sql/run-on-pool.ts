import pg, { type Pool, type PoolClient, type QueryArrayConfig } from 'pg'
import { cancelStatement } from './cancel-statement.ts'
import type { RawRow } from './database.ts'
import { onAbort, orAborted } from './or-aborted.ts'
import { queryClient } from './query-client.ts'

export interface PoolRun {
  readonly signal?: AbortSignal | undefined
  /** Told how long the statement waited for a connection. */
  readonly onTaken?: ((waitedMs: number) => void) | undefined
}

/**
 * Runs one statement on a connection of the pool. When `signal` aborts, the caller is rejected at
 * once with its reason, whether it waited for a connection or for the statement; the connection
 * goes back to the pool when the server has ended the statement. One that died leaves the pool.
 */
export async function runOnPool(
  pool: Pool,
  config: QueryArrayConfig,
  { signal, onTaken }: PoolRun,
): Promise<readonly RawRow[]> {
  signal?.throwIfAborted()
  const startMs = performance.now()
  const running = pool.connect().then((client) => {
    onTaken?.(performance.now() - startMs)
    return runAndRelease(client, config, signal)
  })
  return signal ? orAborted(running, signal) : running
}

async function runAndRelease(
  client: PoolClient,
  config: QueryArrayConfig,
  signal: AbortSignal | undefined,
): Promise<readonly RawRow[]> {
  if (signal?.aborted) {
    client.release()
    throw signal.reason
  }
  let cancelling: Promise<void> | undefined
  const stopListening =
    signal &&
    onAbort(signal, () => {
      cancelling = cancelStatement(client)
    })
  // Not after a request to cancel that came too late: it might hit the connection's next statement.
  let isReusable = true
  // A connection that breaks fails the statement, which is enough; unheard, its error event would
  // end the process.
  client.on('error', ignore)
  try {
    const rows = await queryClient(client, config)
    isReusable = cancelling === undefined
    return rows
  } catch (error) {
    isReusable = leavesConnectionIntact(error) && (cancelling === undefined || wasCancelled(error))
    throw error
  } finally {
    stopListening?.()
    if (cancelling) await cancelling
    client.release(!isReusable)
    client.off('error', ignore)
  }
}

function ignore(): void {}

/**
 * Whether the error is about the statement alone. Not those of a broken connection or a stopping
 * server (08, 57P), nor of prepared statements that the schema has outgrown (0A000, 26000).
 */
function leavesConnectionIntact(error: unknown): boolean {
  return error instanceof pg.DatabaseError && !/^(08|57P|0A000|26000)/.test(error.code ?? '08')
}

function wasCancelled(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === '57014'
}
