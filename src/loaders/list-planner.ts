import { LRUCache } from 'lru-cache'
import type { Condition } from '../sql/condition.ts'
import { getRelation, type Relation } from '../sql/datamodel.ts'
import type { Row } from '../sql/decode.ts'
import { createKeyEncoder } from '../sql/encode.ts'
import type { OrderTerm } from '../sql/order.ts'
import { type ListSource, narrow, rulePartsOfParent } from './list-source.ts'
import type { LoaderContext } from './loader-context.ts'
import { type CompiledList, prepareList } from './prepare-list.ts'
import { parentColumns } from './specialise.ts'
import { stringify } from './stringify.ts'

/** The list of one parent, everything put in that viewer, arguments and parent decide. */
export interface BoundList {
  readonly key: readonly unknown[]
  readonly compiled: CompiledList
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
    const list = prepareList(source, { order, aggregated }, condition)
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

function bindTo(key: readonly unknown[], compiled: CompiledList | null): BoundList | null {
  return compiled && { key, compiled }
}

function keyOf({ on }: Relation, parent: Row): readonly unknown[] {
  const [only] = on
  return on.length === 1 && only ? [parent[only.from]] : on.map(({ from }) => parent[from])
}
