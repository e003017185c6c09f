import type { SchemaTypes } from '@pothos/core'
import type { TypedDatamodel } from '../sql/datamodel.ts'
import { createEntityBuilder, type EntityBuilder } from './entity.ts'
import type { LoaderContext } from './loader-context.ts'
import type { PothosBuilder } from './pothos.ts'
import type { AnyModels } from './where.ts'

/**
 * Entities over a generated datamodel, for a Pothos builder whose context has what loaders need. The
 * builder needs a query type, and a scalar for each type that columns have beyond those of GraphQL.
 *
 * @example const entity = createEntities(builder, datamodel)
 */
export function createEntities<Types extends SchemaTypes, Models extends AnyModels<Models>>(
  builder: PothosSchemaTypes.SchemaBuilder<Types> & ForLoaders<Types>,
  datamodel: TypedDatamodel<Models>,
): EntityBuilder<Models, Types['Context'], PothosSchemaTypes.ObjectRef<Types, unknown>> {
  // The part of Pothos that entities use, which every builder has.
  return createEntityBuilder(builder as unknown as PothosBuilder, datamodel)
}

/** Says in an error of the compiler what the context lacks. */
type ForLoaders<Types extends SchemaTypes> = Types['Context'] extends LoaderContext
  ? unknown
  : { readonly 'the context must be a': LoaderContext }
