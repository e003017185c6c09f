import type { Identity } from '../../guard/viewer.ts'
import type { StatementRunner } from '../../loaders/run-statement.ts'
import { createStatement } from '../../sql/statements.ts'

const identityOfUser = createStatement('SELECT "role"::text FROM "User" WHERE "id" = $1::uuid')

/** The user with a raw id, as the guard needs to know them; null when there is none. */
export async function findIdentity(
  userId: string,
  runner: StatementRunner,
): Promise<Identity | null> {
  const [row] = await runner.run(identityOfUser, [userId], [])
  return row ? { id: userId, role: String(row[0]) } : null
}
