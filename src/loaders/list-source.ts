import { and, type Condition, implies, relatedParts } from '../sql/condition.ts'
import { type Datamodel, getRelation, type Model } from '../sql/datamodel.ts'
import type { Row } from '../sql/decode.ts'
import { columnsToCheck } from './check-loader.ts'
import type { LoaderContext } from './loader-context.ts'
import {
  bindParent,
  factsOfFilter,
  factsOfRow,
  noFacts,
  parentColumns,
  specialise,
} from './specialise.ts'

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

/** What the rule asks of the row from which the list starts. */
export function rulePartsOfParent(source: ListSource) {
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
export function narrow(
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
