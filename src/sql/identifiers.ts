import { type Column, getColumn, type Model } from './datamodel.ts'

/** A quoted SQL identifier. */
export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** A table's quoted name, with its schema where it has one. */
export function tableName(table: {
  readonly schema: string | null
  readonly table: string
}): string {
  return table.schema === null ? quote(table.table) : `${quote(table.schema)}.${quote(table.table)}`
}

/** A quoted column of a model, behind its table's alias. */
export function columnName(alias: string, model: Model, column: string): string {
  return `${alias}.${quote(getColumn(model, column).dbName)}`
}

/** The type to cast a parameter to. */
export function castType(column: Column): string {
  return column.isList ? `${column.sqlType}[]` : column.sqlType
}

/** A quoted SQL text literal, for constants that the code or the datamodel supplies. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/**
 * What the names that a statement gives to its own values must start with, so that none is also a
 * column of the model: usually nothing.
 */
export function freePrefix(model: Model): string {
  let prefix = ''
  const isTaken = () =>
    Object.values(model.columns).some(
      ({ dbName }) => dbName.startsWith(prefix) && ownName.test(dbName.slice(prefix.length)),
    )
  while (isTaken()) prefix += '_'
  return prefix
}

const ownName = /^(i|rank|is_row|[cops]\d+)$/
