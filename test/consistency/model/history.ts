/** A row as PostgreSQL turned it into JSON, its times as fixed-width text. */
export type Row = Readonly<Record<string, unknown>>

/** Something that may have changed rows; times are milliseconds of the checker's own clock. */
export interface Operation {
  readonly name: string
  /** What it does, in words for whoever reads a report. */
  readonly what: string
  readonly begunMs: number
  /** From then on everybody must see it; Infinity while nobody was told. */
  ackedMs: number
}

/** What a row was from one transaction to the next; null: it is not there. */
export interface Version {
  readonly operation: Operation
  readonly row: Row | null
}

/** All that ever was in the database, row by row, in the order of the commits. */
export interface History {
  record(model: string, id: string, version: Version): void
  versions(model: string, id: string): readonly Version[]
  /** Every row that ever was. */
  ids(model: string): Iterable<string>
  /** Every row that ever had this value in this column. */
  related(model: string, column: string, value: unknown): Iterable<string>
  /** Rows that are gone since before a moment, and what they were before, are forgotten. */
  forget(beforeMs: number): void
  /** After the database was put back: whatever is not in `rows` is not there any more. */
  replace(rows: Iterable<readonly [model: string, id: string, row: Row]>, by: Operation): void
}

/** Columns by which rows are looked for. */
const indexed = /^(\w+Id|slug|name)$/

const versionsKept = 200

export function createHistory(): History {
  const models = new Map<string, Map<string, Version[]>>()
  const index = new Map<string, Set<string>>()

  function rowsOf(model: string) {
    const rows = models.get(model) ?? new Map<string, Version[]>()
    models.set(model, rows)
    return rows
  }

  function keysOf(model: string, row: Row): readonly string[] {
    return Object.entries(row)
      .filter(([column]) => indexed.test(column))
      .map(([column, value]) => `${model}.${column}=${value}`)
  }

  function record(model: string, id: string, version: Version) {
    const rows = rowsOf(model)
    const versions = rows.get(id) ?? []
    const last = versions.at(-1)
    // What one transaction did to a row after another is seen as a whole.
    if (last?.operation === version.operation) versions.pop()
    versions.push(version)
    if (versions.length > versionsKept) versions.shift()
    rows.set(id, versions)
    if (version.row === null) return
    for (const key of keysOf(model, version.row)) {
      const ids = index.get(key)
      if (ids) ids.add(id)
      else index.set(key, new Set([id]))
    }
  }

  return {
    record,
    versions: (model, id) => models.get(model)?.get(id) ?? [],
    ids: (model) => rowsOf(model).keys(),
    related: (model, column, value) => index.get(`${model}.${column}=${value}`) ?? [],
    forget(beforeMs) {
      for (const [model, rows] of models) {
        for (const [id, versions] of rows) {
          const last = versions.at(-1)
          if (!last || last.row !== null || last.operation.ackedMs > beforeMs) continue
          rows.delete(id)
          for (const { row } of versions) {
            for (const key of row ? keysOf(model, row) : []) index.get(key)?.delete(id)
          }
        }
      }
    },
    replace(found, by) {
      const left = new Set(
        [...models].flatMap(([model, rows]) => [...rows.keys()].map((id) => `${model}:${id}`)),
      )
      for (const [model, id, row] of found) {
        left.delete(`${model}:${id}`)
        record(model, id, { operation: by, row })
      }
      for (const key of left) {
        const [model = '', id = ''] = key.split(':')
        record(model, id, { operation: by, row: null })
      }
    },
  }
}
