import type { RepeatedShape } from '../observe/events.ts'
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

/** When it was sent, as `performance.now()` gives it: they do not end in that order. */
interface SentAt {
  readonly startMs?: number
}

/** What one request cost the database. */
export interface Tally {
  record(statement: Statement, figures: Omit<TalliedStatement, 'sql'> & SentAt): void
  /** In the order in which they were sent. */
  readonly statements: readonly TalliedStatement[]
  readonly rowsRead: number
  readonly sqlMs: number
  /** Whether the operation ran as a compiled function; told by who ran it. */
  isCompiled: boolean
}

/** Runs of one shape for one field beyond which an operation is taken to be an N+1. */
const mostRunsOfAShape = 3

export interface TallyOptions {
  /**
   * Makes a shape that runs again and again for the same field an error that names the field: for
   * tests and development, where it should be loud.
   */
  readonly watchesShapes: boolean
  /** Told once of each such shape instead of that, or before. */
  readonly onRepeat?: (repeated: RepeatedShape) => void
}

export function createTally({ watchesShapes, onRepeat }: TallyOptions): Tally {
  const statements: TalliedStatement[] = []
  const sentAt: number[] = []
  const runs = new Map<string, number>()
  // No getters here: a literal that has them gets a hidden class of its own, which outlives it.
  const tally = {
    statements,
    rowsRead: 0,
    sqlMs: 0,
    isCompiled: false,
    record(
      statement: Statement,
      { ms, rows, batch, paths, startMs = 0 }: Omit<TalliedStatement, 'sql'> & SentAt,
    ) {
      const later = sentAt.findLastIndex((sent) => sent <= startMs) + 1
      sentAt.splice(later, 0, startMs)
      statements.splice(later, 0, { sql: statement.text, ms, rows, batch, paths })
      tally.rowsRead += rows
      tally.sqlMs += ms
      if (!watchesShapes && !onRepeat) return
      const key = `${statement.name} ${paths.join()}`
      const count = (runs.get(key) ?? 0) + 1
      runs.set(key, count)
      if (count <= mostRunsOfAShape) return
      if (count === mostRunsOfAShape + 1) onRepeat?.({ sql: statement.text, paths, runs: count })
      if (watchesShapes) {
        throw new Error(
          `N+1: "${paths.join(', ')}" ran the same statement ${count} times in one operation: ${statement.text}`,
        )
      }
    },
  }
  return tally
}
