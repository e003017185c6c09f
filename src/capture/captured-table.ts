import { type Column, type Datamodel, getColumn, getModel, type Model } from '../sql/datamodel.ts'

/** A table whose writes are announced: a model's, or the join table of a many-to-many relation. */
export interface CapturedTable {
  /** As tags call it: the model, or the join table itself. */
  readonly name: string
  readonly schema: string | null
  readonly table: string
  /** What tells rows apart, and so pairs a row before an update with the same row after it. */
  readonly key: readonly Column[]
  /** Whether reads leave tags of single rows, as of a join table they never do. */
  readonly hasRowTags: boolean
  /** Columns that lists are bound to. */
  readonly sets: readonly (readonly Column[])[]
  /** Columns that reads may filter, order or aggregate by. */
  readonly columns: readonly Column[]
}

/** Every table that reads leave tags of, join tables last. `leaveOut` names models that nobody reads. */
export function listCapturedTables(
  datamodel: Datamodel,
  leaveOut: readonly string[] = [],
): readonly CapturedTable[] {
  for (const name of leaveOut) getModel(datamodel, name)
  const models = Object.values(datamodel.models).filter(({ name }) => !leaveOut.includes(name))
  const tables = [
    ...models.map((model) => captureModel(datamodel, model)),
    ...listJoinTables(datamodel),
  ]
  const names = tables.map(({ name }) => name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw new Error(`Tags cannot tell two tables "${twice}" apart`)
  return tables
}

function captureModel(datamodel: Datamodel, model: Model): CapturedTable {
  const { name, schema, table, primaryKey, columns } = model
  return {
    name,
    schema,
    table,
    key: primaryKey.map((column) => getColumn(model, column)),
    hasRowTags: true,
    sets: listSets(datamodel, model).map((set) => set.map((column) => getColumn(model, column))),
    columns: Object.values(columns).filter((column) => !primaryKey.includes(column.name)),
  }
}

/** What lists of other models' relations end in, and single foreign keys, which a filter may bind. */
function listSets(datamodel: Datamodel, model: Model): readonly (readonly string[])[] {
  const arriving = Object.values(datamodel.models)
    .flatMap(({ relations }) => Object.values(relations))
    .filter((relation) => relation.isList && !relation.through && relation.model === model.name)
    .map(({ on }) => on.map(({ to }) => to))
  const own = Object.values(model.relations)
    .filter(({ isList, on }) => !isList && on.length === 1)
    .map(({ on }) => on.map(({ from }) => from))
    .filter((columns) => !columns.some((column) => model.primaryKey.includes(column)))
  return [...new Map([...arriving, ...own].map((set) => [set.join(), set])).values()]
}

function listJoinTables(datamodel: Datamodel): readonly CapturedTable[] {
  const sides = Object.values(datamodel.models).flatMap((model) =>
    Object.values(model.relations).flatMap(({ through, on: [pair] }) =>
      through && pair ? [{ through, near: getColumn(model, pair.from) }] : [],
    ),
  )
  const tables = new Map<string, CapturedTable>()
  for (const { through, near } of sides) {
    const { schema, table, near: name } = through
    const id = `${schema ?? ''}.${table}`
    const known = tables.get(id)?.key.filter((column) => column.name !== name) ?? []
    const key = [...known, { ...near, name, dbName: name }].sort((left, right) =>
      left.name < right.name ? -1 : 1,
    )
    const sets = key.map((column) => [column])
    tables.set(id, { name: table, schema, table, key, hasRowTags: false, sets, columns: [] })
  }
  return [...tables.values()]
}
