import { createHash } from 'node:crypto'
import type { Datamodel } from '../sql/datamodel.ts'
import { literal, quote, tableName } from '../sql/identifiers.ts'
import { anyRowTag, anySetTag, anyWriteTag, setTag } from '../tags/tag.ts'
import { type CapturedTable, listCapturedTables } from './captured-table.ts'
import { insertDeleteFunction } from './insert-delete-function.ts'
import { printSettings } from './printed-key.ts'
import { history, outbox, writeNames } from './trigger-body.ts'
import { updateFunction } from './update-function.ts'

export interface TriggerOptions {
  /** Models that no read leaves tags of: their writes are not captured. @default none */
  readonly leaveOut?: readonly string[]
  /**
   * Tags of one kind (rows of a model, sets of one key) that a statement may announce by name.
   * @default 2_000 (an import of 1,000 rows stays precise; some 100 KB in the outbox)
   */
  readonly mostNamed?: number
}

/**
 * SQL that captures every write to the datamodel's tables: statement-level triggers that put the
 * statement's tags into the outbox, in the writer's own transaction. They run with the rights of who
 * applies this script, and also for replicated sessions, so that no role's write can fail by them or
 * slip by. The script replaces what an earlier one made, and keeps the outbox; in one transaction, as
 * a migration, no write falls between. PostgreSQL 14 or later.
 *
 * Not seen: what a subscription of logical replication applies, and writes to a partition itself.
 */
export function generateTriggers(datamodel: Datamodel, options: TriggerOptions = {}): string {
  const { leaveOut = [], mostNamed = 2_000 } = options
  const tables = listCapturedTables(datamodel, leaveOut)
  return [head, ...tables.map((table) => captureTable(table, mostNamed))].join('\n')
}

const head = `-- Generated from the Prisma schema: do not edit.
CREATE SCHEMA IF NOT EXISTS loadline;

-- Rows live for milliseconds, so it is vacuumed often and in small bites.
CREATE TABLE IF NOT EXISTS ${outbox} (
  id bigserial NOT NULL,
  txid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  tags text[] NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (txid, id)
) WITH (
  autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000,
  autovacuum_vacuum_insert_threshold = -1, autovacuum_analyze_scale_factor = 0,
  autovacuum_analyze_threshold = 100000, autovacuum_vacuum_cost_delay = 0
);

CREATE TABLE IF NOT EXISTS ${history} (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  nonce uuid NOT NULL DEFAULT gen_random_uuid()
);
ALTER TABLE ${history} ADD COLUMN IF NOT EXISTS keeper text, ADD COLUMN IF NOT EXISTS kept_at timestamptz;
INSERT INTO ${history} DEFAULT VALUES ON CONFLICT DO NOTHING;

-- Deferred triggers would write after this and before COMMIT: they run now.
CREATE OR REPLACE FUNCTION loadline.own_rows() RETURNS SETOF ${outbox} LANGUAGE plpgsql AS $$
BEGIN
  SET CONSTRAINTS ALL IMMEDIATE;
  RETURN QUERY SELECT * FROM ${outbox} AS o WHERE o.txid = pg_current_xact_id_if_assigned();
END
$$;

DO $$
DECLARE earlier regprocedure;
BEGIN
  FOR earlier IN
    SELECT oid FROM pg_proc WHERE pronamespace = 'loadline'::regnamespace AND prorettype = 'trigger'::regtype
  LOOP
    EXECUTE 'DROP FUNCTION ' || earlier || ' CASCADE';
  END LOOP;
END
$$;

CREATE FUNCTION loadline.capture_truncate() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  names text[] := TG_ARGV;
BEGIN
  ${writeNames}
$$;
`

function captureTable(table: CapturedTable, most: number): string {
  const name = tableName(table)
  const functions = [
    {
      event: 'INSERT',
      rows: 'NEW TABLE AS new_rows',
      body: insertDeleteFunction(table, 'INSERT', most),
    },
    {
      event: 'UPDATE',
      rows: 'OLD TABLE AS old_rows NEW TABLE AS new_rows',
      body: updateFunction(table, most),
    },
    {
      event: 'DELETE',
      rows: 'OLD TABLE AS old_rows',
      body: insertDeleteFunction(table, 'DELETE', most),
    },
  ]
  const settings = printSettings([...table.key, ...table.sets.flat()])
  const created = functions.map(({ event, rows, body }) => {
    const made = `loadline.${quote(functionName(table.name, event))}`
    const trigger = `loadline_${event.toLowerCase()}`
    return `CREATE FUNCTION ${made}() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER ${['SET search_path = pg_catalog, pg_temp', ...settings].join(' ')} AS $$
#variable_conflict use_column
${body}
$$;
CREATE TRIGGER ${trigger} AFTER ${event} ON ${name} REFERENCING ${rows}
FOR EACH STATEMENT EXECUTE FUNCTION ${made}();
ALTER TABLE ${name} ENABLE ALWAYS TRIGGER ${trigger};
`
  })
  return [...created, captureTruncate(table)].join('\n')
}

/** Everything in the table is gone: every tag of it, coarsely. */
function captureTruncate(table: CapturedTable): string {
  const { name, sets, hasRowTags } = table
  const tags = [
    anyWriteTag(name),
    setTag(name, null),
    ...(hasRowTags ? [anyRowTag(name)] : []),
    ...sets.map((set) =>
      anySetTag(
        name,
        set.map((column) => column.name),
      ),
    ),
  ]
  return `CREATE TRIGGER loadline_truncate AFTER TRUNCATE ON ${tableName(table)}
FOR EACH STATEMENT EXECUTE FUNCTION loadline.capture_truncate(${tags.map(literal).join(', ')});
ALTER TABLE ${tableName(table)} ENABLE ALWAYS TRIGGER loadline_truncate;
`
}

/** PostgreSQL cuts identifiers at 63 bytes; what is cut must not make two names one. */
function functionName(table: string, event: string): string {
  const name = `${table}_${event.toLowerCase()}`
  if (Buffer.byteLength(name) <= 63) return name
  const digest = createHash('sha1').update(name).digest('hex').slice(0, 12)
  return `${Buffer.from(name)
    .subarray(0, 48)
    .toString()
    .replace(/\uFFFD+$/, '')}_${digest}`
}
