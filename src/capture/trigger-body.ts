import { quote } from '../sql/identifiers.ts'
import type { CapturedTable } from './captured-table.ts'

/** Where the tags of writes wait until they are announced. */
export const outbox = 'loadline.outbox'

/** One row, whose nonce tells this history of the database from an earlier state that was restored. */
export const history = 'loadline.history'

/** What wakes a drainer, and the setting by which a transaction says that it need not be woken. */
export const channel = 'loadline'
const notifySetting = 'loadline.notify'

/** "load", "line" in ASCII, so that it is nobody else's advisory lock. */
const wakeUpLock = [0x6c6f6164, 0x6c696e65]

/** Takes the first row into a record, and leaves the function when there is none. */
export function takeFirst(table: CapturedTable, rows: string, record: string): string {
  return `SELECT ${columnList(table)}, EXISTS (SELECT FROM ${rows} OFFSET 1) AS "more rows"
    INTO ${record} FROM ${rows} AS r;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;`
}

/** Whether what `takeFirst` has taken is not all. */
export function hasMore(record: string): string {
  return `${record}."more rows"`
}

export function takeOnly(table: CapturedTable, rows: string, record: string): string {
  return `SELECT ${columnList(table)} INTO ${record} FROM ${rows} AS r;`
}

function columnList({ key, columns }: CapturedTable): string {
  return [...key, ...columns].map(({ dbName }) => `r.${quote(dbName)}`).join(', ')
}

/**
 * Ends every function. NOTIFY lets commits wait for each other, so it is left to one transaction at a
 * time: who cannot have the lock at once is found by the next poll, and so needs no wake-up.
 */
export const writeNames = `INSERT INTO ${outbox} (tags) VALUES (names);
  IF current_setting('${notifySetting}', true) IS DISTINCT FROM 'off'
    AND pg_try_advisory_xact_lock(${wakeUpLock.join(', ')}) THEN
    PERFORM pg_notify('${channel}', '');
  END IF;
  RETURN NULL;
END`
