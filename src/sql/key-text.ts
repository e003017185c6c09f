import { type Column, type Datamodel, getColumn, type Model } from './datamodel.ts'
import { encodeValue } from './encode.ts'
import { isPrintedValue, valueTypeOf } from './printed-value.ts'

/**
 * Whether a column's values read the same wherever they are printed: in this row and in one that
 * refers to it, by PostgreSQL and by what the loaders make of them. The values of the others
 * (`numeric` 1 is also 1.0, `citext` has no case, ...) are named in no tag: a write announces the
 * coarse tag instead of the set's or the row's, a read leaves that of the row, or of the whole model.
 *
 * Texts are taken for equal only if their bytes are. Under a nondeterministic collation they need
 * not be, and nothing in the datamodel tells: such a column must not be a key.
 */
export function isNameable({ sqlType, isEnum, isList }: Column): boolean {
  return !isList && (isEnum || nameableTypes.has(sqlType))
}

export function isTime({ sqlType }: Column): boolean {
  return times.has(sqlType)
}

const times: ReadonlySet<string> = new Set(['date', 'time', 'timestamp', 'timestamptz'])
const integers: ReadonlySet<string> = new Set(['int2', 'int4', 'int8', 'oid'])
const texts: ReadonlySet<string> = new Set(['text', 'varchar'])
const nameableTypes: ReadonlySet<string> = new Set([
  ...times,
  ...integers,
  ...texts,
  'uuid',
  'bool',
])

/** Whether a value of one column names in a tag what an equal value of the other does. */
export function areNamedAlike(left: Column, right: Column): boolean {
  return isNameable(left) && isNameable(right) && familyOf(left) === familyOf(right)
}

function familyOf({ sqlType }: Column): string {
  if (integers.has(sqlType)) return 'integer'
  return texts.has(sqlType) ? 'text' : sqlType
}

/**
 * A value from outside as PostgreSQL would print it in a row that has it; undefined where that is not
 * certain, as PostgreSQL reads more than it prints: ` 7`, `007`, a UUID in braces.
 */
export function printKey(
  datamodel: Datamodel,
  model: Model,
  name: string,
  value: unknown,
): string | undefined {
  const column = getColumn(model, name)
  if (!isNameable(column) || column.sqlType === 'oid') return undefined
  const encoded = String(encodeValue(datamodel, column, value))
  const text = column.sqlType === 'uuid' ? encoded.toLowerCase() : encoded
  return isPrintedValue(text, valueTypeOf(datamodel, model, name)) && isCanonical(text, column)
    ? text
    : undefined
}

function isCanonical(text: string, column: Column): boolean {
  if (integers.has(column.sqlType)) return String(BigInt(text)) === text
  if (!isTime(column)) return true
  const hasZone = /\+00( BC)?$/.test(text) || text.endsWith('infinity')
  if (column.sqlType === 'timestamptz' ? !hasZone : /\+00/.test(text)) return false
  return !/\.\d*0(?!\d)/.test(text)
}
