import pg from 'pg'
import { outbox } from '../../../src/capture/trigger-body.ts'
import { timed } from '../model/bench.ts'
import type { History, Operation, Row } from '../model/history.ts'
import { nowMs, sleep } from './clock.ts'

/**
 * What really happened: triggers of the checker's own note every version of every row beside the
 * transaction that made it, so that no effect of a mutation has to be foretold. They know nothing of
 * Loadline's triggers, and Loadline nothing of them.
 */
export interface Audit extends AsyncDisposable {
  /** Takes in all that was committed until now; gives the moment up to which history is complete. */
  catchUp(): Promise<number>
  /** An operation that the database may soon tell of. */
  expect(operation: Operation): void
  /** Whether something that the operation did was committed. */
  hasCommitted(operation: Operation): boolean
  /** Acknowledges operations as soon as nobody can be ignorant of them: nobody was told of them. */
  acknowledgeLater(operation: Operation): void
  /** A connection of the database's making anew, after all were closed. */
  reconnect(): Promise<void>
  /**
   * Holds everybody off while the database gives way to an earlier state of itself. `swap` gives the
   * URL where the former one can still be asked what it had seen last.
   */
  whilePutBack(by: Operation, swap: () => Promise<string>): Promise<void>
  /** How long writes from outside waited in the outbox at most. */
  readonly slowestOutsideMs: number
  /** Operations from outside that are still not announced. */
  readonly waiting: number
}

export interface AuditOptions {
  readonly url: string
  readonly history: History
  /** After so long a write counts as known to all whether it was announced or not. */
  readonly heartbeatMs: number
}

const models =
  `User Profile Subscription UsageRecord CreditEntry Course Lesson Enrollment Payment Meeting Attendee
  CalendarEvent BotSettings AiProvider AiModel`.split(/\s+/)

/**
 * What is in the database now, beside the first transaction of which that is not certain: others are
 * at work already, and who began before this reading may commit after it. Some are thus taken in twice.
 */
const everyRow = models
  .map(
    (model) => `SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS txid,
      '${model}' AS model, id::text, to_jsonb(t) AS row FROM "${model}" AS t`,
  )
  .join(' UNION ALL ')

/** Writes from outside and mutations say by this who they are. */
export const markSetting = 'checker.operation'

export async function installAudit(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(`
    CREATE SCHEMA checker;
    CREATE TABLE checker.audit (
      seq bigserial PRIMARY KEY, txid xid8 NOT NULL DEFAULT pg_current_xact_id(),
      operation text, model text NOT NULL, id text NOT NULL, after jsonb
    );
    CREATE INDEX ON checker.audit (txid);
    CREATE FUNCTION checker.note() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET timezone = 'UTC' AS $$
    BEGIN
      INSERT INTO checker.audit (operation, model, id, after) VALUES (
        current_setting('${markSetting}', true), TG_TABLE_NAME,
        coalesce(to_jsonb(NEW)->>'id', to_jsonb(OLD)->>'id'), to_jsonb(NEW));
      RETURN NULL;
    END $$;
    CREATE FUNCTION checker.note_key() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
    BEGIN
      INSERT INTO checker.audit (operation, model, id) VALUES (NEW.key, 'IdempotencyKey', '');
      RETURN NULL;
    END $$;
    CREATE FUNCTION checker.note_truncate() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
    BEGIN
      EXECUTE format('INSERT INTO checker.audit (operation, model, id)
        SELECT current_setting(%L, true), %L, id FROM %I', '${markSetting}', TG_TABLE_NAME, TG_TABLE_NAME);
      RETURN NULL;
    END $$;
    CREATE TRIGGER checker AFTER INSERT ON "IdempotencyKey" FOR EACH ROW EXECUTE FUNCTION checker.note_key();
    ${models.map(triggersOf).join('\n')}`)
  await client.end()
}

function triggersOf(model: string): string {
  return `CREATE TRIGGER checker AFTER INSERT OR UPDATE OR DELETE ON "${model}"
      FOR EACH ROW EXECUTE FUNCTION checker.note();
    CREATE TRIGGER checker_truncate BEFORE TRUNCATE ON "${model}"
      FOR EACH STATEMENT EXECUTE FUNCTION checker.note_truncate();
    ALTER TABLE "${model}" ENABLE ALWAYS TRIGGER checker;
    ALTER TABLE "${model}" ENABLE ALWAYS TRIGGER checker_truncate;`
}

