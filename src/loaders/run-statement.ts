import type { Path } from 'graphql/jsutils/Path.js'
import type { Queryable, RawRow, Statement } from '../sql/database.ts'
import type { Tally } from '../sql/tally.ts'

/** The field that asks, as a resolver's `info` tells it. */
export interface Asker {
  /** The same object for all rows that the field is resolved for. */
  readonly fieldNodes: object
  readonly path: Path
}

export interface StatementRunner {
  run(
    statement: Statement,
    values: readonly unknown[],
    askers: readonly Asker[],
  ): Promise<readonly RawRow[]>
}

export interface StatementRunnerOptions {
  readonly queryable: Queryable
  readonly tally: Tally
  readonly signal?: AbortSignal | undefined
}

/**
 * Runs statements for a request and tells its tally what they cost and which fields they served. For
 * loaders, which leave the tags of what they are given; all others read through a `Reader`.
 */
export function createStatementRunner(options: StatementRunnerOptions): StatementRunner {
  const { queryable, tally, signal } = options
  return {
    async run(statement, values, askers) {
      const start = performance.now()
      const rows = await queryable.query(statement, values, { signal })
      const ms = performance.now() - start
      const paths = printPaths(askers)
      tally.record(statement, { ms, rows: rows.length, batch: askers.length, paths })
      return rows
    },
  }
}

/** Each field once, however many rows it asked for. */
function printPaths(askers: readonly Asker[]): readonly string[] {
  const fields = new Map<object, Path>()
  for (const { fieldNodes, path } of askers) {
    if (!fields.has(fieldNodes)) fields.set(fieldNodes, path)
  }
  return [...new Set([...fields.values()].map(printPath))]
}

/** A field's place in the answer, list positions left out. */
function printPath(path: Path): string {
  const names: string[] = []
  for (let step: Path | undefined = path; step; step = step.prev) {
    if (typeof step.key === 'string') names.unshift(step.key)
  }
  return names.join('.')
}
