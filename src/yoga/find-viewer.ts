import type { Identity } from '../guard/viewer.ts'
import { createKeyParser } from '../loaders/global-id.ts'
import type { Reader } from '../loaders/reader.ts'
import type { AnyModels, ColumnOf } from '../loaders/where.ts'
import { type Datamodel, getColumn, getModel } from '../sql/datamodel.ts'
import { columnName, tableName } from '../sql/identifiers.ts'
import { createStatement } from '../sql/statements.ts'
import { readTagsOfRow, setTag } from '../tags/tag.ts'

/** The model whose rows are those who ask, by a primary key of one column. */
export type ViewerModel<Models extends AnyModels<Models>> = {
  readonly [M in keyof Models & string]: {
    readonly model: M
    /** A text or an enum, which rules ask for by `role(...)`. */
    readonly role: ColumnOf<Models, M>
  }
}[keyof Models & string]

export type FindViewer = (id: string, reader: Reader) => Promise<Identity | null>

/** Finds who has an id, in one statement; null when nobody does, or when it cannot be an id. */
export function createFindViewer(
  datamodel: Datamodel,
  viewers: { readonly model: string; readonly role: string },
): FindViewer {
  const model = getModel(datamodel, viewers.model)
  const [key, ...others] = model.primaryKey
  if (key === undefined || others.length > 0) {
    throw new Error(`Viewers need a primary key of one column, and "${model.name}" has another`)
  }
  const parseKey = createKeyParser(datamodel, model)
  const role = getColumn(model, viewers.role)
  const enumType = role.isEnum ? datamodel.enums[role.type] : undefined
  const find = createStatement(`SELECT ${columnName('v', model, role.name)}::text
    FROM ${tableName(model)} AS v
    WHERE ${columnName('v', model, key)} = $1::${getColumn(model, key).sqlType}`)

  return async (userId, reader) => {
    const [id] = parseKey(userId) ?? []
    if (id === undefined) return null
    const [row] = await reader.read(find, [id], ({ length }) =>
      length > 0 ? readTagsOfRow(model.name, [id]) : [setTag(model.name, null)],
    )
    if (!row) return null
    const printed = String(row[0])
    const member = enumType?.values.find(({ dbName }) => dbName === printed)
    return { id, role: member?.name ?? printed }
  }
}

/** For an application without a table of people: who shows an id has it, and one role. */
export const believeViewer: FindViewer = async (id) => ({ id, role: 'USER' })
