import type { Queryable, Statement } from './database.ts'

const longestMs = 2_000

/** The plan of a statement as `EXPLAIN (FORMAT JSON)` gives it. Nothing is run. */
export async function explainStatement(
  database: Queryable,
  { text }: Statement,
  values: readonly unknown[],
): Promise<unknown> {
  const statement = { name: '', text: `EXPLAIN (FORMAT JSON) ${text}` }
  const signal = AbortSignal.timeout(longestMs)
  const [row] = await database.query(statement, values, { signal })
  return row?.[0]
}
