/** How PostgreSQL reads a column's values; an enum by its quoted name. */
export type ColumnType =
  | 'uuid'
  | 'text'
  | 'int'
  | 'float8'
  | 'boolean'
  | 'timestamptz'
  | `"${string}"`

/** For a column of type `timestamptz` a number is an instant in microseconds. */
export type SeedValue = string | number | boolean | null

export interface SeedTable<Column extends string = string> {
  readonly name: string
  readonly columns: Readonly<Record<Column, ColumnType>>
  /** About how many rows there will be, for the progress bar. */
  readonly planned: number
  /** Makes the rows anew on every call, always the same. */
  rows(): Iterable<Readonly<Record<Column, SeedValue>>>
}

/** Infers the columns, so that a row that lacks one or has another does not compile. */
export function defineSeedTable<Column extends string>(table: SeedTable<Column>): SeedTable {
  return table
}

/** The columns that every table has. */
export const commonColumns = {
  id: 'uuid',
  createdAt: 'timestamptz',
  updatedAt: 'timestamptz',
} as const
