import type { Queryable } from '../sql/database.ts'
import type { Datamodel } from '../sql/datamodel.ts'
import { literal, tableName } from '../sql/identifiers.ts'
import { createStatement } from '../sql/statements.ts'
import { anySetTag } from '../tags/tag.ts'
import { type CapturedTable, listCapturedTables } from './captured-table.ts'

/**
 * Tables of the datamodel that lack any of the triggers which capture writes, or whose triggers do not
 * know a column or a key that reads depend on, by their quoted names: answers read from them would not
 * end when they are written. Triggers that know more, as after a later migration, are no fault.
 */
export async function findUncapturedTables(
  database: Queryable,
  datamodel: Datamodel,
  leaveOut: readonly string[] = [],
): Promise<readonly string[]> {
  const tables = listCapturedTables(datamodel, leaveOut).map((table) => ({
    name: tableName(table),
    texts: textsOf(table),
  }))
  const rows = await database.query(findCaptured, [JSON.stringify(tables)])
  const captured = new Set(rows.map(([name]) => name))
  return tables.map(({ name }) => name).filter((name) => !captured.has(name))
}

/** What the trigger of updates must name. */
function textsOf({ name, columns, sets }: CapturedTable): readonly string[] {
  return [
    ...columns.map((column) => literal(`/${column.name}`)),
    ...sets.map((set) =>
      literal(
        anySetTag(
          name,
          set.map((column) => column.name),
        ),
      ),
    ),
  ]
}

const findCaptured = createStatement(`
  SELECT n.name FROM jsonb_to_recordset($1::jsonb) AS n (name text, texts jsonb)
  WHERE 4 = (SELECT count(*) FROM pg_trigger AS t
    WHERE t.tgrelid = to_regclass(n.name) AND t.tgenabled = 'A'
    AND t.tgname = ANY ('{loadline_insert,loadline_update,loadline_delete,loadline_truncate}'))
  AND NOT EXISTS (SELECT FROM pg_trigger AS t JOIN pg_proc AS p ON p.oid = t.tgfoid,
      jsonb_array_elements_text(n.texts) AS x (needed)
    WHERE t.tgrelid = to_regclass(n.name) AND t.tgname = 'loadline_update'
    AND position(x.needed IN p.prosrc) = 0)`)
