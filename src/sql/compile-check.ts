import { compileCondition } from './compile-condition.ts'
import type { Condition } from './condition.ts'
import { type Datamodel, getColumn, type Model } from './datamodel.ts'
import { castType, freePrefix, quote } from './identifiers.ts'
import { arrayParameter, createSlots } from './slots.ts'

/**
 * Which items' rows meet a condition, where the row's own columns are known and travel as values:
 * only the relations that the condition follows are read. Select list: item.
 */
export function compileCheck(options: {
  readonly datamodel: Datamodel
  readonly model: Model
  readonly columns: readonly string[]
  readonly condition: Condition
}): { readonly text: string; readonly values: readonly unknown[] } {
  const { datamodel, model, columns, condition } = options
  const free = freePrefix(model)
  const slots = createSlots(`${free}p`)
  const where = compileCondition(condition, { datamodel, model, alias: 'k', slots })
  // An array of arrays would be taken apart to its elements: lists travel as text.
  const lists = columns.map((name) => getColumn(model, name)).filter(({ isList }) => isList)
  const types = [
    'int4',
    ...columns.map((name) =>
      getColumn(model, name).isList ? 'text' : castType(getColumn(model, name)),
    ),
    ...slots.types,
  ]
  const arrays = types.map((type, index) => arrayParameter(index + 1, type))
  const names = [
    `${free}i`,
    ...columns.map((name) => quote(getColumn(model, name).dbName)),
    ...slots.values.map((_, index) => `${free}p${index + 1}`),
  ]
  const items = `unnest(${arrays.join(', ')}) AS k(${names.join(', ')})`
  const casts = lists.map(
    (column) =>
      `, CAST(k.${quote(column.dbName)} AS ${castType(column)}) AS ${quote(column.dbName)}`,
  )
  const others = names.filter((name) => !lists.some(({ dbName }) => quote(dbName) === name))
  const from =
    lists.length === 0
      ? items
      : `(SELECT ${others.map((name) => `k.${name}`).join(', ')}${casts.join('')} FROM ${items}) k`
  return {
    text: `SELECT k.${free}i FROM ${from} WHERE ${where}`,
    values: slots.values,
  }
}
