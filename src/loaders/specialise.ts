import type { Viewer } from '../guard/viewer.ts'
import {
  always,
  and,
  type Comparison,
  type Condition,
  conjuncts,
  never,
  or,
} from '../sql/condition.ts'
import { getColumn, type Model } from '../sql/datamodel.ts'

/** What is known of a row before it is read, or because it was read. */
export interface Facts {
  /** The column's value; undefined where it is not known. */
  column(name: string): unknown
  /** What is known of a row that it is related to, as a list knows its parent. */
  readonly related?: { readonly relation: string; readonly facts: Facts } | undefined
}

export const noFacts: Facts = { column: () => undefined }

/** The row was loaded; only columns that were selected are known. */
export function factsOfRow(model: Model, row: Readonly<Record<string, unknown>>): Facts {
  return new RowFacts(model, row)
}

/** A class, as every row that is judged has one. */
class RowFacts implements Facts {
  readonly #model: Model
  readonly #row: Readonly<Record<string, unknown>>

  constructor(model: Model, row: Readonly<Record<string, unknown>>) {
    this.#model = model
    this.#row = row
  }

  column(name: string): unknown {
    const value = this.#row[name]
    return value === undefined || value === null || isPlain(this.#model, name) ? value : undefined
  }
}

/** What a filter's top-level equalities say about every row that passes it. */
export function factsOfFilter(model: Model, filter: Condition, related?: Facts['related']): Facts {
  const known = new Map<string, unknown>()
  for (const part of conjuncts(filter)) {
    if (part.kind !== 'compare' || part.value.kind !== 'value') continue
    if (part.operator === 'equals' && isPlain(model, part.column))
      known.set(part.column, part.value.value)
    if (part.operator === 'isNull') known.set(part.column, null)
  }
  return { column: (name) => known.get(name), related }
}

/** Columns whose values JavaScript compares as PostgreSQL does: no times, decimals or padded texts. */
function isPlain(model: Model, column: string): boolean {
  const { type, isEnum, isList, sqlType } = getColumn(model, column)
  if (isList || sqlType === 'bpchar' || sqlType === 'citext') return false
  return isEnum || type === 'String' || type === 'Int' || type === 'BigInt' || type === 'Boolean'
}

/**
 * What is left of a rule once the facts and the viewer are put in: it names no role and no viewer
 * any more, and is the rule itself where that says it all. Alternatives are tried from left to right and stop at the first that holds, so a rule
 * that the facts decide has asked the viewer nothing.
 */
export function specialise(condition: Condition, facts: Facts, viewer: Viewer): Condition {
  switch (condition.kind) {
    case 'always':
    case 'never':
      return condition
    case 'role':
      return condition.roles.includes(viewer.role()) ? always : never
    case 'compare':
      return specialiseComparison(condition, facts, viewer)
    case 'and':
      return combine(condition, never, and, facts, viewer)
    case 'or':
      return combine(condition, always, or, facts, viewer)
    case 'related': {
      const isKnown = facts.related?.relation === condition.relation
      const where = specialise(condition.where, isKnown ? facts.related.facts : noFacts, viewer)
      if (where.kind === 'never' || (isKnown && where.kind === 'always')) return where
      return where === condition.where ? condition : { ...condition, where }
    }
  }
}

function combine(
  condition: Extract<Condition, { kind: 'and' | 'or' }>,
  decisive: Condition,
  join: (parts: readonly Condition[]) => Condition,
  facts: Facts,
  viewer: Viewer,
): Condition {
  const rest: Condition[] = []
  for (const part of condition.parts) {
    const result = specialise(part, facts, viewer)
    if (result.kind === decisive.kind) return decisive
    rest.push(result)
  }
  return rest.every((part, index) => part === condition.parts[index]) ? condition : join(rest)
}

function specialiseComparison(condition: Comparison, facts: Facts, viewer: Viewer): Condition {
  const fact = facts.column(condition.column)
  if (fact === null) return condition.operator === 'isNull' ? always : never
  // Decided before the viewer is asked: an id that is null equals nobody's.
  const value = operandValue(condition, viewer)
  if (value === undefined) return never
  const bound: Condition =
    condition.value.kind === 'value' ? condition : { ...condition, value: { kind: 'value', value } }
  if (fact === undefined) return bound
  const verdict = decide(condition.operator, fact, value)
  return verdict === undefined ? bound : verdict ? always : never
}

function operandValue({ value }: Comparison, viewer: Viewer): unknown {
  if (value.kind === 'value') return value.value
  if (value.kind === 'viewerId') return viewer.id() ?? undefined
  throw new Error(`parent('${value.column}') stands in a rule that no parent row is bound to`)
}

/** Undefined where only the database compares as the database does: collations, times, decimals. */
function decide(
  operator: Comparison['operator'],
  left: unknown,
  right: unknown,
): boolean | undefined {
  if (operator === 'isNull') return false
  if (operator === 'isNotNull') return true
  if (typeof left === 'object') return undefined
  if (operator === 'equals') return left === right
  if (operator === 'differs') return left !== right
  if (operator === 'in') return (right as readonly unknown[]).includes(left) // parseWhere's list
  if (typeof left !== 'number' || typeof right !== 'number') return undefined
  if (operator === 'less') return left < right
  if (operator === 'atMost') return left <= right
  if (operator === 'greater') return left > right
  if (operator === 'atLeast') return left >= right
  return undefined
}

/** Puts a parent row's values in the place of `parent(column)`. */
export function bindParent(
  condition: Condition,
  row: Readonly<Record<string, unknown>>,
): Condition {
  switch (condition.kind) {
    case 'compare': {
      if (condition.value.kind !== 'parent') return condition
      const value = row[condition.value.column]
      if (value === undefined) {
        throw new Error(
          `parent('${condition.value.column}') is not read; a rule that depends on arguments may use the primary key only`,
        )
      }
      return value === null ? never : { ...condition, value: { kind: 'value', value } }
    }
    case 'and':
      return and(condition.parts.map((part) => bindParent(part, row)))
    case 'or':
      return or(condition.parts.map((part) => bindParent(part, row)))
    case 'related': {
      const where = bindParent(condition.where, row)
      return where.kind === 'never' ? never : { ...condition, where }
    }
    default:
      return condition
  }
}

/** Columns of the parent row that a bound rule mentions. */
export function parentColumns(condition: Condition): readonly string[] {
  switch (condition.kind) {
    case 'compare':
      return condition.value.kind === 'parent' ? [condition.value.column] : []
    case 'and':
    case 'or':
      return condition.parts.flatMap(parentColumns)
    case 'related':
      return parentColumns(condition.where)
    default:
      return []
  }
}
