import { datamodel } from '../generated/datamodel.ts'
import { parseGlobalIdOf } from '../loaders/global-id.ts'

/**
 * The raw id in a global id of one type.
 * @throws AppError `BAD_USER_INPUT` that names `field`
 */
export function parseGlobalId(id: string | number, typeName: string, field: string): string {
  return parseGlobalIdOf(datamodel, String(id), typeName, field)
}
