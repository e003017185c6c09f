import type { Condition } from '../sql/condition.ts'
import { getModel, getRelation, type Model } from '../sql/datamodel.ts'
import type { Row } from '../sql/decode.ts'
import { aggregateField } from './aggregate-field.ts'
import { type AnswerPolicy, withPolicy } from './answer-policy.ts'
import { columnField, derivedField, guardColumns, rankField, viewField } from './column-fields.ts'
import { type EntityRegistry, getEntity, getType } from './entity-registry.ts'
import type { Arguments, EntityRef } from './entity-types.ts'
import { guarded } from './guard.ts'
import { listField } from './list-field.ts'
import type { LoaderContext } from './loader-context.ts'
import type { FieldOptions, PothosFields } from './pothos.ts'
import { relationField } from './relation-field.ts'
import { parseWhere } from './where.ts'

/** The options that a field may have, as they arrive here: checked by the types in front. */
interface Options extends AnswerPolicy {
  readonly description: string
  readonly deprecationReason?: string
  readonly guard?: unknown
  readonly inherits?: boolean
  readonly args?: Arguments
  readonly where?: unknown
}

interface ListOptions extends Options {
  readonly orderBy: unknown
  readonly type?: EntityRef<unknown>
}

/** The fields of a type over the rows of `model`; typed for its users as `EntityFields`. */
export function createEntityFields(registry: EntityRegistry, t: PothosFields, model: Model) {
  const { datamodel } = registry
  const add = (options: Options, field: FieldOptions) =>
    t.field({
      ...field,
      deprecationReason: options.deprecationReason,
      extensions: { ...field.extensions, ...withPolicy(options) },
    })
  const guardOf = ({ guard }: Options): Condition | undefined =>
    guard === undefined ? undefined : parseWhere(datamodel, model.name, guard)

  const addList = (
    targetName: string,
    bind: { readonly model: Model; readonly relation: string } | null,
    options: ListOptions,
  ) => {
    const type = options.type ? getType(registry, options.type) : getEntity(registry, targetName)
    const target = getModel(datamodel, targetName)
    const rule = options.inherits ? undefined : type.rule
    const source = { datamodel, model: target, bind, parent: model, rule }
    const field = listField(registry, t, type, source, options)
    return add(options, withGuard(model, guardOf(options), field))
  }

  const addFigure = (
    sourceName: string,
    options: Options,
    figure: object,
    fallback: number | null,
  ) =>
    add(
      options,
      aggregateField(registry, t, model, sourceName, {
        ...options,
        guard: guardOf(options),
        type: fallback === null ? 'Float' : 'Int',
        nullable: fallback === null,
        of: { value: figure },
        resolve: ({ value }) => value ?? fallback,
      }),
    )

  return {
    column: (name: string, options: Options) =>
      add(options, columnField(registry, model, name, guardOf(options), options.description)),
    derived: (
      options: Options & {
        readonly type: unknown
        readonly nullable: boolean
        readonly columns: readonly string[]
        readonly resolve: (row: Row, context: LoaderContext) => unknown
      },
    ) => add(options, derivedField(model, options, guardOf(options), options.description)),
    one: (name: string, options: Options) =>
      add(
        options,
        relationField(registry, model, name, {
          description: options.description,
          inherits: options.inherits ?? false,
          guard: guardOf(options),
        }),
      ),
    many: (relation: string, options: ListOptions) =>
      addList(getRelation(model, relation).model, { model, relation }, options),
    list: (target: string, options: ListOptions) => addList(target, null, options),
    count: (source: string, options: Options) => addFigure(source, options, { count: true }, 0),
    sum: (source: string, column: string, options: Options) =>
      addFigure(source, options, { sum: column }, 0),
    average: (source: string, column: string, options: Options) =>
      addFigure(source, options, { average: column }, null),
    aggregate: (
      source: string,
      options: Options & {
        readonly type: 'Int' | 'Float'
        readonly nullable: boolean
        readonly of: Readonly<Record<string, object>>
        readonly resolve: (figures: Readonly<Record<string, unknown>>) => unknown
      },
    ) =>
      add(
        options,
        aggregateField(registry, t, model, source, { ...options, guard: guardOf(options) }),
      ),
    view: (type: EntityRef<unknown>, options: Options) =>
      add(options, viewField(registry, model, type.name, guardOf(options), options.description)),
    rank: (options: Options) => add(options, rankField(options.description)),
  }
}

function withGuard(model: Model, rule: Condition | undefined, field: FieldOptions): FieldOptions {
  if (!rule || !field.resolve) return field
  const columns = [...(field.extensions?.loadline?.columns ?? []), ...guardColumns(model, rule)]
  return {
    ...field,
    nullable: true,
    extensions: { loadline: { columns } },
    resolve: guarded(model, rule, field.resolve),
  }
}
