import type { Database } from './database.ts'
import { findPendingMigrations } from './migrations.ts'

/** Why the database cannot serve now, in sentences without a word of the driver's; nothing when it can. */
export async function findUnreadiness(database: Database): Promise<readonly string[]> {
  try {
    const pending = await findPendingMigrations(database)
    return pending.length === 0 ? [] : [`Migrations are not applied: ${pending.join(', ')}`]
  } catch {
    return ['The database does not answer']
  }
}
