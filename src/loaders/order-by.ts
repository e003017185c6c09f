import type { Condition } from '../sql/condition.ts'
import { type Datamodel, getColumn, getModel, getRelation, type Model } from '../sql/datamodel.ts'
import { columnTerm, type OrderTerm, termType, withTieBreak } from '../sql/order.ts'
import { isTextType } from '../sql/printed-value.ts'
import { type CursorOrdering, digestOrdering } from './cursor.ts'
import { stringify } from './stringify.ts'
import {
  type AnyModels,
  type ColumnOf,
  parseWhere,
  type RelationOf,
  type TargetOf,
  type Where,
} from './where.ts'

type Direction = 'asc' | 'desc'

/** One term of an ordering as it is written: `{ title: 'asc' }`, or a figure over a relation. */
export type OrderBy<Models extends AnyModels<Models>, M extends keyof Models> =
  | {
      readonly [C in ColumnOf<Models, M>]?:
        | Direction
        | { readonly sort: Direction; readonly nulls: 'first' | 'last' }
    }
  | {
      [R in RelationOf<Models, M, true>]: {
        readonly count: R
        readonly where?: Where<Models, TargetOf<Models, M, R>>
        readonly direction: Direction
      }
    }[RelationOf<Models, M, true>]
  | {
      readonly sum: `${RelationOf<Models, M, true>}.${string}`
      readonly direction: Direction
    }

/** An ordering ready to be compiled, and what its cursors are checked by. */
export interface Ordering extends CursorOrdering {
  readonly model: Model
  readonly terms: readonly OrderTerm[]
}

/** `list` names the list, so that a cursor of another list with the same ordering is refused. */
export function parseOrderBy(
  datamodel: Datamodel,
  model: Model,
  list: string,
  orderBy: readonly object[],
): Ordering {
  const written = orderBy.flatMap((term) => parseTerm(datamodel, model, term))
  const terms = withTieBreak(model, written)
  const types = terms.map((term) => termType(datamodel, model, term))
  const isKey = (term: OrderTerm) =>
    term.kind === 'column' && model.primaryKey.includes(term.column)
  return {
    model,
    terms,
    types,
    shortens: types.map(
      (type, index) => isTextType(type) && !terms.slice(index, index + 1).some(isKey),
    ),
    digest: digestOrdering(`${list} ${stringify(terms)}`),
  }
}

function parseTerm(datamodel: Datamodel, model: Model, term: object): readonly OrderTerm[] {
  if ('count' in term && 'direction' in term) {
    const { count, where, direction } = term as ComputedOrderBy
    const target = getRelation(model, String(count)).model
    const condition = parseWhere(datamodel, target, where ?? {})
    return [computed('count', String(count), null, condition, direction)]
  }
  if ('sum' in term && 'direction' in term) {
    const { sum, direction } = term as ComputedOrderBy
    const [relation = '', column = ''] = String(sum).split('.')
    getColumn(getModel(datamodel, getRelation(model, relation).model), column)
    return [computed('sum', relation, column, { kind: 'always' }, direction)]
  }
  return Object.entries(term).map(([column, value]) => {
    getColumn(model, column)
    return typeof value === 'string'
      ? columnTerm(column, value as Direction) // the type of OrderBy
      : columnTerm(column, value.sort, value.nulls)
  })
}

interface ComputedOrderBy {
  readonly count?: string
  readonly sum?: string
  readonly where?: unknown
  readonly direction: Direction
}

function computed(
  kind: 'count' | 'sum',
  relation: string,
  column: string | null,
  where: Condition,
  direction: Direction,
): OrderTerm {
  return { kind, relation, column, where, direction }
}
