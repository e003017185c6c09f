import { history, outbox } from '../capture/trigger-body.ts'
import type { Queryable } from '../sql/database.ts'
import { createStatement } from '../sql/statements.ts'
import type { Keeper } from './keeper.ts'

/**
 * Which history of which database a process reads. Answers computed from another are worth nothing,
 * however much alike the two are: a restored database is an earlier state of what it replaces.
 *
 * | what is restored, or replaced | what tells |
 * |---|---|
 * | another database under the same name, as from a dump or a template | its oid |
 * | the tables in it, as `pg_restore --clean` does | the oid of the outbox |
 * | the files below a stopped server; also what a crash took that was not yet flushed | when the server started |
 * | the server by a replica, or by itself at a point in time | the timeline |
 * | rows, where triggers were kept from running | the outbox's ids went back |
 *
 * The last cannot be seen by those who begin to read later, so whoever sees it draws a new nonce for
 * all. Migrations change rows without triggers, so those that are applied belong to it too.
 */
export interface HistoryWatch {
  /** What was read last; before the first reading a text that no database has. */
  readonly id: string
  /** Which store keeps answers of it, as of the same reading. */
  readonly keeper: Keeper
  /**
   * Reads it anew, to be called before each reading of the outbox; gives the new id.
   * Rejects on a server in recovery: a replica may be behind what was acknowledged.
   */
  read(): Promise<string>
}

export function createHistoryWatch(database: Queryable): HistoryWatch {
  let id = 'none'
  let keeper: Keeper = { store: null, quietMs: 0 }
  let highest = -1n

  return {
    get id() {
      return id
    },
    get keeper() {
      return keeper
    },
    async read() {
      let found = await readOnce()
      if (found.id === id && found.mark < highest) {
        await database.query(drawNonce, [])
        found = await readOnce()
      }
      highest = found.mark
      keeper = found.keeper
      id = found.id
      return id
    },
  }

  async function readOnce() {
    const [row] = await database.query(readHistory, [])
    if (!row) throw new Error(`The row of ${history} is gone: apply the migrations anew`)
    const [found, mark, store, quietMs] = row
    return {
      id: String(found),
      mark: BigInt(String(mark)),
      keeper: { store: store === null ? null : String(store), quietMs: Number(quietMs) },
    }
  }
}

const readHistory = createStatement(`SELECT concat_ws(' ',
    h.nonce, (pg_control_system()).system_identifier, d.oid, '${outbox}'::regclass::oid,
    extract(epoch FROM pg_postmaster_start_time()),
    left(pg_walfile_name(pg_current_wal_insert_lsn()), 8),
    (SELECT md5(string_agg(concat(migration_name, ' ', checksum), ',' ORDER BY migration_name))
      FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL)),
  CASE WHEN s.is_called THEN s.last_value ELSE 0 END,
  h.keeper, (1000 * extract(epoch FROM clock_timestamp() - h.kept_at))::float8
  FROM ${history} AS h, ${outbox}_id_seq AS s, pg_database AS d
  WHERE d.datname = current_database()`)

const drawNonce = createStatement(`UPDATE ${history} SET nonce = gen_random_uuid()`)
