import type { GraphQLResolveInfo } from 'graphql'
import { AppError } from '../errors.ts'
import type { Row } from '../sql/decode.ts'
import { type AnswerPolicy, withPolicy } from './answer-policy.ts'
import { toPothosArguments } from './arguments.ts'
import { type EntityRegistry, getType } from './entity-registry.ts'
import type { Arguments, EntityRef } from './entity-types.ts'
import { listField } from './list-field.ts'
import type { LoaderContext } from './loader-context.ts'
import type { PothosFields, Resolve } from './pothos.ts'
import { findSelected, type RowTarget } from './relation-field.ts'
import { noFacts, specialise } from './specialise.ts'
import { parseWhere } from './where.ts'

interface Options extends AnswerPolicy {
  readonly description: string
  readonly deprecationReason?: string
  readonly args?: Arguments
  readonly inherits?: boolean
  readonly guard?: unknown
  readonly where?: unknown
}

type Values = Readonly<Record<string, unknown>>

/** The fields of the query root; typed for their users as `QueryFields`. */
export function createQueryFields(registry: EntityRegistry, t: PothosFields) {
  const { datamodel } = registry
  return {
    one(
      type: EntityRef<unknown>,
      options: Options & { readonly by: (args: Values, context: LoaderContext) => Values | null },
    ) {
      const { ref, model, rule } = getType(registry, type)
      return t.field({
        type: ref,
        nullable: true,
        description: options.description,
        deprecationReason: options.deprecationReason,
        extensions: withPolicy(options),
        args: toPothosArguments(t, options.args),
        resolve: (_root, args, context, info) =>
          findByKey(
            { model, rule: options.inherits ? undefined : rule, isGiven: true },
            options.by(args, context),
            context,
            info,
          ),
      })
    },
    connection(type: EntityRef<unknown>, options: Options & { readonly orderBy: unknown }) {
      const entity = getType(registry, type)
      const rule = options.inherits ? undefined : entity.rule
      const source = { datamodel, model: entity.model, bind: null, parent: null, rule }
      const field = listField(registry, t, entity, source, options)
      const { deprecationReason } = options
      return t.field({
        ...field,
        deprecationReason,
        extensions: { ...field.extensions, ...withPolicy(options) },
        ...demanding(registry, options.guard, field.resolve),
      })
    },
    field(
      options: Options & {
        readonly type: unknown
        readonly nullable?: boolean
        readonly resolve: Resolve
      },
    ) {
      return t.field({
        type: options.type,
        nullable: options.nullable ?? options.guard !== undefined,
        description: options.description,
        deprecationReason: options.deprecationReason,
        extensions: withPolicy(options),
        args: toPothosArguments(t, options.args),
        ...demanding(registry, options.guard, options.resolve),
      })
    },
  }
}

/** The fields of what a mutation returns; typed for their users as `PayloadFields`. */
export function createPayloadFields(registry: EntityRegistry, t: PothosFields) {
  return {
    one(
      type: EntityRef<unknown>,
      options: Options & { readonly by: (result: Values, context: LoaderContext) => Values | null },
    ) {
      const { ref, model, rule } = getType(registry, type)
      return t.field({
        type: ref,
        nullable: true,
        description: options.description,
        resolve: (result, _args, context, info) =>
          findByKey(
            { model, rule: options.inherits ? undefined : rule },
            options.by(result, context),
            context,
            info,
          ),
      })
    },
    all(
      type: EntityRef<unknown>,
      options: Options & {
        readonly by: (result: Values, context: LoaderContext) => readonly Values[]
      },
    ) {
      const { ref, model, rule } = getType(registry, type)
      return t.field({
        type: [ref],
        nullable: { list: false, items: true },
        description: options.description,
        resolve: (result, _args, context, info) =>
          options
            .by(result, context)
            .map((key) =>
              findByKey({ model, rule: options.inherits ? undefined : rule }, key, context, info),
            ),
      })
    },
    value(
      options: Options & {
        readonly type: unknown
        readonly nullable?: boolean
        readonly resolve: (result: Values, context: LoaderContext) => unknown
      },
    ) {
      return t.field({
        type: options.type,
        nullable: options.nullable ?? false,
        description: options.description,
        resolve: (result, _args, context) => options.resolve(result, context),
      })
    },
  }
}

/** A guard at the root can ask about the viewer only: there is no row yet. */
function demanding(registry: EntityRegistry, guard: unknown, resolve: Resolve | undefined) {
  if (guard === undefined || !resolve) return resolve ? { resolve } : {}
  const [anyModel = ''] = Object.keys(registry.datamodel.models)
  const rule = parseWhere(registry.datamodel, anyModel, guard)
  const checked: Resolve = (root, args, context, info) => {
    if (specialise(rule, noFacts, context.viewer).kind !== 'always') {
      throw new AppError('FORBIDDEN', `You may not read "${info.fieldName}"`)
    }
    return resolve(root, args, context, info)
  }
  return { nullable: true, resolve: checked }
}

async function findByKey(
  target: Omit<RowTarget, 'key'>,
  key: Values | null,
  context: LoaderContext,
  info: GraphQLResolveInfo,
): Promise<Row | null> {
  if (key === null) return null
  return findSelected({ ...target, key: Object.keys(key) }, Object.values(key), context, info)
}
