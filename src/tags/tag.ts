/**
 * Names of what an answer can depend on. A read leaves them, a write announces them; both sides make
 * them here, so that they cannot differ. Values are as PostgreSQL prints them.
 */
export type Tag = string

/** One row: left when it is shown or used, announced by its update or delete. */
export function rowTag(model: string, key: readonly unknown[]): Tag {
  return `${model}:${key.map(String).join(',')}`
}

/** What reading one row leaves, where nobody collects rows. */
export function readTagsOfRow(model: string, key: readonly unknown[]): readonly Tag[] {
  return [rowTag(model, key), anyRowTag(model)]
}

/** Which rows have these values in these columns: left by a list, count or aggregate bound to them. */
export function setTag(model: string, bound: BoundKey | null): Tag {
  return bound === null
    ? `${model}.*`
    : `${model}.${bound.columns.join(',')}=${bound.values.map(String).join(',')}`
}

/** A column over a set: left if the read filters, orders or aggregates by it. */
export function columnTag(model: string, bound: BoundKey | null, column: string): Tag {
  return `${setTag(model, bound)}/${column}`
}

/**
 * Any write at all to a model: left instead of all its other tags by an answer that has too many,
 * announced by every statement that changes a row.
 */
export function anyWriteTag(model: string): Tag {
  return `${model}~`
}

/** All rows: left beside every row's tag, announced by a statement on too many rows to name. */
export function anyRowTag(model: string): Tag {
  return `${model}:~`
}

/** All sets of a key: left beside each of its sets' tags, announced when they are too many to name. */
export function anySetTag(model: string, columns: readonly string[]): Tag {
  return `${model}.${columns.join(',')}~`
}

/** Columns that a read binds to values, as a foreign key does. */
export interface BoundKey {
  readonly columns: readonly string[]
  readonly values: readonly unknown[]
}
