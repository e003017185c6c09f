import type { Path } from 'graphql/jsutils/Path.js'
import type { EndedStatement } from '../observe/events.ts'
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
  /** Told of every statement. */
  readonly tell?: ((ended: EndedStatement) => void) | undefined
  /**
   * What stands behind each statement for those who look at the server, without its marks; such
   * statements are not kept prepared. @default nothing
   */
  readonly comment?: string | null | undefined
}

/**
 * Runs statements for a request and tells its tally what they cost and which fields they served. For
 * loaders, which leave the tags of what they are given; all others read through a `Reader`.
 */
export function createStatementRunner(options: StatementRunnerOptions): StatementRunner {
  const { queryable, tally, signal, tell, comment = null } = options
  return {
    async run(statement, values, askers) {
      const startMs = performance.now()
      const sent = comment === null ? statement : withComment(statement, comment)
      const rows = await queryable.query(sent, values, { signal }).catch((error) => {
        const ended = { rows: 0, batch: askers.length, paths: printPaths(askers) }
        tell?.({ ...ended, statement, values, startMs, ms: elapsed(startMs), isFailed: true })
        throw error
      })
      const ms = elapsed(startMs)
      const figures = { ms, rows: rows.length, batch: askers.length, paths: printPaths(askers) }
      tell?.({ ...figures, statement, values, startMs, isFailed: false })
      tally.record(statement, figures)
      return rows
    },
  }
}

function withComment({ text }: Statement, comment: string): Statement {
  return { name: '', text: `${text} /*${comment}*/` }
}

function elapsed(startMs: number): number {
  return performance.now() - startMs
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
