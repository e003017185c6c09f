import { type Bind, compileBind } from './bind.ts'
import { compileCondition } from './compile-condition.ts'
import type { Condition } from './condition.ts'
import type { Datamodel, Model } from './datamodel.ts'
import { columnName } from './identifiers.ts'
import { arrayParameter, createSlots } from './slots.ts'

/** What an aggregate works out over a relation's rows. */
export interface AggregateTerm {
  readonly figure: 'count' | 'sum' | 'average'
  readonly column: string | null
  /** Narrows this figure alone, beyond what the whole aggregate counts. */
  readonly where: Condition
}

export interface AggregateShape {
  readonly model: Model
  readonly text: string
  readonly source: string
  readonly where: string
  readonly keyTypes: readonly string[]
  readonly slotTypes: readonly string[]
}

/** The rows that an aggregate runs over: a relation's under a key, or a whole model's. */
export function compileAggregateList(options: {
  readonly datamodel: Datamodel
  readonly model: Model
  readonly bind: Bind
  readonly condition: Condition
}): { readonly shape: AggregateShape; readonly values: readonly unknown[] } {
  const { datamodel, model, bind, condition } = options
  const slots = createSlots('p')
  const where = compileCondition(condition, {
    datamodel,
    model,
    alias: 't',
    slots,
    isWholeTable: bind === null,
  })
  const source = compileBind(datamodel, bind, model)
  const conditions = [source.on, where].filter((part) => part !== 'TRUE' && part !== '')
  const all = conditions.join(' AND ')
  return {
    shape: {
      model,
      text: `aggregate|${source.from}|${all}`,
      source: source.from,
      where: all,
      keyTypes: source.keyTypes,
      slotTypes: slots.types,
    },
    values: slots.values,
  }
}

/** Figures over the rows of a shape. */
export interface Aggregate {
  readonly shape: AggregateShape
  readonly figures: readonly AggregateTerm[]
}

/**
 * Any aggregates in one statement: a row for each item of each, in any order. Its parameters are, for
 * one aggregate after the other, an array of items' numbers and one for each key and slot.
 * Select list: which aggregate, item, figures.
 */
export function compileAggregates(datamodel: Datamodel, aggregates: readonly Aggregate[]): string {
  const width = Math.max(...aggregates.map(({ figures }) => figures.length))
  let parameters = 0
  const parts = aggregates.map((aggregate, index) => {
    const text = compileAggregate(datamodel, aggregate, { index, width, parameters })
    parameters += countParameters(aggregate.shape)
    return text
  })
  return parts.join(' UNION ALL ')
}

/** How many parameters the items of an aggregate take. */
export function countParameters({ keyTypes, slotTypes }: AggregateShape): number {
  return 1 + keyTypes.length + slotTypes.length
}

function compileAggregate(
  datamodel: Datamodel,
  { shape, figures }: Aggregate,
  place: { readonly index: number; readonly width: number; readonly parameters: number },
): string {
  const types = ['int4', ...shape.keyTypes, ...shape.slotTypes]
  const arrays = types.map((type, index) => arrayParameter(place.parameters + index + 1, type))
  const names = [
    'i',
    ...shape.keyTypes.map((_, index) => `k${index + 1}`),
    ...shape.slotTypes.map((_, index) => `p${index + 1}`),
  ]
  const list = figures.map(
    (figure, index) => `${compileFigure(datamodel, shape.model, figure)} AS f${index + 1}`,
  )
  const where = shape.where === '' ? '' : ` WHERE ${shape.where}`
  const outer = Array.from({ length: place.width }, (_, index) =>
    index < figures.length ? `r.f${index + 1}` : 'NULL::float8',
  )
  return `SELECT ${place.index}, k.i, ${outer.join(', ')} FROM unnest(${arrays.join(', ')}) AS k(${names.join(', ')}) CROSS JOIN LATERAL (SELECT ${list.join(', ')} FROM ${shape.source}${where}) r`
}

function compileFigure(datamodel: Datamodel, model: Model, term: AggregateTerm): string {
  const slots = createSlots('f')
  const where = compileCondition(term.where, { datamodel, model, alias: 't', slots })
  if (slots.values.length > 0) {
    throw new Error(
      'A figure is narrowed by enum members and booleans only; put values into `where` of the whole',
    )
  }
  const filter = where === 'TRUE' ? '' : ` FILTER (WHERE ${where})`
  if (term.figure === 'count') return `(count(*)${filter})::float8`
  const column = columnName('t', model, term.column ?? '')
  return term.figure === 'sum'
    ? `coalesce(sum(${column})${filter}, 0)::float8`
    : `(avg(${column})${filter})::float8`
}