export async function openAudit(options: AuditOptions): Promise<Audit> {
  const { url, history, heartbeatMs } = options
  let client = await connect(url)
  let turn = Promise.resolve()
  const expected = new Map<string, Operation>()
  const byTxid = new Map<string, Operation>()
  const txidOf = new Map<Operation, { txid: string; seenMs: number }>()
  const waiting = new Set<Operation>()
  let seen = new Set<string>()
  let openTxid = '0'
  let slowestOutsideMs = 0
  let unnamed = 0

  async function connect(to: string) {
    const opened = new pg.Client({ connectionString: to })
    opened.on('error', () => {}) // It is replaced when the database is.
    await opened.connect()
    await opened.query("SET timezone = 'UTC'")
    return opened
  }

  /** Catching up and changing the database follow each other. */
  function alone<Result>(work: () => Promise<Result>): Promise<Result> {
    const mine = turn.then(work)
    turn = mine.then(
      () => {},
      () => {},
    )
    return mine
  }

  async function replace(other: string): Promise<pg.Client> {
    await client.end().catch(() => {}) // It may be lost already.
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await connect(other)
      } catch (error) {
        if (attempt === 200) throw error
        await sleep(50)
      }
    }
  }

  async function takeIn(): Promise<number> {
    const askedMs = nowMs()
    const { rows } = await client.query(
      `SELECT seq, txid, operation, model, id, after, pg_snapshot_xmin(pg_current_snapshot()) AS xmin
       FROM checker.audit WHERE txid >= $1::xid8 ORDER BY seq`,
      [openTxid],
    )
    const fresh = rows.filter(({ seq }) => !seen.has(seq))
    for (const { txid, operation } of fresh) {
      if (operation !== null && operation !== '') name(txid, operation)
    }
    for (const { txid, model, id, after } of fresh) {
      if (model !== 'IdempotencyKey') {
        history.record(model, id, { operation: nameless(txid), row: after && readRow(after) })
      }
    }
    // What was open at this reading, or began after it, is looked for again.
    const xmin = String(rows[0]?.xmin ?? openTxid)
    if (rows.length > 0) {
      seen = new Set(rows.filter(({ txid }) => BigInt(txid) >= BigInt(xmin)).map(({ seq }) => seq))
    }
    openTxid = xmin
    await acknowledge()
    return askedMs
  }

  function name(txid: string, operation: string) {
    const found = expected.get(operation)
    if (!found) return
    byTxid.set(txid, found)
    txidOf.set(found, { txid, seenMs: nowMs() })
  }

  function nameless(txid: string): Operation {
    const known = byTxid.get(txid)
    if (known) return known
    unnamed += 1
    const operation = {
      ...{ name: `nameless-${unnamed}`, what: `transaction ${txid}` },
      ...{ begunMs: 0, ackedMs: Number.POSITIVE_INFINITY },
    }
    byTxid.set(txid, operation)
    txidOf.set(operation, { txid, seenMs: nowMs() })
    waiting.add(operation)
    return operation
  }

  async function acknowledge() {
    const committed = [...waiting].flatMap((operation) => {
      const found = txidOf.get(operation)
      return found ? [{ operation, ...found }] : []
    })
    if (committed.length === 0) return
    const { rows } = await client.query(
      `SELECT DISTINCT txid::text FROM ${outbox} WHERE txid = ANY($1::xid8[])`,
      [committed.map(({ txid }) => txid)],
    )
    const left = new Set(rows.map(({ txid }) => txid))
    const atMs = nowMs()
    for (const { operation, txid, seenMs } of committed) {
      const lapsedMs = seenMs + heartbeatMs
      if (left.has(txid) && atMs < lapsedMs) continue
      operation.ackedMs = Math.min(operation.ackedMs, left.has(txid) ? lapsedMs : atMs)
      slowestOutsideMs = Math.max(slowestOutsideMs, operation.ackedMs - seenMs)
      waiting.delete(operation)
    }
  }

  return {
    catchUp: () => alone(takeIn),
    expect: (operation) => void expected.set(operation.name, operation),
    hasCommitted: (operation) => txidOf.has(operation),
    acknowledgeLater: (operation) => void waiting.add(operation),
    reconnect: () =>
      alone(async () => {
        client = await replace(url)
      }),
    whilePutBack: (by, swap) =>
      alone(async () => {
        client = await replace(await swap())
        await takeIn()
        client = await replace(url)
        const { rows } = await client.query(everyRow)
        // Who was quicker than this reading is not told by any row after it.
        const { rows: done } = await client.query(
          `SELECT DISTINCT txid, operation FROM checker.audit WHERE operation <> ''`,
        )
        for (const { txid, operation } of done) if (!byTxid.has(txid)) name(txid, operation)
        history.replace(
          rows.map(({ model, id, row }) => [model, id, readRow(row)] as const),
          by,
        )
        openTxid = String(rows[0]?.txid ?? openTxid)
        seen = new Set()
        waiting.clear()
      }),
    get slowestOutsideMs() {
      return slowestOutsideMs
    },
    get waiting() {
      return [...waiting].filter((operation) => txidOf.has(operation)).length
    },
    [Symbol.asyncDispose]: async () => {
      await client.end().catch(() => {})
    },
  }
}

function readRow(json: Row): Row {
  return Object.fromEntries(Object.entries(json).map(([column, value]) => [column, timed(value)]))
}
