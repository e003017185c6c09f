import type { GraphQLResolveInfo } from 'graphql'
import { AppError } from '../errors.ts'
import type { Row } from '../sql/decode.ts'
import { withPolicy } from './answer-policy.ts'
import type { Entity, EntityRegistry } from './entity-registry.ts'
import { createKeyParser, decodeGlobalId, type ParseKey } from './global-id.ts'
import type { LoaderContext } from './loader-context.ts'
import type { FoundRow } from './loaders.ts'
import { oncePerField } from './once-per-field.ts'
import { oncePerSelection } from './once-per-selection.ts'
import { largestPageSize } from './page-arguments.ts'
import type { PothosRef } from './pothos.ts'
import { needsWithRule } from './relation-field.ts'
import { modelOf, type RowPlan } from './row-loader.ts'

/** The Relay interface of everything that has a global id. */
export function defineNodeInterface({ builder, entities }: EntityRegistry): PothosRef {
  return builder.interfaceRef('Node').implement({
    description: 'Something with a global id, which finds it again.',
    resolveType: (row) => entities.get(modelOf(row))?.ref.name,
    fields: (t) => ({
      id: t.field({
        type: 'ID',
        nullable: false,
        description: 'The global id: opaque, and unique over all types.',
      }),
    }),
  })
}

/** `node(id)` and `nodes(ids)`: rows of any type by their global ids, one statement per type. */
export function defineNodeFields(registry: EntityRegistry, node: PothosRef): void {
  const find = createNodeFinder(registry)
  registry.builder.queryFields((t) => ({
    node: t.field({
      type: node,
      nullable: true,
      description:
        'Anything by its global id; null when there is none, or the viewer may not see it.',
      extensions: withPolicy({ isDecidedByRow: true }),
      args: { id: t.arg({ type: 'ID', required: true, description: 'The global id.' }) },
      async resolve(_root, args, context, info) {
        const [found = null] = await find([String(args.id)], () => 'id', context, info)
        if (found instanceof Error) throw found
        return found
      },
    }),
    nodes: t.field({
      type: [node],
      nullable: { list: false, items: true },
      description: 'Several things by their global ids, in the order of the ids; at most 100.',
      extensions: withPolicy({ isDecidedByRow: true }),
      args: {
        ids: t.arg({ type: ['ID'], required: true, description: 'The global ids, 100 at most.' }),
      },
      resolve(_root, args, context, info) {
        const ids = args.ids as readonly string[] // the argument above
        if (ids.length > largestPageSize) {
          const message = `"ids" takes ${largestPageSize} ids at most, got ${ids.length}`
          throw new AppError('BAD_USER_INPUT', message, { field: 'ids' })
        }
        return find(ids, (index) => `ids.${index}`, context, info)
      },
    }),
  }))
}

/**
 * Only here a document does not tell which types its answer shows, so only here a row found decides
 * whether it may be stored. It is the row handed out that counts, and not that one was looked at:
 * what a rule or a figure looks at is not shown, nor is a row that the viewer may not see.
 */
function createNodeFinder(registry: EntityRegistry) {
  const parsers = new Map<Entity, ParseKey>()
  const plansOf = oncePerSelection(() => new Map<Entity, RowPlan>())

  function parserOf(entity: Entity): ParseKey {
    const parse = parsers.get(entity) ?? createKeyParser(registry.datamodel, entity.model)
    parsers.set(entity, parse)
    return parse
  }

  function planOf(entity: Entity, { loaders }: LoaderContext, info: GraphQLResolveInfo): RowPlan {
    const plans = oncePerField(loaders.memory, info, () => plansOf(info))
    const plan = plans.get(entity) ?? planNode(entity, info)
    plans.set(entity, plan)
    return plan
  }

  function findRows(
    entity: Entity,
    keys: readonly (readonly string[])[],
    context: LoaderContext,
    info: GraphQLResolveInfo,
  ): Promise<readonly FoundRow[]> {
    const { rule, policy, ref } = entity
    const plan = planOf(entity, context, info)
    const finding = context.loaders.findGivenRows({ plan, keys, asker: info }, rule)
    if (!policy.noStore) return finding
    const show = <T extends Row | null | Error>(row: T): T => {
      if (row && !(row instanceof Error)) context.readSet.forbid(ref.name)
      return row
    }
    return finding.then((rows) =>
      rows.map((row) => (row instanceof Promise ? row.then(show) : show(row))),
    )
  }

  /**
   * In the order of the ids: what is not there or not to be seen is null, what is no id an error.
   * Rows of one type come together, those of several not: none waits for what another's rule asks.
   */
  return (
    ids: readonly string[],
    nameOf: (index: number) => string,
    context: LoaderContext,
    info: GraphQLResolveInfo,
  ): readonly unknown[] | Promise<readonly unknown[]> => {
    const keysOf = new Map<Entity, (readonly string[])[]>()
    const places = ids.map((id, index) => {
      const decoded = decodeGlobalId(id)
      const entity = decoded && findEntity(registry, decoded.typeName)
      const values = entity && parserOf(entity)(decoded.key)
      // Each of several ids fails by itself.
      if (!values) return refuse(id, nameOf(index))
      const keys = keysOf.get(entity) ?? []
      keysOf.set(entity, keys)
      return { entity, at: keys.push(values) - 1 }
    })
    const rowsOf = new Map(
      [...keysOf].map(([entity, keys]) => [entity, findRows(entity, keys, context, info)]),
    )
    const [all] = rowsOf.values()
    if (all && rowsOf.size === 1) {
      return all.then((rows) =>
        places.map((place) => (place instanceof Error ? place : rows[place.at])),
      )
    }
    return places.map((place) =>
      place instanceof Error ? place : rowsOf.get(place.entity)?.then((rows) => rows[place.at]),
    )
  }
}

function refuse(id: string, field: string): AppError {
  const message = `"${field}" must be a global id, got "${id.slice(0, 40)}"`
  return new AppError('BAD_USER_INPUT', message, { field })
}

function planNode({ ref, model, rule }: Entity, info: GraphQLResolveInfo): RowPlan {
  const type = info.schema.getType(ref.name)
  return { model, key: model.primaryKey, needs: needsWithRule(info, type, model, rule) }
}

/** A view is no node: its rows have the entity's ids. */
function findEntity({ entities, types }: EntityRegistry, typeName: string): Entity | undefined {
  const type = types.get(typeName)
  return type && entities.get(type.model.name) === type ? type : undefined
}
