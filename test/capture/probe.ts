import type { Queryable } from '../../src/sql/database.ts'
import { createStatement } from '../../src/sql/statements.ts'

/** Runs statements, and tells what they announce. */
export function createProbe(database: Queryable) {
  const run = (sql: string, values: readonly unknown[] = []) =>
    database.query(createStatement(sql), values)

  async function takeRows(): Promise<readonly (readonly string[])[]> {
    const rows = await run(
      'WITH taken AS (DELETE FROM loadline.outbox RETURNING *) SELECT tags FROM taken ORDER BY id',
    )
    return rows.map(([tags]) => tags as readonly string[]) // a text[]
  }

  return {
    run,
    /** The tags of each statement that announced any. */
    async statementsOf(work: string | (() => Promise<unknown>)) {
      await takeRows()
      await (typeof work === 'string' ? run(work) : work())
      return takeRows()
    },
    /** All tags that are announced, sorted. */
    async tagsOf(work: string | (() => Promise<unknown>)): Promise<readonly string[]> {
      return [...new Set((await this.statementsOf(work)).flat())].sort()
    },
  }
}
