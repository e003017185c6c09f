import { type GraphQLResolveInfo, getNamedType, isObjectType } from 'graphql'
import type { Condition } from '../sql/condition.ts'
import { getRelation } from '../sql/datamodel.ts'
import { pageArguments, toPothosArguments } from './arguments.ts'
import { findWindow } from './complete-window.ts'
import { loadConnection } from './connection.ts'
import type { Entity, EntityRegistry } from './entity-registry.ts'
import type { Arguments, OrderChoice } from './entity-types.ts'
import { createListPlanner } from './list-planner.ts'
import { columnsToBind, type ListSource } from './list-source.ts'
import type { LoaderContext } from './loader-context.ts'
import { oncePerField } from './once-per-field.ts'
import { oncePerSelection } from './once-per-selection.ts'
import { type Ordering, parseOrderBy } from './order-by.ts'
import { type PageArguments, parsePageArguments } from './page-arguments.ts'
import type { FieldOptions, PothosFields } from './pothos.ts'
import { type PageNeeds, pageNeeds } from './selection.ts'
import { stringify } from './stringify.ts'
import { parseWhere } from './where.ts'

export interface ListFieldOptions {
  readonly description: string
  readonly args?: Arguments
  readonly where?: unknown
  readonly orderBy: unknown
}

type ArgumentValues = Readonly<Record<string, unknown>>

/** A connection over a list: of a relation, of a rule, or of a whole model. */
export function listField(
  registry: EntityRegistry,
  t: PothosFields,
  type: Entity,
  source: ListSource,
  options: ListFieldOptions,
): FieldOptions {
  const orders = parseOrders(options.orderBy)
  const fixed = typeof options.where === 'function' ? undefined : parseFilter(source, options.where)
  const orderingOf = rememberOrderings(source, orders)
  const planLists = createListPlanner(source, [])
  const needsOf = oncePerSelection((info: GraphQLResolveInfo) =>
    withoutParent(source, pageNeeds(info, connectionType(info))),
  )
  return {
    type: registry.connection(type.ref.name),
    nullable: false,
    description: options.description,
    args: {
      ...toPothosArguments(t, options.args),
      ...pageArguments(t),
      ...orderArgument(registry, t, options.orderBy),
    },
    extensions: { loadline: { columns: columnsToBind(source, fixed) } },
    resolve(parent, args, context, info) {
      const plan = oncePerField(context.loaders.memory, info, () => {
        const filter = fixed ?? parseFilter(source, filterOf(options.where, args, context))
        const ordering = orderingOf(info, args)
        const page: PageArguments = args // the arguments above
        const frame = parsePageArguments(page, ordering)
        return {
          bind: planLists(filter, ordering.terms, context),
          frame,
          window: findWindow(frame),
          needs: needsOf(info),
          ordering,
        }
      })
      return loadConnection(plan.bind(source.parent ? parent : null), plan, context, info)
    },
  }
}

/** All rows of a relation share its parent: to join it would read it once for each of them. */
function withoutParent({ bind }: ListSource, needs: PageNeeds): PageNeeds {
  const parent = bind ? getRelation(bind.model, bind.relation).inverse : null
  return { ...needs, joins: new Map([...needs.joins].filter(([name]) => name !== parent)) }
}

function parseFilter(source: ListSource, where: unknown): Condition {
  return parseWhere(source.datamodel, source.model.name, where)
}

function filterOf(where: unknown, args: ArgumentValues, context: LoaderContext): unknown {
  return typeof where === 'function' ? where(args, context) : where
}

function connectionType(info: GraphQLResolveInfo) {
  const type = getNamedType(info.returnType)
  if (!isObjectType(type)) throw new Error(`"${info.fieldName}" must return a connection`)
  return type
}

type Orders = ReadonlyMap<string, readonly object[]>

function parseOrders(orderBy: unknown): Orders {
  if (!isChoice(orderBy)) return new Map([['', orderBy as readonly object[]]]) // the type of Ordered
  return new Map(Object.entries(orderBy.values).map(([name, { by }]) => [name, by]))
}

function isChoice(orderBy: unknown): orderBy is OrderChoice<Readonly<Record<never, never>>, never> {
  return typeof orderBy === 'object' && orderBy !== null && 'enum' in orderBy
}

function orderArgument(registry: EntityRegistry, t: PothosFields, orderBy: unknown) {
  if (!isChoice(orderBy)) return {}
  const { enum: name, description, values } = orderBy
  const type = registry.order(name, { description, values })
  const [defaultValue] = Object.keys(values)
  return {
    orderBy: t.arg({ type, required: true, defaultValue, description: 'The order of the list.' }),
  }
}

/** Cursors are good for one field, one order and one filter; each such list has its own digest. */
function rememberOrderings(source: ListSource, orders: Orders) {
  const parsed = new Map<string, Ordering>()
  // A term that no cursor can hold is refused now, not when somebody asks.
  for (const terms of orders.values()) parseOrderBy(source.datamodel, source.model, '', terms)
  return (info: GraphQLResolveInfo, args: ArgumentValues): Ordering => {
    const { first, after, last, before, orderBy, ...filter } = args
    const list = `${info.parentType.name}.${info.fieldName} ${stringify(filter)}`
    const key = `${String(orderBy ?? '')} ${list}`
    const known = parsed.get(key)
    if (known) return known
    const terms = orders.get(String(orderBy ?? '')) ?? []
    const ordering = parseOrderBy(source.datamodel, source.model, list, terms)
    if (parsed.size < mostOrderings) parsed.set(key, ordering)
    return ordering
  }
}

/** Orderings remembered per field: filters are the client's, so there is no end to them. */
const mostOrderings = 100
