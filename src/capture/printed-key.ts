import type { Column } from '../sql/datamodel.ts'
import { quote } from '../sql/identifiers.ts'
import { isTime } from '../sql/key-text.ts'

/** A value of a row as PostgreSQL prints it: what a tag holds. */
export function printedValue(row: string, column: Column): string {
  return `${row}.${quote(column.dbName)}::text`
}

/** Settings without which times print differently from session to session. */
export function printSettings(columns: readonly Column[]): readonly string[] {
  return columns.some(isTime) ? ["SET TimeZone = 'UTC'", "SET DateStyle = 'ISO, YMD'"] : []
}

const comparableTypes: ReadonlySet<string> = new Set([
  ...['uuid', 'int2', 'int4', 'int8', 'oid', 'bool', 'float4', 'float8', 'bytea'],
  ...['date', 'time', 'timetz', 'timestamp', 'timestamptz'],
])

/**
 * Whether a column is another after the update. Texts are compared byte by byte, whatever their
 * collation takes for equal; types whose equality is coarser than what clients see, or that have
 * none (`json`), as they print.
 */
export function differs(before: string, after: string, column: Column): string {
  const name = quote(column.dbName)
  if (!column.isList && (column.isEnum || comparableTypes.has(column.sqlType)))
    return `${after}.${name} IS DISTINCT FROM ${before}.${name}`
  return `${after}.${name}::text COLLATE "C" IS DISTINCT FROM ${before}.${name}::text`
}
