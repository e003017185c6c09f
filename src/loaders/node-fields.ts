import type { GraphQLResolveInfo } from 'graphql'
import { AppError } from '../errors.ts'
import { withPolicy } from './answer-policy.ts'
import type { Entity, EntityRegistry } from './entity-registry.ts'
import { decodeGlobalId, parseKey } from './global-id.ts'
import type { LoaderContext } from './loader-context.ts'
import { oncePerField } from './once-per-field.ts'
import { oncePerSelection } from './once-per-selection.ts'
import { largestPageSize } from './page-arguments.ts'
import type { PothosBuilder, PothosRef } from './pothos.ts'
import { needsWithRule } from './relation-field.ts'
import type { RowPlan } from './row-loader.ts'

/** The Relay interface of everything that has a global id. */
export function defineNodeInterface(builder: PothosBuilder): PothosRef {
  return builder.interfaceRef('Node').implement({
    description: 'Something with a global id, which finds it again.',
    resolveType: (value) => value.__typename,
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
      resolve: (_root, args, context, info) => find(String(args.id), 'id', context, info),
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
        return ids.map((id, index) => find(id, `ids.${index}`, context, info))
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
  const plansOf = oncePerSelection(() => new Map<Entity, RowPlan>())
  return (
    id: string,
    field: string,
    { loaders, readSet }: LoaderContext,
    info: GraphQLResolveInfo,
  ): Promise<object | null> => {
    const decoded = decodeGlobalId(id)
    const entity = decoded && findEntity(registry, decoded.typeName)
    const values = decoded && entity && parseKey(registry.datamodel, entity.model, decoded.key)
    // Each of several ids fails by itself.
    if (!entity || !values) return Promise.reject(refuse(id, field))
    const { rule, policy, ref } = entity
    const plans = oncePerField(loaders.memory, info, () => plansOf(info))
    const plan = plans.get(entity) ?? planNode(entity, info)
    plans.set(entity, plan)
    const found = loaders.findGivenRow({ plan, values: Object.values(values), asker: info }, rule)
    return found.then((row) => {
      if (row && policy.noStore) readSet.forbid(ref.name)
      return row && { ...row, __typename: ref.name }
    })
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
