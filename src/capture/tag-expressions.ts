import type { Column } from '../sql/datamodel.ts'
import { literal } from '../sql/identifiers.ts'
import { isNameable } from '../sql/key-text.ts'
import { anyRowTag, anySetTag, columnTag, rowTag, setTag, type Tag } from '../tags/tag.ts'
import type { CapturedTable } from './captured-table.ts'
import { printedValue } from './printed-key.ts'

/** Tags of one kind, as SQL: the tag of one row, and the tag for all of them together. */
export interface TagExpression {
  /** NULL where the row has no such tag, because a key that is NULL in part leads nowhere. */
  readonly of: (row: string) => string
  readonly coarse: Tag
  /** False when the key's values cannot be named: only the coarse tag will do. */
  readonly isNameable: boolean
}

export interface SetExpression extends TagExpression {
  readonly columns: readonly Column[]
}

export function rowExpression({ name, key }: CapturedTable): TagExpression {
  return {
    of: (row) => sqlTag((values) => rowTag(name, values), row, key),
    coarse: anyRowTag(name),
    isNameable: key.every(isNameable),
  }
}

export function setExpressions({ name, sets }: CapturedTable): readonly SetExpression[] {
  return sets.map((set) => {
    const columns = set.map((column) => column.name)
    return {
      columns: set,
      of: (row) => sqlTag((values) => setTag(name, { columns, values }), row, set),
      coarse: anySetTag(name, columns),
      isNameable: set.every(isNameable),
    }
  })
}

/** What follows a set's tag in the tag of a column over that set. */
export function columnSuffix({ name }: CapturedTable, column: Column): string {
  return columnTag(name, null, column.name).slice(setTag(name, null).length)
}

/** The tag that `make` gives, with printed values in the places of its own. */
function sqlTag(
  make: (values: readonly string[]) => Tag,
  row: string,
  columns: readonly Column[],
): string {
  const parts = make(columns.map((_, index) => `${mark}${index}${mark}`)).split(mark)
  return parts
    .map((part, index) => {
      const column = columns[Number(part)]
      return index % 2 === 1 && column ? printedValue(row, column) : part && literal(part)
    })
    .filter((part) => part !== '')
    .join(' || ')
}

/** Stands in no identifier. */
const mark = '\u0000'
