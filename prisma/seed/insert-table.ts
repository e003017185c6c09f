import type { Queryable, Statement } from '../../src/sql/database.ts'
import { toTimestamp } from './instant.ts'
import type { ColumnType, SeedTable, SeedValue } from './seed-table.ts'

/** Rows of one statement: enough to hide the round trip, few enough to stay at some megabytes. */
const batchSize = 4_000

type Batch = readonly (readonly (string | null)[])[]

/** Inserts all rows of a table, and tells after each statement how many it held. */
export async function insertTable(
  database: Queryable,
  table: SeedTable,
  onInserted: (rows: number) => void,
): Promise<void> {
  const statement = insertStatement(table)
  let pending: Promise<void> = Promise.resolve()
  // The next batch is made while the database works on the one before.
  for (const batch of batches(table)) {
    await pending
    pending = insert(batch)
    // Its failure is met by the `await` of the next round, or the one after the loop.
    pending.catch(() => {})
    await yieldToSockets()
  }
  await pending

  async function insert(batch: Batch): Promise<void> {
    await database.query(statement, batch)
    onInserted(batch[0]?.length ?? 0)
  }
}

function insertStatement({ name, columns }: SeedTable): Statement {
  const entries = Object.entries(columns)
  const targets = entries.map(([column]) => `"${column}"`)
  const arrays = entries.map((_, index) => `$${index + 1}::text[]`)
  const values = entries.map(([column, type]) => `r."${column}"::${type}`)
  return {
    name: `seed_${name}`,
    text: `INSERT INTO "${name}" (${targets}) SELECT ${values} FROM unnest(${arrays}) AS r(${targets})`,
  }
}

/** Batches as one array per column, of values as text: the form that both databases take alike. */
function* batches({ columns, rows }: SeedTable): Iterable<Batch> {
  const entries = Object.entries(columns)
  let batch: (string | null)[][] = entries.map(() => [])
  let size = 0
  for (const row of rows()) {
    entries.forEach(([column, type], index) => {
      batch[index]?.push(toText(row[column] ?? null, type))
    })
    if (++size < batchSize) continue
    yield batch
    batch = entries.map(() => [])
    size = 0
  }
  if (size > 0) yield batch
}

function toText(value: SeedValue, type: ColumnType): string | null {
  if (value === null) return null
  return type === 'timestamptz' && typeof value === 'number' ? toTimestamp(value) : String(value)
}

/** Lets the statement that was just started leave, before the next batch occupies the thread. */
function yieldToSockets(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
