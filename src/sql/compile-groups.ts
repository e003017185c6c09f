import { compileCondition } from './compile-condition.ts'
import type { Condition } from './condition.ts'
import type { Datamodel, Model } from './datamodel.ts'
import { columnName, tableName } from './identifiers.ts'
import { createSlots } from './slots.ts'

/** Rows counted and summed by a column's value, or by the month of a time. Select list: key, count, sum. */
export function compileGroups(options: {
  readonly datamodel: Datamodel
  readonly model: Model
  readonly by: string | { readonly month: string }
  readonly sum: string | null
  readonly condition: Condition
}): {
  readonly text: string
  readonly types: readonly string[]
  readonly values: readonly unknown[]
} {
  const { datamodel, model, by, sum, condition } = options
  const slots = createSlots('p')
  const where = compileCondition(condition, { datamodel, model, alias: 't', slots })
  const key =
    typeof by === 'string'
      ? `${columnName('t', model, by)}::text`
      : `to_char(${columnName('t', model, by.month)}, 'YYYY-MM')`
  const total = sum === null ? '0' : `coalesce(sum(${columnName('t', model, sum)}), 0)`
  const items = slots.types.map((type, index) => `$${index + 1}::${type} AS p${index + 1}`)
  const from =
    items.length > 0
      ? `${tableName(model)} t, (SELECT ${items.join(', ')}) k`
      : `${tableName(model)} t`
  return {
    text: `SELECT ${key}, count(*)::int4, (${total})::float8 FROM ${from} WHERE ${where} GROUP BY 1 ORDER BY 1`,
    types: slots.types,
    values: slots.values,
  }
}
