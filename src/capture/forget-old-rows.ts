import type { Queryable } from '../sql/database.ts'
import { createStatement } from '../sql/statements.ts'
import { history, outbox } from './trigger-body.ts'

/**
 * Deletes what nobody could announce for ten minutes, as when Redis is away for long, so that the
 * outbox stays bounded. In the same transaction the history gets another nonce: since these writes
 * will never be announced, no answer of before may be served again.
 */
export async function forgetOldRows(database: Queryable): Promise<void> {
  await database.query(forget, [])
}

const forget = createStatement(`WITH gone AS (
  DELETE FROM ${outbox} WHERE created_at < now() - interval '10 minutes' RETURNING id
) UPDATE ${history} SET nonce = gen_random_uuid() WHERE EXISTS (SELECT FROM gone)`)
