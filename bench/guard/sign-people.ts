import { openBenchDatabase } from '../support/bench-database.ts'
import { signForBench } from '../support/bench-secret.ts'

/** Tokens of so many people of the bench's data. */
export async function signPeople(count: number): Promise<readonly string[]> {
  await using database = await openBenchDatabase()
  const statement = { name: 'bench-people', text: 'SELECT id FROM "User" ORDER BY id LIMIT $1' }
  const rows = await database.query(statement, [count])
  return Promise.all(rows.map(([id]) => signForBench(String(id))))
}
