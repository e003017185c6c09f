import { datamodel } from '../../src/generated/datamodel.ts'
import { createIdEncoder } from '../../src/loaders/global-id.ts'
import { getModel } from '../../src/sql/datamodel.ts'

/** The id by which clients know a row. */
export function globalId(type: string, id: string): string {
  return createIdEncoder(type, getModel(datamodel, type))({ id })
}
