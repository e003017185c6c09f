import { setTimeout as pause } from 'node:timers/promises'
import type { Pool } from 'pg'
import { DatabaseOpenError } from './database-open-error.ts'

const firstPauseMs = 100
const longestPauseMs = 2_000

/**
 * Makes the pool's first connection, trying again with doubling pauses (100 ms to 2 s) for
 * `timeoutMs` while the server is not there, is starting, or has no connection left. Anything else,
 * a wrong password say, fails at once. Closes the pool and throws `DatabaseOpenError` in the end.
 */
export async function connectFirst(
  pool: Pool,
  { description, timeoutMs }: { readonly description: string; readonly timeoutMs: number },
): Promise<void> {
  const startedAt = performance.now()
  for (let attempt = 1, pauseMs = firstPauseMs; ; attempt += 1, pauseMs *= 2) {
    try {
      const client = await pool.connect()
      client.release()
      return
    } catch (error) {
      const waitedMs = performance.now() - startedAt
      const nextPauseMs = Math.min(pauseMs, longestPauseMs)
      if (isPassing(error) && waitedMs + nextPauseMs < timeoutMs) {
        await pause(nextPauseMs)
        continue
      }
      await pool.end()
      throw new DatabaseOpenError(
        `Cannot connect to ${description} (${attempt} attempt${attempt === 1 ? '' : 's'} in ` +
          `${(waitedMs / 1000).toFixed(1)} s): ${reasonOf(error)}. Check DATABASE_URL.`,
        { cause: error },
      )
    }
  }
}

/** SQLSTATE of a server that is starting, stopping or full; refused sockets; our own time limit. */
function isPassing(error: unknown): boolean {
  const code = codeOf(error)
  if (code === undefined) return error instanceof Error && /timeout|terminated/i.test(error.message)
  return /^(57P0[123]|53300|08\w{3}|ECONN\w+|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EPIPE|ENOENT|EHOST\w+)$/.test(
    code,
  )
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  if ('code' in error && typeof error.code === 'string') return error.code
  // A name with several addresses fails with one error for each of them.
  return error instanceof AggregateError ? codeOf(error.errors[0]) : undefined
}

function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return reasonOf(error.errors[0])
  return error instanceof Error ? error.message : String(error)
}
