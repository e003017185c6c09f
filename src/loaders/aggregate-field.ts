import type { AggregateTerm } from '../sql/compile-aggregate.ts'
import { type Condition, comparedColumns, relatedParts } from '../sql/condition.ts'
import { getColumn, getModel, getRelation, type Model } from '../sql/datamodel.ts'
import type { OrderTerm } from '../sql/order.ts'
import { toPothosArguments } from './arguments.ts'
import { guardColumns } from './column-fields.ts'
import type { EntityRegistry } from './entity-registry.ts'
import type { Arguments } from './entity-types.ts'
import { guarded } from './guard.ts'
import { createListPlanner } from './list-planner.ts'
import { columnsToBind, type ListSource } from './list-source.ts'
import { oncePerField } from './once-per-field.ts'
import type { FieldOptions, PothosFields } from './pothos.ts'
import { parseWhere } from './where.ts'

export interface AggregateFieldOptions {
  readonly description: string
  readonly args?: Arguments
  readonly where?: unknown
  readonly guard: Condition | undefined
  readonly type: 'Int' | 'Float'
  readonly nullable: boolean
  readonly of: Readonly<Record<string, object>>
  readonly resolve: (figures: Readonly<Record<string, unknown>>) => unknown
}

const noOrder: readonly OrderTerm[] = []

/** Figures over a relation's rows, or over those of a model that a rule ties to the parent. */
export function aggregateField(
  registry: EntityRegistry,
  t: PothosFields,
  parent: Model,
  sourceName: string,
  options: AggregateFieldOptions,
): FieldOptions {
  const source = aggregateSource(registry, parent, sourceName)
  const { datamodel, model } = source
  const fixed =
    typeof options.where === 'function'
      ? undefined
      : parseWhere(datamodel, model.name, options.where)
  const names = Object.keys(options.of)
  const figures = Object.values(options.of).map((figure) => parseFigure(source, figure))
  const aggregated = figures.flatMap(({ column, where }) => [
    ...(column === null ? [] : [column]),
    ...comparedColumns(where),
  ])
  const plan = createListPlanner(source, aggregated)
  const columns = [...columnsToBind(source, fixed), ...guardColumns(parent, options.guard)]
  return {
    type: options.type,
    nullable: options.nullable || options.guard !== undefined,
    description: options.description,
    args: toPothosArguments(t, options.args),
    extensions: { loadline: { columns, figures: names.length } },
    resolve: guarded(parent, options.guard, async (row, args, context, info) => {
      const bind = oncePerField(context.loaders.memory, info, () => {
        const where = typeof options.where === 'function' ? options.where(args, context) : undefined
        const filter = fixed ?? parseWhere(datamodel, model.name, where)
        return plan(filter, noOrder, context)
      })
      const list = bind(row)
      if (!list) return options.resolve(nothing(names, figures))
      const { key, compiled } = list
      const { shape, values: slots } = compiled.figures()
      const values = await context.loaders.loadAggregate({
        shape,
        slots,
        key,
        figures,
        tagsOf: compiled.tagsOf,
        asker: info,
      })
      return options.resolve(Object.fromEntries(names.map((name, index) => [name, values[index]])))
    }),
  }
}

function aggregateSource(registry: EntityRegistry, parent: Model, name: string): ListSource {
  const { datamodel } = registry
  const isRelation = name in parent.relations
  const model = getModel(datamodel, isRelation ? getRelation(parent, name).model : name)
  const bind = isRelation ? { model: parent, relation: name } : null
  return { datamodel, model, bind, parent, rule: undefined }
}

function parseFigure({ datamodel, model }: ListSource, figure: object): AggregateTerm {
  const where = parseWhere(datamodel, model.name, 'where' in figure ? figure.where : {})
  if (relatedParts(where).length > 0) {
    throw new Error(
      'A figure is narrowed by columns alone; put relations into `where` of the whole',
    )
  }
  if ('count' in figure) return { figure: 'count', column: null, where }
  const [kind, column] =
    'sum' in figure
      ? ['sum' as const, figure.sum]
      : ['average' as const, 'average' in figure && figure.average]
  return { figure: kind, column: getColumn(model, String(column)).name, where }
}

function nothing(names: readonly string[], figures: readonly AggregateTerm[]) {
  return Object.fromEntries(
    names.map((name, index) => [name, figures[index]?.figure === 'average' ? null : 0]),
  )
}
