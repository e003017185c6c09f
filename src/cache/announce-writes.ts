import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises'
import { areGone, deleteRows, type OutboxRows, readOwnTags } from '../capture/outbox.ts'
import type { Log } from '../observe/log.ts'
import type { Queryable } from '../sql/database.ts'
import type { Keeping } from './keeper.ts'
import { type CacheStore, lapseMarginMs, storeDefaults } from './store.ts'

/** What a mutation owes everybody else before it may be acknowledged. */
export interface WriteAnnouncer extends AsyncDisposable {
  /** What a transaction has written. To be called as its last statement before COMMIT. */
  collect(transaction: Queryable): Promise<OutboxRows>
  /**
   * To be called right after COMMIT. Resolves when nobody will be served an answer of before: when
   * the writes are announced, by us or by another process, or when no answers are served at all,
   * because nobody has confirmed a reading of the outbox for so long. Never rejects.
   */
  announce(rows: OutboxRows): Promise<void>
}

export interface WriteAnnouncerOptions {
  readonly store: Pick<CacheStore, 'announce'>
  readonly database: Queryable
  /** Whether this store keeps the answers of the database. @default it does, alone */
  readonly keeping?: Pick<Keeping, 'here'>
  /** As the store has it. @default storeDefaults.heartbeatMs */
  readonly heartbeatMs?: number
  readonly log: Pick<Log, 'warn'>
}

const retryMs = 50

export function createWriteAnnouncer(options: WriteAnnouncerOptions): WriteAnnouncer {
  const { store, database, keeping, heartbeatMs = storeDefaults.heartbeatMs, log } = options
  /** What is not yet deleted, by the store in which it was announced. */
  const announced = new Map<string, OutboxRows['keys'][number][]>()
  let deleting: Promise<void> | null = null

  return {
    collect: readOwnTags,

    async announce(rows) {
      if (rows.keys.length === 0) return
      const waiting = { isOver: false }
      let timer: NodeJS.Timeout | undefined
      // Whoever confirms the outbox from now on has found these rows in it, and announced them.
      const lapse = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, heartbeatMs + lapseMarginMs)
      })
      await Promise.race([lapse, announceOrWait(rows, waiting)])
      waiting.isOver = true
      clearTimeout(timer)
    },

    async [Symbol.asyncDispose]() {
      await deleting
    },
  }

  async function announceOrWait(
    rows: OutboxRows,
    waiting: { readonly isOver: boolean },
  ): Promise<void> {
    while (!waiting.isOver) {
      try {
        const where = await store.announce(rows.tags)
        if (keeping && keeping.here !== where) throw new Error('Another store keeps the answers')
        return deleteLater(rows, where)
      } catch {
        // The store is in trouble and says so itself; perhaps another process reaches it.
        if (await haveOthersAnnounced(rows)) return
        await pause(retryMs)
      }
    }
  }

  async function haveOthersAnnounced(rows: OutboxRows): Promise<boolean> {
    try {
      return await areGone(database, rows)
    } catch {
      return false
    }
  }

  /** Nobody waits for this: what is left, a drainer announces once more. */
  function deleteLater({ keys }: OutboxRows, where: string): void {
    announced.set(where, [...(announced.get(where) ?? []), ...keys])
    deleting ??= deleteAnnounced()
  }

  /** Mutations that end together, or while a statement runs, share the next one. */
  async function deleteAnnounced(): Promise<void> {
    while (announced.size > 0) {
      await nextTurn()
      const taken = [...announced]
      announced.clear()
      try {
        for (const [where, keys] of taken) await deleteRows(database, { keys }, where)
      } catch (error) {
        log.warn({ err: error }, 'Announced rows stay in the outbox, to be announced once more')
      }
    }
    deleting = null
  }
}
