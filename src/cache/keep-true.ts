import { createDrainer } from '../capture/create-drainer.ts'
import { forgetOldRows } from '../capture/forget-old-rows.ts'
import type { Log } from '../observe/log.ts'
import type { Database } from '../sql/database.ts'
import { LockNotHeldError } from '../sql/session-lock.ts'
import { type Keeping, KeptElsewhereError, OvertakenError } from './keeper.ts'
import { type CacheStore, type Moment, StoreUnavailableError, storeDefaults } from './store.ts'
import { createTroubleLog } from './trouble-log.ts'
import type { HistoryWatch } from './watch-history.ts'

export interface KeepTrueOptions {
  readonly store: Pick<CacheStore, 'announce' | 'beat'>
  readonly drained: Pick<Database, 'kind' | 'query'>
  readonly history: HistoryWatch
  readonly keeping: Keeping
  /** As the store has it. @default storeDefaults.heartbeatMs */
  readonly heartbeatMs?: number
  readonly listenUrl?: string | null
  readonly log: Log
}

/** Rows that nobody could announce for longer are given up, and with them all answers. */
const patienceMs = 10 * 60_000
const betweenAttemptsMs = 60_000

/**
 * Announces to the store what is in the outbox, again and again, and confirms each time that it did:
 * only so long are hits served. Whether the database is still the one that the answers were computed
 * from is looked at before each beat.
 */
export function keepTrue(options: KeepTrueOptions): AsyncDisposable {
  const { store, drained, history, keeping, listenUrl, log } = options
  const { heartbeatMs = storeDefaults.heartbeatMs } = options
  const trouble = createTroubleLog<'outbox' | 'keeper'>(log)
  let confirmed: Reading | null = null
  let forgetAtMs = performance.now() + patienceMs

  return createDrainer<Reading>({
    database: drained,
    announce: (tags) => store.announce(tags),
    pollMs: findPollMs(drained.kind, heartbeatMs),
    ...(listenUrl ? { listenUrl } : {}),

    async beforeRead() {
      let of = await history.read()
      if (performance.now() > forgetAtMs) await forget()
      // One round trip to the store confirms the reading before and begins this one.
      const { keeper } = history
      const before = confirmed?.of === of ? confirmed.since : null
      const since = await store.beat(before?.store === keeper.store ? before : null)
      confirmed = null
      if (await keeping.keep(since.store, keeper)) of = await history.read()
      trouble.end('keeper')
      return { of, since }
    },

    async onHeartbeat(reading) {
      confirmed = reading
      forgetAtMs = performance.now() + patienceMs
      trouble.end('outbox')
    },

    onError(error) {
      confirmed = null
      if (error instanceof KeptElsewhereError) {
        trouble.begin('keeper', `${error.message}: none are served from the store of this process`)
        return
      }
      // The store says itself what is wrong with it, and without the lock there is nothing to do.
      if (quietErrors.some((kind) => error instanceof kind)) return
      trouble.begin('outbox', 'The outbox cannot be drained: no answers are served', error)
    },
  })

  async function forget(): Promise<void> {
    forgetAtMs = performance.now() + betweenAttemptsMs
    await forgetOldRows(drained)
  }
}

const quietErrors = [StoreUnavailableError, LockNotHeldError, OvertakenError]

/**
 * How long a write from outside may stay unannounced. Nobody but this process, whose mutations
 * announce themselves, can write to the embedded database, and looking costs the process itself.
 */
function findPollMs(kind: Database['kind'], heartbeatMs: number): number {
  return Math.min(kind === 'pglite' ? 500 : 50, heartbeatMs / 4)
}

/** The outbox of this history was read after this moment. */
interface Reading {
  readonly of: string
  readonly since: Moment
}
