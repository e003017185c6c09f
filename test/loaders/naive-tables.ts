import type { Queryable } from '../../src/sql/database.ts'
import { createStatement } from '../../src/sql/statements.ts'

/** One value of a row: as the database prints it, and its place among the column's values. */
export interface Cell {
  readonly text: string | null
  /** Equal values share one; null for NULL. PostgreSQL compares, so that collations need no guess. */
  readonly rank: number | null
}

export interface NaiveRow {
  readonly table: NaiveTable
  readonly cells: Readonly<Record<string, Cell>>
}

export interface NaiveTable {
  readonly name: string
  readonly key: readonly string[]
  readonly rows: readonly NaiveRow[]
}

/** What a table is called in the database, and the columns that tell its rows apart. */
export interface TableSource {
  readonly sql: string
  readonly key: readonly string[]
}

/** Every row of every table, once. Lists come as JSON arrays of texts. */
export async function loadTables<Name extends string>(
  database: Queryable,
  sources: Readonly<Record<Name, TableSource>>,
): Promise<Readonly<Record<Name, NaiveTable>>> {
  const tables: Record<string, NaiveTable> = {}
  for (const [name, source] of Object.entries<TableSource>(sources)) {
    tables[name] = await loadTable(database, name, source)
  }
  return tables as Record<Name, NaiveTable> // a table for each source
}

async function loadTable(
  database: Queryable,
  name: string,
  { sql, key }: TableSource,
): Promise<NaiveTable> {
  const columns = await database.query(
    createStatement(
      `SELECT a.attname, t.typcategory = 'A', t.typname = 'json' FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
       WHERE a.attrelid = $1::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`,
    ),
    [sql],
  )
  const list = columns.map(([column, isList, isJson]) => {
    const quoted = `"${column}"`
    // format() prints a padded text with its padding, which a cast to text takes away.
    const printed = isList ? `to_jsonb(${quoted}::text[])::text` : `format('%s', ${quoted})`
    const text = `CASE WHEN ${quoted} IS NOT NULL THEN ${printed} END`
    return `${text}, ${isJson ? '0' : `CASE WHEN ${quoted} IS NOT NULL THEN dense_rank() OVER (ORDER BY ${quoted}) END::int4`}`
  })
  const raws = await database.query(createStatement(`SELECT ${list.join(', ')} FROM ${sql}`), [])
  const rows: NaiveRow[] = []
  const table = { name, key, rows }
  for (const raw of raws) {
    const cells = columns.map(([column], index): [string, Cell] => [
      String(column),
      // The select list above gives a text and a number for each column.
      { text: raw[2 * index] as string | null, rank: raw[2 * index + 1] as number | null },
    ])
    rows.push({ table, cells: Object.fromEntries(cells) })
  }
  return table
}

export function text(row: NaiveRow, column: string): string | null {
  const cell = row.cells[column]
  if (!cell) throw new Error(`${row.table.name} has no column ${column}`)
  return cell.text
}

export function rank(row: NaiveRow, column: string): number | null {
  return row.cells[column]?.rank ?? null
}

/** Rows whose columns equal another row's; NULL equals nothing. */
export function matching(
  table: NaiveTable,
  row: NaiveRow,
  pairs: Readonly<Record<string, string>>,
): readonly NaiveRow[] {
  const wanted = Object.entries(pairs).map(([to, from]) => [to, text(row, from)] as const)
  if (wanted.some(([, value]) => value === null)) return []
  return table.rows.filter((other) => wanted.every(([to, value]) => text(other, to) === value))
}
