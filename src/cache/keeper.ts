import { history } from '../capture/trigger-body.ts'
import type { Queryable } from '../sql/database.ts'
import { createStatement } from '../sql/statements.ts'

/**
 * Which store keeps the answers of a database. Only one may: whoever announces a write deletes it
 * from the outbox, so a store beside it would never hear of it. Two Redis after a failover that not
 * all have seen, two namespaces, a job without `REDIS_URL` beside servers that have it: one of them
 * keeps answers, and for the others it is as if their store could not be reached.
 *
 * A store takes over
 *
 * - from none, or from one that nobody has beaten in for 10 s;
 * - from the one that this process beat in until now: its Redis was restarted or replaced;
 * - in a process, from another process: who holds the lock of the cache knows that it is gone.
 *
 * With it the nonce changes, and so the history: nothing of before is served by either of the two,
 * and a reading of the outbox that was begun before is confirmed to neither. What the old store's
 * processes have announced but not yet deleted stays for the new one's, since rows are only deleted
 * for the keeper.
 */
export interface Keeper {
  /** Null: none yet. */
  readonly store: string | null
  /** Since it was last said that it is. */
  readonly quietMs: number
}

/** Where this process stands. */
export interface Keeping {
  /** The store of this process while it is the keeper, else null. */
  readonly here: string | null
  /**
   * To be called with the store of each moment, and the keeper that was read just before. Gives true
   * if the store took over, and so there is another history.
   * @throws KeptElsewhereError when another store is the keeper, and stays it
   */
  keep(store: string, keeper: Keeper): Promise<boolean>
}

export class KeptElsewhereError extends Error {
  constructor(keeper: Keeper) {
    super(`Answers of this database are kept in another store, ${keeper.store}`)
    this.name = 'KeptElsewhereError'
  }
}

/** Another process took over at the same moment, perhaps for the same store: the next reading tells. */
export class OvertakenError extends Error {
  constructor() {
    super('Another process took over the answers of this database')
    this.name = 'OvertakenError'
  }
}

const sayEveryMs = 2_000
const abandonedMs = 10_000

export function createKeeping(database: Queryable): Keeping {
  let here: string | null = null

  return {
    get here() {
      return here
    },
    async keep(store, keeper) {
      if (keeper.store === store) {
        here = store
        if (keeper.quietMs > sayEveryMs) await database.query(sayAgain, [store])
        return false
      }
      const mayTakeOver =
        keeper.store === here || isAbandoned(keeper) || areInProcess(store, keeper)
      here = null
      if (!mayTakeOver) throw new KeptElsewhereError(keeper)
      const [taken] = await database.query(takeOver, [store, keeper.store])
      if (!taken) throw new OvertakenError()
      here = store
      return true
    },
  }
}

function isAbandoned({ store, quietMs }: Keeper): boolean {
  return store === null || quietMs > abandonedMs
}

function areInProcess(store: string, keeper: Keeper): boolean {
  return store.startsWith(inProcess) && keeper.store?.startsWith(inProcess) === true
}

/** How the name of a store in a process begins. */
export const inProcess = 'process '

const sayAgain = createStatement(
  `UPDATE ${history} SET kept_at = clock_timestamp() WHERE keeper = $1::text`,
)

const takeOver = createStatement(
  `UPDATE ${history} SET keeper = $1::text, kept_at = clock_timestamp(), nonce = gen_random_uuid()
    WHERE keeper IS NOT DISTINCT FROM $2::text RETURNING true`,
)
