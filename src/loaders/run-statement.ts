import type { Path } from 'graphql/jsutils/Path.js'
import type { EndedStatement } from '../observe/events.ts'
import type { Cancellation } from '../sql/cancellation.ts'
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
  readonly signal?: Cancellation | undefined
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
      const end = (rows: number, isFailed: boolean) => {
        const ms = performance.now() - startMs
        const [batch, paths] = [askers.length, printPaths(askers)]
        const ended = { statement, values, startMs, ms, rows, batch, paths, isFailed }
        tell?.(ended)
        return ended
      }
      let rows: readonly RawRow[]
      try {
        rows = await queryable.query(sent, values, { signal })
      } catch (error) {
        end(0, true)
        throw error
      }
      tally.record(statement, end(rows.length, false))
      return rows
    },
  }
}

function withComment({ text }: Statement, comment: string): Statement {
  return { name: '', text: `${text} /*${comment}*/` }
}

/** Each field once, however many rows it asked for. */
function printPaths(askers: readonly Asker[]): readonly string[] {
  const [first] = askers
  if (!first) return []
  if (askers.every(({ fieldNodes }) => fieldNodes === first.fieldNodes))
    return [printPath(first.path)]
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
