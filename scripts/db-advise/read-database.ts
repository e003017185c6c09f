import type { AdvisedShape, IndexFacts, TableFacts } from '../../src/observe/advise-indexes.ts'
import { type PlanNode, parsePlan } from '../../src/observe/plan.ts'
import type { Queryable } from '../../src/sql/database.ts'

/**
 * The shapes, those without a plan with one for values that are not known (a generic plan). Planning
 * runs nothing.
 */
export async function explainShapes(
  database: Queryable,
  shapes: readonly AdvisedShape[],
): Promise<readonly AdvisedShape[]> {
  await run(database, 'SET plan_cache_mode = force_generic_plan')
  const explained: AdvisedShape[] = []
  for (const shape of shapes) {
    const plan = shape.plan ?? (await explainUnknown(database, shape.sql).catch(() => null))
    explained.push({ ...shape, plan })
  }
  return explained
}

async function explainUnknown(database: Queryable, sql: string): Promise<PlanNode | null> {
  if (!/^\s*(SELECT|WITH)\b/i.test(sql)) return null
  const count = Math.max(0, ...[...sql.matchAll(/\$(\d+)/g)].map(([, number]) => Number(number)))
  const unknown = Array(count).fill('NULL').join(', ')
  await run(database, `PREPARE advised AS ${sql}`)
  try {
    const call = count === 0 ? 'advised' : `advised(${unknown})`
    const [row] = await run(database, `EXPLAIN (FORMAT JSON) EXECUTE ${call}`)
    return parsePlan(row?.[0])
  } finally {
    await run(database, 'DEALLOCATE advised')
  }
}

export async function readTables(database: Queryable): Promise<readonly TableFacts[]> {
  const rows = await run(
    database,
    `SELECT c.relname, (CASE WHEN c.reltuples > 0 THEN c.reltuples ELSE s.n_live_tup END)::float8, s.seq_scan::float8,
       (SELECT array_agg(a.attname::text ORDER BY a.attnum) FROM pg_attribute AS a
         WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
       (SELECT coalesce(array_agg(a.attname::text), '{}') FROM pg_index AS i
         JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
         WHERE i.indrelid = c.oid AND i.indpred IS NULL)
     FROM pg_stat_user_tables AS s JOIN pg_class AS c ON c.oid = s.relid`,
  )
  return rows.map(([name, count, scans, columns, indexed]) => ({
    name: String(name),
    rows: Number(count),
    sequentialScans: Number(scans),
    columns: columns as readonly string[], // text[], as is the next
    indexed: new Set(indexed as readonly string[]),
  }))
}

export async function readIndexes(
  database: Queryable,
): Promise<{ readonly indexes: readonly IndexFacts[]; readonly since: string }> {
  const rows = await run(
    database,
    `SELECT s.indexrelname, s.relname, pg_relation_size(s.indexrelid)::float8, s.idx_scan::float8,
       i.indisunique OR i.indisexclusion OR i.indisreplident
     FROM pg_stat_user_indexes AS s JOIN pg_index AS i USING (indexrelid)
     WHERE s.schemaname NOT IN ('loadline')`,
  )
  const [began] = await run(
    database,
    `SELECT coalesce(stats_reset, pg_postmaster_start_time())::text FROM pg_stat_database
     WHERE datname = current_database()`,
  )
  return {
    since: String(began?.[0]),
    indexes: rows.map(([name, table, bytes, scans, isConstraint]) => ({
      name: String(name),
      table: String(table),
      bytes: Number(bytes),
      scans: Number(scans),
      isConstraint: isConstraint === true,
    })),
  }
}

function run(database: Queryable, text: string) {
  return database.query({ name: '', text }, [])
}
