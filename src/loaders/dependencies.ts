import { type Condition, conjuncts } from '../sql/condition.ts'
import {
  type Column,
  type Datamodel,
  getColumn,
  getModel,
  getRelation,
  type Model,
} from '../sql/datamodel.ts'
import { areNamedAlike, printKey } from '../sql/key-text.ts'
import type { OrderTerm } from '../sql/order.ts'
import { anySetTag, type BoundKey, columnTag, setTag, type Tag } from '../tags/tag.ts'

/** What a read of a list, count or aggregate depends on, beside the rows that it returns. */
export interface ListDependency {
  readonly datamodel: Datamodel
  readonly model: Model
  readonly condition: Condition
  readonly order?: readonly OrderTerm[]
  /** Columns that figures are worked out from. */
  readonly aggregated?: readonly string[]
}

/**
 * The tags of a list over a whole model: its set, which a foreign key that the condition compares may
 * bind, each column that it filters, orders or aggregates by, and the same for every model that its
 * conditions and computed orders look into.
 */
export function listTags(dependency: ListDependency): readonly Tag[] {
  const { datamodel, model, condition } = dependency
  const bound = boundByCondition(datamodel, model, condition)
  const columns = readColumns(dependency, bound?.columns ?? [])
  return [
    setTag(model.name, bound),
    ...(bound ? [anySetTag(model.name, bound.columns)] : []),
    ...columns.map((column) => columnTag(model.name, bound, column)),
    ...tagsBeyond(dependency),
  ]
}

/** The tags of the list of one parent, by the parent's key. */
export type TagsOfList = (key: readonly unknown[]) => readonly Tag[]

/** For `ReadSet.addLater`. */
export function addListTags(
  { tagsOf, key }: { readonly tagsOf: TagsOfList; readonly key: readonly unknown[] },
  add: (tag: Tag) => void,
): void {
  for (const tag of tagsOf(key)) add(tag)
}

/**
 * The tags of a list bound to columns, for one key after the other: only the key's part is made anew.
 * The values come from `keys`, the columns of the rows that the lists belong to. Where these do not
 * name in a tag what the list's own columns do, the list is taken for one over the whole model.
 */
export function planListTags(
  dependency: ListDependency,
  columns: readonly string[],
  keys: readonly Column[],
): TagsOfList {
  const { model, aggregated = [] } = dependency
  if (!columns.every((name, index) => isNamedBy(getColumn(model, name), keys[index]))) {
    const tags = listTags({ ...dependency, aggregated: [...aggregated, ...columns] })
    return () => tags
  }
  const placeholder = { columns, values: columns.map(() => '') }
  const { length } = setTag(model.name, placeholder)
  const suffixes = readColumns(dependency, columns).map((column) =>
    columnTag(model.name, placeholder, column).slice(length),
  )
  const beyond = [anySetTag(model.name, columns), ...tagsBeyond(dependency)]
  return (values) => {
    const set = setTag(model.name, { columns, values })
    return [set, ...suffixes.map((suffix) => set + suffix), ...beyond]
  }
}

function isNamedBy(column: Column, key: Column | undefined): boolean {
  return key !== undefined && areNamedAlike(column, key)
}

/** Columns by which a list filters, orders or aggregates; those of keys have tags of their own. */
function readColumns(
  { model, condition, order = [], aggregated = [] }: ListDependency,
  bound: readonly string[],
): readonly string[] {
  const columns = [
    ...aggregated,
    ...filteredColumns(model, condition),
    ...order.flatMap((term) => (term.kind === 'column' ? [term.column] : [])),
  ]
  return [...new Set(columns)].filter(
    (column) => !model.primaryKey.includes(column) && !bound.includes(column),
  )
}

/** The tags of the models that a list's conditions and computed orders look into. */
function tagsBeyond({ datamodel, model, condition, order = [] }: ListDependency): readonly Tag[] {
  return [
    ...relatedTags(datamodel, model, condition),
    ...order.flatMap((term) => computedTags(datamodel, model, term)),
  ]
}

/** The tags of what a condition about one row looks into beyond that row. */
export function relatedTags(
  datamodel: Datamodel,
  model: Model,
  condition: Condition,
): readonly Tag[] {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.parts.flatMap((part) => relatedTags(datamodel, model, part))
    case 'related':
      return tiedTags(datamodel, model, condition.relation, { condition: condition.where })
    default:
      return []
  }
}

/** The tags of all rows that a relation may lead to, and of what ties them to the rows it starts from. */
function tiedTags(
  datamodel: Datamodel,
  model: Model,
  relationName: string,
  reading: { readonly condition: Condition; readonly aggregated?: readonly string[] },
): readonly Tag[] {
  const { through, on, model: targetName } = getRelation(model, relationName)
  const target = getModel(datamodel, targetName)
  const ties = through ? [] : on.map(({ to }) => to)
  const aggregated = [...(reading.aggregated ?? []), ...ties]
  return [
    ...(through ? [setTag(through.table, null)] : []),
    ...listTags({
      datamodel,
      model: target,
      condition: reading.condition,
      aggregated,
    }),
  ]
}

/**
 * A key may bind a tag only where its equality must hold for every row, at the top of the condition;
 * and where its value, which may be a client's, is certain to be printed so in each of them.
 */
function boundByCondition(
  datamodel: Datamodel,
  model: Model,
  condition: Condition,
): BoundKey | null {
  for (const part of conjuncts(condition)) {
    if (part.kind !== 'compare' || part.operator !== 'equals' || part.value.kind !== 'value')
      continue
    if (!isForeignKey(model, part.column)) continue
    const printed = printKey(datamodel, model, part.column, part.value.value)
    if (printed !== undefined) return { columns: [part.column], values: [printed] }
  }
  return null
}

/** Only foreign keys have sets that writes announce. */
function isForeignKey(model: Model, column: string): boolean {
  return Object.values(model.relations).some(
    ({ isList, on }) =>
      !isList &&
      on.length === 1 &&
      on.some(({ from }) => from === column && !model.primaryKey.includes(from)),
  )
}

/** Columns that decide if a row passes: compared ones, and those by which it leads to related rows. */
function filteredColumns(model: Model, condition: Condition): readonly string[] {
  switch (condition.kind) {
    case 'compare':
      return [condition.column]
    case 'and':
    case 'or':
      return condition.parts.flatMap((part) => filteredColumns(model, part))
    case 'related':
      return getRelation(model, condition.relation).on.map(({ from }) => from)
    default:
      return []
  }
}

function computedTags(datamodel: Datamodel, model: Model, term: OrderTerm): readonly Tag[] {
  if (term.kind === 'column') return []
  const aggregated = term.column === null ? [] : [term.column]
  return tiedTags(datamodel, model, term.relation, { condition: term.where, aggregated })
}
