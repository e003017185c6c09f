import { type GraphQLResolveInfo, getNamedType, isObjectType } from 'graphql'
import type { Condition } from '../sql/condition.ts'
import { getModel, getRelation, type Model } from '../sql/datamodel.ts'
import type { Row } from '../sql/decode.ts'
import { guardColumns } from './column-fields.ts'
import { type EntityRegistry, getEntity } from './entity-registry.ts'
import { guarded } from './guard.ts'
import { addNeeds, type Needs, noJoins } from './join-needs.ts'
import type { LoaderContext } from './loader-context.ts'
import { oncePerField } from './once-per-field.ts'
import type { FieldOptions } from './pothos.ts'
import type { RowPlan } from './row-loader.ts'
import { rowNeeds } from './selection.ts'

/** The one row that a relation leads to, read with its like for all parents at once. */
export function relationField(
  registry: EntityRegistry,
  model: Model,
  name: string,
  options: {
    readonly description: string
    readonly inherits: boolean
    readonly guard: Condition | undefined
  },
): FieldOptions {
  const relation = getRelation(model, name)
  const { ref, rule: targetRule } = getEntity(registry, relation.model)
  const rule = options.inherits ? undefined : targetRule
  const from = relation.on.map((pair) => pair.from)
  const key = relation.on.map((pair) => pair.to)
  const isRequired = !relation.isNullable && rule === undefined
  const missing = isRequired
    ? `The "${name}" of this ${model.name} was deleted meanwhile`
    : undefined
  const target = { model: getModel(registry.datamodel, relation.model), key, rule, missing }
  const [onlyFrom] = from
  return {
    type: ref,
    nullable: !isRequired || options.guard !== undefined,
    description: options.description,
    extensions: {
      loadline: {
        columns: [...from, ...guardColumns(model, options.guard)],
        // A guarded relation is not read before its guard has spoken.
        ...(options.guard
          ? {}
          : { join: { relation: name, columns: guardColumns(target.model, rule) } }),
      },
    },
    resolve: guarded(model, options.guard, (row, _args, context, info) => {
      const joined = row[name] as Row | null | undefined // where the parent's statement joined it
      if (joined && rule) {
        return context.loaders.rowIf(rule, { model: target.model, row: joined, asker: info })
      }
      if (joined) return joined
      if (joined === null && !isRequired) return null
      const values =
        from.length === 1 && onlyFrom !== undefined
          ? [row[onlyFrom]]
          : from.map((column) => row[column])
      return values.includes(null) ? null : findSelected(target, values, context, info)
    }),
  }
}

/** A row to find: by which key, who may see it, and whether it must be there. */
export interface RowTarget {
  readonly model: Model
  readonly key: readonly string[]
  readonly rule: Condition | undefined
  readonly missing?: string | undefined
  /** Whether a client brought the key. @default false */
  readonly isGiven?: boolean
}

/** What the selection of a type's fields needs of a row, and what deciding who may see it does. */
export function needsWithRule(
  info: GraphQLResolveInfo,
  type: unknown,
  model: Model,
  rule: Condition | undefined,
): Needs {
  const selected = isObjectType(type) ? rowNeeds(info, type) : noNeeds
  return addNeeds(selected, { columns: new Set(guardColumns(model, rule)), joins: noJoins })
}

const noNeeds: Needs = { columns: new Set(), joins: noJoins }

/** A row by a unique key, with the columns that the field's selection and the rule need. */
export function findSelected(
  target: RowTarget,
  values: readonly unknown[],
  { loaders }: LoaderContext,
  info: GraphQLResolveInfo,
): Promise<Row | null> {
  const plan = oncePerField(loaders.memory, info, (): RowPlan => {
    const { model, key, missing, rule } = target
    const type = getNamedType(info.returnType)
    return { model, key, missing, needs: needsWithRule(info, type, model, rule) }
  })
  const request = { plan, values, asker: info }
  const { isGiven = false, rule } = target
  return isGiven ? loaders.findGivenRow(request, rule) : loaders.findRow(request, rule)
}
