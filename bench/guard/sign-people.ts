import { signToken } from '../../src/guard/sign-token.ts'
import { openBenchDatabase } from '../support/bench-database.ts'
import { benchSecret } from '../support/served-app.ts'

/** Tokens of so many people of the bench's data. */
export async function signPeople(count: number): Promise<readonly string[]> {
  await using database = await openBenchDatabase()
  const statement = { name: 'bench-people', text: 'SELECT id FROM "User" ORDER BY id LIMIT $1' }
  const rows = await database.query(statement, [count])
  const signing = { secret: benchSecret, issuer: null, audience: null }
  return Promise.all(rows.map(([id]) => signToken(String(id), signing)))
}
