import { type Column, type Datamodel, getColumn, type Model } from './datamodel.ts'
import { castType, columnName, tableName } from './identifiers.ts'
import { compileJoins, type Join } from './join.ts'
import { arrayParameter } from './slots.ts'

/**
 * Rows by a unique key: one text for any number of keys. Select list: the key's place among the keys
 * where `isPlacedKey`, columns, columns of joins.
 */
export function compileRowsByKey(
  datamodel: Datamodel,
  model: Model,
  key: readonly string[],
  wanted: { readonly columns: readonly string[]; readonly joins: readonly Join[] },
): string {
  const joins = compileJoins(datamodel, model, 't', wanted.joins)
  const columns = wanted.columns.map((name) => columnName('t', model, name))
  const list = [...columns, ...joins.list].join(', ')
  const types = key.map((name) => castType(getColumn(model, name)))
  const isPlaced = isPlacedKey(model, key)
  const [only] = key
  if (key.length === 1 && only !== undefined && !isPlaced) {
    return `SELECT ${list} FROM ${tableName(model)} t${joins.from} WHERE ${columnName('t', model, only)} = ANY (${arrayParameter(1, types[0] ?? '')}::${types[0]}[])`
  }
  const arrays = types.map((type, index) => arrayParameter(index + 1, type)).join(', ')
  const names = key.map((_, index) => `k${index + 1}`)
  const on = key.map((name, index) => `${columnName('t', model, name)} = k.k${index + 1}`)
  const places = isPlaced ? ' WITH ORDINALITY' : ''
  const items = `unnest(${arrays})${places} AS k(${[...names, ...(isPlaced ? ['i'] : [])].join(', ')})`
  return `SELECT ${isPlaced ? 'k.i, ' : ''}${list} FROM ${items} JOIN ${tableName(model)} t ON ${on.join(' AND ')}${joins.from}`
}

/** Whether equal keys can be printed differently: a row is then known by the place of its key. */
export function isPlacedKey(model: Model, key: readonly string[]): boolean {
  return key.some((name) => !isPrintedAlike(getColumn(model, name)))
}

const printedAlike = ['uuid', 'int2', 'int4', 'int8', 'text', 'varchar', 'bool', 'date', 'time']

function isPrintedAlike({ isEnum, sqlType }: Column): boolean {
  return isEnum || sqlType.startsWith('timestamp') || printedAlike.includes(sqlType)
}
