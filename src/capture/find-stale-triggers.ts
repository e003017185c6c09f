import type { Database } from '../sql/database.ts'
import type { Datamodel } from '../sql/datamodel.ts'
import { createStatement } from '../sql/statements.ts'
import { generateTriggers, type TriggerOptions } from './generate-triggers.ts'

/**
 * What newly generated triggers would add, change or remove in a migrated database, by name; none
 * when they are up to date. It applies them, so the database must be one to throw away.
 */
export async function findStaleTriggers(
  database: Database,
  datamodel: Datamodel,
  options: TriggerOptions = {},
): Promise<readonly string[]> {
  const before = await readDefinitions(database)
  const adapter = await database.adapter.connect()
  await adapter.executeScript(generateTriggers(datamodel, options))
  const after = await readDefinitions(database)
  const names = [...new Set([...before.keys(), ...after.keys()])].sort()
  return names.filter((name) => before.get(name) !== after.get(name))
}

async function readDefinitions(database: Database): Promise<ReadonlyMap<string, string>> {
  const rows = await database.query(listDefinitions, [])
  return new Map(rows.map(([name, definition]) => [String(name), String(definition)]))
}

const listDefinitions = createStatement(`
  SELECT concat('function ', p.proname), pg_get_functiondef(p.oid)
  FROM pg_proc AS p WHERE p.pronamespace = to_regnamespace('loadline')
  UNION ALL
  SELECT concat('trigger ', t.tgname, ' on ', t.tgrelid::regclass), concat(t.tgenabled, pg_get_triggerdef(t.oid))
  FROM pg_trigger AS t JOIN pg_proc AS p ON p.oid = t.tgfoid
  WHERE p.pronamespace = to_regnamespace('loadline')
  UNION ALL
  SELECT concat('table ', c.relname), concat(c.reloptions, (
    SELECT array_agg(concat(a.attname, ' ', format_type(a.atttypid, a.atttypmod)) ORDER BY a.attnum)
    FROM pg_attribute AS a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped))
  FROM pg_class AS c WHERE c.relkind = 'r' AND c.relnamespace = to_regnamespace('loadline')`)
