import type { Database } from '../sql/database.ts'
import { createStatement } from '../sql/statements.ts'
import { outbox } from './trigger-body.ts'

/** Rows after which dead ones are worth clearing away, and passes between two looks. */
const rowsBetween = 1_000
const passesBetween = 200

/**
 * Clears deleted rows away where nobody else does: the embedded database has no autovacuum. To be
 * called after each pass; on a server it does nothing.
 */
export function createOutboxVacuum(
  database: Pick<Database, 'kind' | 'query'>,
): () => Promise<void> {
  let passes = 0
  let vacuumedAt: bigint | null = null
  if (database.kind === 'postgresql') return async () => {}
  return async () => {
    passes += 1
    if (passes % passesBetween !== 1) return
    const [row] = await database.query(readLastId, [])
    const lastId = BigInt(String(row?.[0] ?? 0))
    if (vacuumedAt !== null && lastId - vacuumedAt < BigInt(rowsBetween)) return
    vacuumedAt = lastId
    await database.query(vacuum, [])
  }
}

const readLastId = createStatement(`SELECT last_value FROM ${outbox}_id_seq`)

const vacuum = createStatement(`VACUUM ${outbox}`)
