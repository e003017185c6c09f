import type { GraphQLResolveInfo } from 'graphql'
import { AppError } from '../errors.ts'
import type { Condition } from '../sql/condition.ts'
import type { Model } from '../sql/datamodel.ts'
import type { Row } from '../sql/decode.ts'
import type { LoaderContext } from './loader-context.ts'
import type { Resolve } from './pothos.ts'

/** A resolver that answers only where the rule holds for its row. */
export function guarded(model: Model, rule: Condition | undefined, resolve: Resolve): Resolve {
  if (!rule) return resolve
  return async (row, args, context, info) => {
    await demand(model, row, rule, context, info)
    return resolve(row, args, context, info)
  }
}

async function demand(
  model: Model,
  row: Row,
  rule: Condition,
  { loaders }: LoaderContext,
  info: GraphQLResolveInfo,
): Promise<void> {
  if (await loaders.rowIf(rule, { model, row, asker: info })) return
  throw new AppError(
    'FORBIDDEN',
    `You may not read "${info.parentType.name}.${info.fieldName}" here`,
  )
}
