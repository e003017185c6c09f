import type { Identity } from '../../guard/viewer.ts'
import type { Reader } from '../../loaders/reader.ts'
import { createStatement } from '../../sql/statements.ts'
import { readTagsOfRow, setTag } from '../../tags/tag.ts'

const identityOfUser = createStatement(
  'SELECT "role"::text FROM "User" WHERE "id" = $1::uuid',
  true,
)

/** The user with a raw id, as the guard needs to know them; null when there is none. */
export async function findIdentity(userId: string, reader: Reader): Promise<Identity | null> {
  const [row] = await reader.read(identityOfUser, [userId], ({ length }) =>
    length > 0 ? readTagsOfRow('User', [userId]) : [setTag('User', null)],
  )
  return row ? { id: userId, role: String(row[0]) } : null
}
