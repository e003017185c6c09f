import type { Datamodel } from '../sql/datamodel.ts'
import { getModel } from '../sql/datamodel.ts'
import { type AnswerPolicy, withPolicy } from './answer-policy.ts'
import { idField } from './column-fields.ts'
import { createConnectionTypes } from './connection-types.ts'
import { createEntityFields } from './entity-fields.ts'
import { type EntityRegistry, getType } from './entity-registry.ts'
import type {
  EntityField,
  EntityFields,
  EntityRef,
  OrderChoice,
  PayloadFields,
  QueryFields,
} from './entity-types.ts'
import { defineNodeFields, defineNodeInterface } from './node-fields.ts'
import type { PothosBuilder, PothosRef } from './pothos.ts'
import { createPayloadFields, createQueryFields } from './query-fields.ts'
import { type AnyModels, parseWhere, type Where } from './where.ts'

interface TypeOptions<Models extends AnyModels<Models>, M extends keyof Models & string, Context>
  extends AnswerPolicy {
  readonly model: M
  readonly description: string
  readonly fields: (t: EntityFields<Models, M, Context>) => Readonly<Record<string, EntityField>>
}

/** Declares GraphQL types over the models of a Prisma schema; every name is checked against it. */
export interface EntityBuilder<Models extends AnyModels<Models>, Context, Ref> {
  /** A Relay node: the type that stands for a model's rows. */
  object<M extends keyof Models & string>(
    name: string,
    options: TypeOptions<Models, M, Context> & {
      /** Who may see a row: for others it does not exist. Everybody, when left out. */
      readonly visible?: NoInfer<Where<Models, M>>
    },
  ): EntityRef<M> & Ref
  /** Another type over a model's rows: a screen, a group of figures. */
  view<M extends keyof Models & string>(
    name: string,
    options: TypeOptions<Models, M, Context>,
  ): EntityRef<M> & Ref
  query(fields: (t: QueryFields<Models, Context>) => Readonly<Record<string, EntityField>>): void
  /** What a mutation returns: its result's entities, read anew. */
  payload<Result = Readonly<Record<string, string>>>(
    name: string,
    options: {
      readonly description: string
      readonly fields: (
        t: PayloadFields<Models, Result, Context>,
      ) => Readonly<Record<string, EntityField>>
    },
  ): Ref
  /** A choice of orderings that several lists of a model share. */
  order<M extends keyof Models & string>(
    model: M,
    choice: OrderChoice<Models, M>,
  ): OrderChoice<Models, M>
  /** The type of columns of a Prisma enum. */
  enum(name: string, type: { readonly name: string }): void
  /** Adds `node` and `nodes`. */
  node(): void
}

/**
 * `Ref` is what the schema builder calls an object ref of its own.
 * @example const entity = createEntityBuilder<Models, Context, ObjectRef>(builder, datamodel)
 */
export function createEntityBuilder<Models extends AnyModels<Models>, Context, Ref>(
  builder: PothosBuilder,
  datamodel: Datamodel,
): EntityBuilder<Models, Context, Ref> {
  const types: EntityRegistry['types'] = new Map()
  const orders = new Map<string, PothosRef>()
  const registry: EntityRegistry = {
    builder,
    datamodel,
    entities: new Map(),
    enums: new Map(),
    types,
    connection: createConnectionTypes(builder, (name) => getType(registry, { name, model: null })),
    order(name, options) {
      const type = orders.get(name) ?? builder.enumType(name, options)
      orders.set(name, type)
      return type
    },
  }
  const node = defineNodeInterface(registry)

  const declare = (
    name: string,
    options: AnswerPolicy & {
      readonly model: string
      readonly description: string
      readonly fields: unknown
    },
    isNode: boolean,
    visible: unknown,
  ) => {
    const model = getModel(datamodel, options.model)
    const rule = visible === undefined ? undefined : parseWhere(datamodel, model.name, visible)
    const ref = builder.objectRef(name)
    const type = { ref, model, rule, policy: options }
    types.set(name, type)
    if (isNode) registry.entities.set(model.name, type)
    ref.implement({
      description: options.description,
      interfaces: isNode ? [node] : [],
      extensions: withPolicy(options),
      fields: (t) => ({
        ...(isNode ? { id: t.field(idField(name, model)) } : {}),
        ...fieldsOf(options.fields, createEntityFields(registry, t, model)),
      }),
    })
    return Object.assign(ref, { model: model.name })
  }

  const entities: object = {
    object: (
      name: string,
      options: Parameters<typeof declare>[1] & { readonly visible?: unknown },
    ) => declare(name, options, true, options.visible),
    view: (name: string, options: Parameters<typeof declare>[1]) =>
      declare(name, options, false, undefined),
    query(fields: unknown) {
      builder.queryFields((t) => fieldsOf(fields, createQueryFields(registry, t)))
    },
    payload(name: string, options: { readonly description: string; readonly fields: unknown }) {
      return builder.objectRef(name).implement({
        description: options.description,
        fields: (t) => fieldsOf(options.fields, createPayloadFields(registry, t)),
      })
    },
    order: (_model: string, choice: unknown) => choice,
    enum: (name: string, type: object) => registry.enums.set(name, type),
    node: () => defineNodeFields(registry, node),
  }
  return entities as EntityBuilder<Models, Context, Ref> // the same functions, with inference
}

function fieldsOf(fields: unknown, t: unknown): Readonly<Record<string, object>> {
  return (fields as (t: unknown) => Readonly<Record<string, object>>)(t) // TypeOptions.fields
}
