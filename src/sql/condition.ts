/**
 * A rule about the rows of one model: the one language of visibility, guards, filters and bound
 * lists. It is evaluated twice, on a loaded row and as SQL, and must mean the same in both: a
 * comparison with NULL is not true, except by `isNull`.
 */
export type Condition =
  | { readonly kind: 'always' }
  | { readonly kind: 'never' }
  | Comparison
  | { readonly kind: 'and'; readonly parts: readonly Condition[] }
  | { readonly kind: 'or'; readonly parts: readonly Condition[] }
  | { readonly kind: 'related'; readonly relation: string; readonly where: Condition }
  | { readonly kind: 'role'; readonly roles: readonly string[] }

export interface Comparison {
  readonly kind: 'compare'
  readonly column: string
  readonly operator: Operator
  readonly value: Operand
}

export type Operator =
  | 'equals'
  | 'differs'
  | 'in'
  | 'less'
  | 'atMost'
  | 'greater'
  | 'atLeast'
  | 'contains'
  | 'isNull'
  | 'isNotNull'

export type Operand =
  | { readonly kind: 'value'; readonly value: unknown }
  /** The viewer's raw id; equal to nothing when anonymous. */
  | { readonly kind: 'viewerId' }
  /** A column of the row from which a list starts. */
  | { readonly kind: 'parent'; readonly column: string }

export const always: Condition = { kind: 'always' }
export const never: Condition = { kind: 'never' }

/** Conjunction, flattened; `never` wins, `always` vanishes. */
export function and(parts: readonly Condition[]): Condition {
  const flat = parts.flatMap((part) => (part.kind === 'and' ? part.parts : [part]))
  if (flat.some((part) => part.kind === 'never')) return never
  const rest = flat.filter((part) => part.kind !== 'always')
  const [only] = rest
  if (only === undefined) return always
  return rest.length === 1 ? only : { kind: 'and', parts: rest }
}

/** Disjunction, flattened; `always` wins, `never` vanishes. */
export function or(parts: readonly Condition[]): Condition {
  const flat = parts.flatMap((part) => (part.kind === 'or' ? part.parts : [part]))
  if (flat.some((part) => part.kind === 'always')) return always
  const rest = flat.filter((part) => part.kind !== 'never')
  const [only] = rest
  if (only === undefined) return never
  return rest.length === 1 ? only : { kind: 'or', parts: rest }
}

/** Whether whatever meets `left` meets `right`, as far as their alternatives show it. */
export function implies(left: Condition, right: Condition): boolean {
  const enough = new Set(alternatives(right).map((part) => JSON.stringify(part)))
  return conjuncts(left).some((part) =>
    alternatives(part).every((alternative) => enough.has(JSON.stringify(alternative))),
  )
}

function alternatives(condition: Condition): readonly Condition[] {
  return condition.kind === 'or' ? condition.parts : [condition]
}

/** The parts that must all hold. */
export function conjuncts(condition: Condition): readonly Condition[] {
  if (condition.kind === 'always') return []
  return condition.kind === 'and' ? condition.parts : [condition]
}

/** Columns of the row itself that deciding the condition needs, those that lead to relations left out. */
export function comparedColumns(condition: Condition): readonly string[] {
  switch (condition.kind) {
    case 'compare':
      return [condition.column]
    case 'and':
    case 'or':
      return condition.parts.flatMap(comparedColumns)
    default:
      return []
  }
}

/** Relations that deciding the condition may follow, with the conditions at their ends. */
export function relatedParts(
  condition: Condition,
): readonly Extract<Condition, { kind: 'related' }>[] {
  switch (condition.kind) {
    case 'related':
      return [condition]
    case 'and':
    case 'or':
      return condition.parts.flatMap(relatedParts)
    default:
      return []
  }
}
