import { type AggregateShape, compileAggregateList } from '../sql/compile-aggregate.ts'
import { compileList, type ListShape } from '../sql/compile-page.ts'
import type { Condition } from '../sql/condition.ts'
import { getColumn, getRelation } from '../sql/datamodel.ts'
import { isNameable } from '../sql/key-text.ts'
import type { OrderTerm } from '../sql/order.ts'
import { anySetTag, setTag } from '../tags/tag.ts'
import { type ListDependency, listTags, planListTags, type TagsOfList } from './dependencies.ts'
import type { ListSource } from './list-source.ts'

/** What one field reads, beside the rows: its order, or the columns of its figures. */
export interface ListReading {
  readonly order: readonly OrderTerm[]
  readonly aggregated: readonly string[]
}

/** A list's statements, and what it depends on. Each is made on first use: a field may need only one. */
export interface CompiledList {
  readonly tagsOf: TagsOfList
  page(): { readonly shape: ListShape; readonly values: readonly unknown[] }
  figures(): { readonly shape: AggregateShape; readonly values: readonly unknown[] }
}

export function prepareList(
  source: ListSource,
  reading: ListReading,
  condition: Condition,
): CompiledList {
  const { datamodel, model, bind } = source
  const { order } = reading
  const tagsOf = planTags(source, { ...reading, datamodel, model, condition })
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
function planTags({ bind }: ListSource, dependency: ListDependency): TagsOfList {
  const relation = bind ? getRelation(bind.model, bind.relation) : null
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
