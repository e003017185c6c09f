import type { Statement } from './database.ts'

/** One statement that a request ran. */
export interface TalliedStatement {
  readonly sql: string
  /** From sending to the last row, queueing for a connection included. */
  readonly ms: number
  readonly rows: number
  /** How many loads the batch answered. */
  readonly batch: number
  /** The fields that asked, list positions left out: `parents.nodes.child`. */
  readonly paths: readonly string[]
}

/** What one request cost the database. */
export interface Tally {
  record(statement: Statement, figures: Omit<TalliedStatement, 'sql'>): void
  readonly statements: readonly TalliedStatement[]
  readonly rowsRead: number
  readonly sqlMs: number
  /** Whether the operation ran as a compiled function; told by who ran it. */
  isCompiled: boolean
}

/** Runs of one shape for one field beyond which an operation is taken to be an N+1. */
const mostRunsOfAShape = 3

/**
 * `watchesShapes` makes a shape that runs again and again for the same field an error that names the
 * field: on in tests and development, where it should be loud.
 */
export function createTally(options: { readonly watchesShapes: boolean }): Tally {
  const statements: TalliedStatement[] = []
  const runs = new Map<string, number>()
  // No getters here: a literal that has them gets a hidden class of its own, which outlives it.
  const tally = {
    statements,
    rowsRead: 0,
    sqlMs: 0,
    isCompiled: false,
    record(statement: Statement, figures: Omit<TalliedStatement, 'sql'>) {
      statements.push({ sql: statement.text, ...figures })
      tally.rowsRead += figures.rows
      tally.sqlMs += figures.ms
      if (!options.watchesShapes) return
      const key = `${statement.name} ${figures.paths.join()}`
      const count = (runs.get(key) ?? 0) + 1
      runs.set(key, count)
      if (count > mostRunsOfAShape) {
        throw new Error(
          `N+1: "${figures.paths.join(', ')}" ran the same statement ${count} times in one operation: ${statement.text}`,
        )
      }
    },
  }
  return tally
}
