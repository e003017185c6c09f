import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import type { Queryable } from './database.ts'
import { runRead } from './run-reads.ts'
import { toSessionUrl } from './session-url.ts'
import { createStatement } from './statements.ts'

export interface SessionLockOptions {
  /** Past any transaction pooler: the lock belongs to a session. */
  readonly url: string
  /** Two 32-bit numbers that name the lock within the database. */
  readonly key: readonly [number, number]
  /**
   * The pause before a lock that another session holds, or a connection that broke, is tried again.
   * @default 1_000
   */
  readonly retryMs?: number
  /** Called with why there is no session to hold the lock, each time that one is tried for. */
  readonly onError?: (error: unknown) => void
  readonly onHeld?: () => void
}

/**
 * An advisory lock of PostgreSQL, on a connection of its own, tried for in the background until
 * disposed. It may be lost at any time, with its connection, and be another's a moment later.
 */
export interface SessionLock extends Queryable, AsyncDisposable {
  /**
   * Since when it is held without a break, in ms of `performance.now`; null while it is not. That it
   * was lost may be known here later than to others: what must not happen without it has to be done
   * by `query`, which runs in the session that holds the lock, or fails.
   */
  readonly heldSinceMs: number | null
  /** Resolves when it was tried for once, whatever came of it. */
  readonly tried: Promise<void>
}

/** The lock is another's, or its session is gone. */
export class LockNotHeldError extends Error {
  override readonly name = 'LockNotHeldError'
}

export function createSessionLock(options: SessionLockOptions): SessionLock {
  const { key, retryMs = 1_000, onError, onHeld } = options
  const connectionString = toSessionUrl(options.url, { statementTimeoutMs: 10_000 })
  const closing = new AbortController()
  let held: { readonly client: pg.Client; readonly sinceMs: number } | null = null
  let lastDone = Promise.resolve()
  let hasTried = () => {}
  const tried = new Promise<void>((resolve) => {
    hasTried = resolve
  })
  const running = run()

  return {
    tried,
    get heldSinceMs() {
      return held?.sinceMs ?? null
    },
    async query(statement, values) {
      if (!held) throw new LockNotHeldError('The lock is not held')
      const { client } = held
      // One after the other: a client is no queue.
      const result = lastDone.then(() => runRead(client, { ...statement, name: '' }, values))
      lastDone = result.then(ignore, ignore)
      return result
    },
    async [Symbol.asyncDispose]() {
      closing.abort()
      await running
    },
  }

  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      const client = new pg.Client({
        connectionString,
        keepAlive: true,
        connectionTimeoutMillis: 5_000,
        application_name: 'loadline lock',
      })
      const isLost = new Promise<void>((resolve) => {
        client.on('error', () => resolve())
        client.on('end', () => resolve())
      })
      try {
        await client.connect()
        await holdUntilLost(client, isLost)
      } catch (error) {
        onError?.(error)
      }
      held = null
      hasTried()
      await client.end().catch(() => {})
      await rest()
    }
  }

  async function holdUntilLost(client: pg.Client, isLost: Promise<void>): Promise<void> {
    while (!closing.signal.aborted) {
      const [row] = await runRead(client, { ...tryLock, name: '' }, key)
      if (row?.[0] === true) {
        held = { client, sinceMs: performance.now() }
        hasTried()
        onHeld?.()
        return Promise.race([isLost, closed()])
      }
      hasTried()
      await Promise.race([isLost.then(() => Promise.reject(new Error('lost'))), rest()])
    }
  }

  function closed(): Promise<void> {
    return new Promise((resolve) => {
      closing.signal.addEventListener('abort', () => resolve())
    })
  }

  async function rest(): Promise<void> {
    await pause(retryMs, undefined, { signal: closing.signal }).catch(() => {})
  }
}

function ignore(): void {}

/**
 * Not if this very session holds it already, as it may for another process behind a pooler: a
 * session gets a lock of its own as often as it likes.
 */
const tryLock = createStatement(`SELECT CASE WHEN EXISTS (
    SELECT FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()
      AND classid = $1::int8 AND objid = $2::int8 AND objsubid = 2
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
  ) THEN false ELSE pg_try_advisory_lock($1::int4, $2::int4) END`)
