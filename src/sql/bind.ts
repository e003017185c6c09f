import { type Datamodel, getColumn, getModel, getRelation, type Model } from './datamodel.ts'
import { columnName, quote, tableName } from './identifiers.ts'

/** Where a list comes from: a relation of another model's rows, or null for the whole table. */
export type Bind = { readonly model: Model; readonly relation: string } | null

/** The FROM item of a list's rows `t`, and the condition that ties them to an item's key `k.k1, ...`. */
export interface BoundSource {
  readonly from: string
  readonly on: string
  readonly keyTypes: readonly string[]
}

export function compileBind(datamodel: Datamodel, bind: Bind, target: Model): BoundSource {
  if (bind === null) return { from: `${tableName(target)} t`, on: '', keyTypes: [] }
  const relation = getRelation(bind.model, bind.relation)
  if (getModel(datamodel, relation.model) !== target) {
    throw new Error(`"${bind.relation}" of ${bind.model.name} does not lead to ${target.name}`)
  }
  const keyTypes = relation.on.map(({ from }) => getColumn(bind.model, from).sqlType)
  if (!relation.through) {
    const on = relation.on.map(
      ({ to }, index) => `${columnName('t', target, to)} = k.k${index + 1}`,
    )
    return { from: `${tableName(target)} t`, on: on.join(' AND '), keyTypes }
  }
  const { near, far } = relation.through
  const on = relation.on.map(({ to }) => `${columnName('t', target, to)} = j.${quote(far)}`)
  return {
    from: `${tableName(relation.through)} j JOIN ${tableName(target)} t ON ${on.join(' AND ')}`,
    on: `j.${quote(near)} = k.k1`,
    keyTypes,
  }
}
