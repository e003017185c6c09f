import { type Datamodel, getModel, type Model } from '../../src/sql/datamodel.ts'
import type { NaiveRow, NaiveTable } from '../loaders/naive-tables.ts'

type Tables = Readonly<Record<string, NaiveTable>>

/**
 * What a write announces, worked out from whole tables before and after it by the table of tags in the
 * design: an insert or delete its sets, an update its row, its columns over each of its sets, and the
 * sets that it left or entered.
 */
export function announcedTags(datamodel: Datamodel, before: Tables, after: Tables): Set<string> {
  const tags = new Set<string>()
  for (const [name, table] of Object.entries(after)) {
    const source = describe(datamodel, name, table)
    const old = byKey(before[name] ?? { ...table, rows: [] })
    const current = byKey(table)
    for (const [key, row] of current) {
      const previous = old.get(key)
      if (!previous) announceMember(tags, source, row)
      else announceChanges(tags, source, previous, row)
    }
    for (const [key, row] of old) {
      if (current.has(key)) continue
      tags.add(`${source.name}:${key}`)
      announceMember(tags, source, row)
    }
  }
  return tags
}

interface Source {
  readonly name: string
  /** Names as the code says them, by those of the database. */
  readonly names: Readonly<Record<string, string>>
  /** The columns of each foreign key, as the code says them. */
  readonly keys: readonly (readonly string[])[]
}

function describe(datamodel: Datamodel, name: string, table: NaiveTable): Source {
  const model: Model | undefined = datamodel.models[name]
  if (!model)
    return {
      name: joinTableName(datamodel, table),
      names: { A: 'A', B: 'B' },
      keys: [['A'], ['B']],
    }
  const relations = Object.values(getModel(datamodel, name).relations)
  return {
    name,
    names: Object.fromEntries(
      Object.values(model.columns).map((column) => [column.dbName, column.name]),
    ),
    keys: relations
      .filter(({ isList, through, on }) => !isList && !through && ownsKey(model, on))
      .map(({ on }) => on.map(({ from }) => from)),
  }
}

/** The near side of a one-to-one relation has the key; the far side has its primary key there. */
function ownsKey(model: Model, on: readonly { readonly from: string }[]): boolean {
  return (
    !on.every(({ from }) => model.primaryKey.includes(from)) || model.primaryKey.length > on.length
  )
}

function joinTableName(datamodel: Datamodel, table: NaiveTable): string {
  for (const { relations } of Object.values(datamodel.models)) {
    for (const { through } of Object.values(relations)) {
      if (through && `${table.name}` === through.table.replace(/^_/, '')) return through.table
    }
  }
  throw new Error(`No relation is kept in ${table.name}`)
}

function byKey(table: NaiveTable): Map<string, NaiveRow> {
  return new Map(
    table.rows.map((row) => [table.key.map((column) => row.cells[column]?.text).join(','), row]),
  )
}

function setsOf({ name, names, keys }: Source, row: NaiveRow): readonly string[] {
  const texts = Object.fromEntries(
    Object.entries(row.cells).map(([column, { text }]) => [names[column], text]),
  )
  return keys.flatMap((columns) => {
    const values = columns.map((column) => texts[column])
    return values.includes(null) ? [] : [`${name}.${columns.join(',')}=${values.join(',')}`]
  })
}

function announceMember(tags: Set<string>, source: Source, row: NaiveRow): void {
  for (const set of [`${source.name}.*`, ...setsOf(source, row)]) tags.add(set)
}

function announceChanges(
  tags: Set<string>,
  source: Source,
  previous: NaiveRow,
  row: NaiveRow,
): void {
  const changed = Object.keys(row.cells).filter(
    (column) => row.cells[column]?.text !== previous.cells[column]?.text,
  )
  if (changed.length === 0) return
  const { table } = row
  tags.add(`${source.name}:${table.key.map((column) => row.cells[column]?.text).join(',')}`)
  const left = setsOf(source, previous)
  const entered = setsOf(source, row)
  for (const set of [`${source.name}.*`, ...left, ...entered]) {
    for (const column of changed) tags.add(`${set}/${source.names[column]}`)
    if (set !== `${source.name}.*` && !(left.includes(set) && entered.includes(set))) tags.add(set)
  }
}
