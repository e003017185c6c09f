import { compileCondition, relatedSource } from './compile-condition.ts'
import type { Condition } from './condition.ts'
import { type Datamodel, getColumn, getModel, getRelation, type Model } from './datamodel.ts'
import { columnName, tableName } from './identifiers.ts'
import type { Direction } from './keyset.ts'
import { type ValueType, valueTypeOf } from './printed-value.ts'
import type { Slots } from './slots.ts'

/** One term of an ordering: a column, or a figure computed over a relation's rows. */
export type OrderTerm = ColumnTerm | ComputedTerm

export interface ColumnTerm {
  readonly kind: 'column'
  readonly column: string
  readonly direction: Direction
  /** PostgreSQL's own placement by default (last when ascending), which plain indexes serve. */
  readonly nulls: 'first' | 'last'
}

export interface ComputedTerm {
  readonly kind: 'count' | 'sum'
  readonly relation: string
  /** What is summed; null for a count. */
  readonly column: string | null
  readonly where: Condition
  readonly direction: Direction
}

/** The ordering with the primary key behind it, so that no two rows are equal in it. */
export function withTieBreak(model: Model, terms: readonly OrderTerm[]): readonly OrderTerm[] {
  const direction = terms.at(-1)?.direction ?? 'asc'
  const ordered = new Set(terms.flatMap((term) => (term.kind === 'column' ? [term.column] : [])))
  const missing = model.primaryKey.filter((column) => !ordered.has(column))
  return [...terms, ...missing.map((column) => columnTerm(column, direction))]
}

export function columnTerm(
  column: string,
  direction: Direction,
  nulls: 'first' | 'last' = direction === 'asc' ? 'last' : 'first',
): ColumnTerm {
  return { kind: 'column', column, direction, nulls }
}

/** The type of a term's values: what a cursor's value is checked against and cast to. */
export function termType(datamodel: Datamodel, model: Model, term: OrderTerm): ValueType {
  if (term.kind === 'column') return valueTypeOf(datamodel, model, term.column)
  const target = getModel(datamodel, getRelation(model, term.relation).model)
  return { sqlType: figureType(term, target), isNullable: false }
}

/** As PostgreSQL sums: without a loss, but for floating point. */
function figureType({ column }: ComputedTerm, target: Model): string {
  if (column === null) return 'int8'
  const { sqlType } = getColumn(target, column)
  if (sqlType === 'int2' || sqlType === 'int4') return 'int8'
  return sqlType.startsWith('float') ? 'float8' : 'numeric'
}

/** A computed term: its SQL, and what must be joined to the rows for it. */
export interface CompiledTerm {
  readonly sql: string
  readonly join: string
}

interface TermScope {
  readonly datamodel: Datamodel
  readonly model: Model
  readonly alias: string
  readonly slots: Slots
  /** Every row needs the figure, so it is worked out for all groups at once. */
  readonly isWholeTable: boolean
}

/** Over a whole table one grouped read of the relation; for few rows a look-up for each of them. */
export function compileComputedTerm(
  term: ComputedTerm,
  index: number,
  scope: TermScope,
): CompiledTerm {
  const relation = getRelation(scope.model, term.relation)
  return scope.isWholeTable && !relation.through
    ? compileGrouped(term, `g${index}`, scope)
    : compileCorrelated(term, scope)
}

function compileGrouped(term: ComputedTerm, name: string, scope: TermScope): CompiledTerm {
  const { datamodel, model, alias } = scope
  const { on, model: targetName } = getRelation(model, term.relation)
  const target = getModel(datamodel, targetName)
  const keys = on.map(({ to }) => columnName('f', target, to))
  const where = compileCondition(term.where, {
    ...scope,
    model: target,
    alias: 'f',
    isWholeTable: false,
  })
  const list = keys.map((key, place) => `${key} AS k${place + 1}`)
  const groups = `SELECT ${list.join(', ')}, ${figureOf(term, target, 'f')} AS figure FROM ${tableName(target)} f WHERE ${where} GROUP BY ${keys.join(', ')}`
  const ties = on.map(
    ({ from }, place) => `${name}.k${place + 1} = ${columnName(alias, model, from)}`,
  )
  return {
    sql: `coalesce(${name}.figure, 0)`,
    join: ` LEFT JOIN (${groups}) ${name} ON ${ties.join(' AND ')}`,
  }
}

function compileCorrelated(term: ComputedTerm, scope: TermScope): CompiledTerm {
  const { datamodel, model, alias } = scope
  const target = getModel(datamodel, getRelation(model, term.relation).model)
  const inner = `${alias}f`
  const source = relatedSource(model, alias, term.relation, target, inner)
  const where = compileCondition(term.where, {
    ...scope,
    model: target,
    alias: inner,
    isWholeTable: false,
  })
  const filter = where === 'TRUE' ? '' : ` AND ${where}`
  const figure = figureOf(term, target, inner)
  return { sql: `(SELECT ${figure} FROM ${source.from} WHERE ${source.on}${filter})`, join: '' }
}

function figureOf(term: ComputedTerm, target: Model, alias: string): string {
  return term.kind === 'count'
    ? 'count(*)'
    : `coalesce(sum(${columnName(alias, target, term.column ?? '')}), 0)::${figureType(term, target)}`
}
