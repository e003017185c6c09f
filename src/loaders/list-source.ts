import type { GraphQLResolveInfo } from 'graphql'
import { LRUCache } from 'lru-cache'
import { type AggregateShape, compileAggregateList } from '../sql/compile-aggregate.ts'
import { compileList, type ListShape } from '../sql/compile-page.ts'
import { and, type Condition, implies, relatedParts } from '../sql/condition.ts'
import {
  type Datamodel,
  getColumn,
  getRelation,
  type Model,
  type Relation,
} from '../sql/datamodel.ts'
import type { Row } from '../sql/decode.ts'
import { createKeyEncoder } from '../sql/encode.ts'
import { isNameable } from '../sql/key-text.ts'
import type { OrderTerm } from '../sql/order.ts'
import { anySetTag, setTag } from '../tags/tag.ts'
import { columnsToCheck } from './check-loader.ts'
import { type ListDependency, listTags, planListTags, type TagsOfList } from './dependencies.ts'
import type { LoaderContext } from './loader-context.ts'
import {
  bindParent,
  factsOfFilter,
  factsOfRow,
  noFacts,
  parentColumns,
  specialise,
} from './specialise.ts'
import { stringify } from './stringify.ts'

/** Which rows a list, count or aggregate is over, as a type module declares it. */
export interface ListSource {
  readonly datamodel: Datamodel
  readonly model: Model
  /** The relation that it follows from its parent; null when only a rule ties it. */
  readonly bind: { readonly model: Model; readonly relation: string } | null
  /** The parent's model, where there is a parent. */
  readonly parent: Model | null
  /** Who may see a row of it; undefined when whoever sees the parent sees its rows. */
  readonly rule: Condition | undefined
}

/** What one field reads, beside the rows: its order, or the columns of its figures. */
interface ListReading {
  readonly order: readonly OrderTerm[]
  readonly aggregated: readonly string[]
}

/** The list of one parent, everything put in that viewer, arguments and parent decide. */
export interface BoundList {
  readonly key: readonly unknown[]
  readonly compiled: CompiledList
}

/** Each is made on first use: a field may need only one of them. */
export interface CompiledList {
  readonly tagsOf: TagsOfList
  page(): { readonly shape: ListShape; readonly values: readonly unknown[] }
  figures(): { readonly shape: AggregateShape; readonly values: readonly unknown[] }
}

/** Binds a list to one parent after the other; null where it can have no rows for the viewer. */
export type BindList = (parent: Row | null) => BoundList | null

/**
 * Plans the lists of one field. Filter and viewer are put in once for all parents; only a rule that
 * looks back at the parent, or a filter that names its columns, is worked out parent by parent. What
 * an order and a condition compile to is kept from one operation to the next.
 */
export function createListPlanner(
  source: ListSource,
  aggregated: readonly string[],
): (filter: Condition, order: readonly OrderTerm[], context: LoaderContext) => BindList {
  const { bind } = source
  const relation = bind ? getRelation(bind.model, bind.relation) : null
  const from = relation?.on.map((pair) => pair.from) ?? []
  const encodeKey = bind ? createKeyEncoder(source.datamodel, bind.model, from) : undefined
  const looksBack = rulePartsOfParent(source).length > 0
  const unify = createUnifier()
  const prepared = new WeakMap<readonly OrderTerm[], WeakMap<Condition, CompiledList>>()

  function prepare(condition: Condition, order: readonly OrderTerm[]): CompiledList | null {
    if (condition.kind === 'never') return null
    const inOrder = prepared.get(order) ?? new WeakMap<Condition, CompiledList>()
    prepared.set(order, inOrder)
    const known = inOrder.get(condition)
    if (known) return known
    const list = prepareList(source, relation, { order, aggregated }, condition)
    inOrder.set(condition, list)
    return list
  }

  return (filter, order, context) => {
    const dependsOnParent = looksBack || parentColumns(filter).length > 0
    let shared: CompiledList | null | undefined
    return (parent) => {
      const found = relation && parent ? keyOf(relation, parent) : []
      if (found.includes(null)) return null
      const key = encodeKey ? encodeKey(found) : found
      const prepareFor = () => prepare(unify(narrow(source, filter, parent, context)), order)
      if (dependsOnParent) return bindTo(key, prepareFor())
      if (shared === undefined) shared = prepareFor()
      return bindTo(key, shared)
    }
  }
}

/** Conditions remembered per field, values and all: as many as come again soon. */
const mostConditions = 100

