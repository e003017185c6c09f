import { type Datamodel, getColumn, getModel, getRelation, type Model } from '../sql/datamodel.ts'
import type { Row } from '../sql/decode.ts'
import { createKeyEncoder } from '../sql/encode.ts'
import type { Join } from '../sql/join.ts'
import { isNameable } from '../sql/key-text.ts'
import { anyRowTag, columnTag, rowTag, setTag, type Tag } from '../tags/tag.ts'

/** What a selection needs of a row, and of the rows that to-one relations lead it to. */
export interface Needs {
  readonly columns: ReadonlySet<string>
  readonly joins: ReadonlyMap<string, Needs>
}

export const noJoins: ReadonlyMap<string, Needs> = new Map()

/** Whether what was read for `known` serves `needs` too. */
export function covers(known: Needs, needs: Needs): boolean {
  if (known === needs) return true
  return (
    [...needs.columns].every((column) => known.columns.has(column)) &&
    [...needs.joins].every(([relation, inner]) => {
      const joined = known.joins.get(relation)
      return joined !== undefined && covers(joined, inner)
    })
  )
}

/** What serves both. */
export function addNeeds(left: Needs, right: Needs): Needs {
  const joins = new Map(left.joins)
  for (const [relation, inner] of right.joins) {
    const joined = joins.get(relation)
    joins.set(relation, joined ? addNeeds(joined, inner) : inner)
  }
  return { columns: new Set([...left.columns, ...right.columns]), joins }
}

/**
 * A joined row is read again for each parent that shares it, so a relation is joined only for few
 * columns; with more, one look-up of the distinct rows is cheaper.
 */
const mostJoinedColumns = 8

/** Joins within joins; a longer chain goes on by look-ups, which read each row once. */
const mostNestedJoins = 3

/** The columns and joins that serve all of a batch's needs, in the model's order. */
export function mergeNeeds(
  datamodel: Datamodel,
  model: Model,
  needs: readonly Needs[],
  depth = 0,
): { readonly columns: readonly string[]; readonly joins: readonly Join[] } {
  const wanted = new Set(model.primaryKey)
  const relations = new Map<string, Needs[]>()
  for (const { columns, joins } of new Set(needs)) {
    for (const name of columns) wanted.add(name)
    for (const [relation, inner] of joins) {
      relations.set(relation, [...(relations.get(relation) ?? []), inner])
    }
  }
  const joins = [...relations].flatMap(([relation, inner]) => {
    const target = getModel(datamodel, getRelation(model, relation).model)
    if (depth === mostNestedJoins) return []
    const merged = mergeNeeds(datamodel, target, inner, depth + 1)
    return merged.columns.length > mostJoinedColumns ? [] : [{ relation, ...merged }]
  })
  return { columns: Object.keys(model.columns).filter((name) => wanted.has(name)), joins }
}

/** Names the tags of a row, and of the rows joined to it or missing there. */
export type RowTagger = (row: Row, add: (tag: Tag) => void) => void

export function createRowTagger(
  datamodel: Datamodel,
  model: Model,
  joins: readonly Join[],
): RowTagger {
  const encode = createKeyEncoder(datamodel, model, model.primaryKey)
  const hasName = model.primaryKey.every((name) => isNameable(getColumn(model, name)))
  const joined = joins.map(({ relation, joins: nested }) => {
    const { on, model: targetName } = getRelation(model, relation)
    const target = getModel(datamodel, targetName)
    const missing = missingTags(
      target,
      on.map(({ to }) => to),
    )
    return { relation, on, missing, tag: createRowTagger(datamodel, target, nested) }
  })
  const anyRow = anyRowTag(model.name)
  return (row, add) => {
    add(anyRow)
    if (hasName) {
      const key = model.primaryKey.map((name) => row[name])
      add(rowTag(model.name, encode ? encode(key) : key))
    }
    for (const { relation, on, missing, tag } of joined) {
      const other = row[relation] as Row | null // the hydrator puts it there
      if (other) tag(other, add)
      else if (on.every(({ from }) => row[from] !== null)) {
        for (const missingTag of missing) add(missingTag)
      }
    }
  }
}

/** A row that is not there is a dependency on the set in which it may appear. */
export function missingTags(model: Model, key: readonly string[]): readonly Tag[] {
  const moving = key.filter((column) => !model.primaryKey.includes(column))
  return [setTag(model.name, null), ...moving.map((column) => columnTag(model.name, null, column))]
}
