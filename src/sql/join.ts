import { type Datamodel, getColumn, getModel, getRelation, type Model } from './datamodel.ts'
import { columnName, quote, tableName } from './identifiers.ts'

/**
 * A to-one relation that is read in its parent's statement instead of one of its own. The joined row
 * stands in the parent's row under the relation's name, null when there is none.
 */
export interface Join {
  readonly relation: string
  /** The target's columns, its primary key and the keys of `joins` among them. */
  readonly columns: readonly string[]
  readonly joins: readonly Join[]
}

/** What joins add to a statement whose rows stand under `alias`. */
export interface CompiledJoins {
  readonly from: string
  readonly list: readonly string[]
}

/** Each as LATERAL with LIMIT 1: a plain join makes PostgreSQL plan for far more rows than a page has. */
export function compileJoins(
  datamodel: Datamodel,
  model: Model,
  alias: string,
  joins: readonly Join[],
): CompiledJoins {
  const parts = joins.map((join, index) => {
    const relation = getRelation(model, join.relation)
    const target = getModel(datamodel, relation.model)
    const name = `${alias}_${index + 1}`
    const columns = join.columns.map((column) => columnName('j', target, column))
    const on = relation.on.map(
      ({ from, to }) => `${columnName('j', target, to)} = ${columnName(alias, model, from)}`,
    )
    const nested = compileJoins(datamodel, target, name, join.joins)
    const rows = `SELECT ${columns.join(', ')} FROM ${tableName(target)} j WHERE ${on.join(' AND ')} LIMIT 1`
    return {
      from: ` LEFT JOIN LATERAL (${rows}) ${name} ON TRUE${nested.from}`,
      list: [
        ...join.columns.map((column) => `${name}.${quote(getColumn(target, column).dbName)}`),
        ...nested.list,
      ],
    }
  })
  return { from: parts.map(({ from }) => from).join(''), list: parts.flatMap(({ list }) => list) }
}