/** Gives the first of several equal conditions for all of them, so that they are compiled once. */
function createUnifier(): (condition: Condition) => Condition {
  const known = new LRUCache<string, Condition>({ max: mostConditions })
  return (condition) => {
    if (condition.kind === 'always' || condition.kind === 'never') return condition
    const text = stringify(condition)
    const first = known.get(text) ?? condition
    known.set(text, first)
    return first
  }
}

/** Columns of the parent's row that binding the list needs. */
export function columnsToBind(
  source: ListSource,
  filter: Condition | undefined,
): readonly string[] {
  const { bind, parent } = source
  const keys = bind ? getRelation(bind.model, bind.relation).on.map(({ from }) => from) : []
  const known = parent
    ? rulePartsOfParent(source).flatMap(({ where }) => columnsToCheck(parent, where))
    : []
  return [...keys, ...known, ...(filter ? parentColumns(filter) : [])]
}

/** A value worked out once for all rows that one field of one operation is resolved for. */
export function oncePerField<T>(
  memory: WeakMap<object, unknown>,
  info: Pick<GraphQLResolveInfo, 'fieldNodes'>,
  make: () => T,
): T {
  const known = memory.get(info.fieldNodes) as T | undefined // each field keeps one type here
  if (known !== undefined) return known
  const made = make()
  memory.set(info.fieldNodes, made)
  return made
}

/** What the rule asks of the row from which the list starts. */
function rulePartsOfParent(source: ListSource) {
  const { parent, rule } = source
  const wayBack = findWayBack(source)
  if (!parent || !rule || wayBack === null) return []
  return relatedParts(rule).filter(({ relation }) => relation === wayBack)
}

/**
 * The relation by which a row of the list leads to the parent and to nothing else: where it leads to
 * many rows, what is known of the parent says nothing about the others.
 */
function findWayBack({ bind, model }: ListSource): string | null {
  const inverse = bind ? getRelation(bind.model, bind.relation).inverse : null
  return inverse === null || getRelation(model, inverse).isList ? null : inverse
}

/** The rows that pass the filter and that the viewer may see. */
function narrow(
  source: ListSource,
  filter: Condition,
  parent: Row | null,
  { viewer }: LoaderContext,
): Condition {
  const { model, rule, parent: parentModel } = source
  const own = specialise(parent ? bindParent(filter, parent) : filter, noFacts, viewer)
  if (!rule) return own
  const wayBack = findWayBack(source)
  const related =
    wayBack !== null && parent && parentModel
      ? { relation: wayBack, facts: factsOfRow(parentModel, parent) }
      : undefined
  const visible = specialise(rule, factsOfFilter(model, own, related), viewer)
  if (visible.kind === 'always') return own
  return implies(own, visible) ? own : and([own, visible])
}

function prepareList(
  source: ListSource,
  relation: Relation | null,
  reading: ListReading,
  condition: Condition,
): CompiledList {
  const { datamodel, model, bind } = source
  const { order } = reading
  const tagsOf = planTags(source, relation, { ...reading, datamodel, model, condition })
  let page: ReturnType<CompiledList['page']> | undefined
  let figures: ReturnType<CompiledList['figures']> | undefined
  return {
    page() {
      page ??= compileList({ datamodel, model, bind, condition, order })
      return page
    },
    figures() {
      figures ??= compileAggregateList({ datamodel, model, bind, condition })
      return figures
    },
    tagsOf,
  }
}

/** The tags of the list of one parent after the other, by the parent's key. */
function planTags(
  { bind }: ListSource,
  relation: Relation | null,
  dependency: ListDependency,
): TagsOfList {
  const keys = bind && relation ? relation.on.map(({ from }) => getColumn(bind.model, from)) : []
  if (relation && !relation.through) {
    const columns = relation.on.map(({ to }) => to)
    return planListTags(dependency, columns, keys)
  }
  const tags = listTags(dependency)
  if (!relation?.through) return () => tags
  const { table, near } = relation.through
  if (!keys.every(isNameable)) {
    const all = [setTag(table, null), ...tags]
    return () => all
  }
  const shared = [anySetTag(table, [near]), ...tags]
  return (values) => [setTag(table, { columns: [near], values }), ...shared]
}

function bindTo(key: readonly unknown[], compiled: CompiledList | null): BoundList | null {
  return compiled && { key, compiled }
}

function keyOf({ on }: Relation, parent: Row): readonly unknown[] {
  const [only] = on
  return on.length === 1 && only ? [parent[only.from]] : on.map(({ from }) => parent[from])
}
