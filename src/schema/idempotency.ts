import { createHash } from 'node:crypto'
import { AppError } from '../errors.ts'
import type { Prisma } from '../generated/prisma/client.ts'
import { newRowId } from './row-id.ts'

/** One use of an idempotency key: whose, for which mutation, with what. */
export interface KeyedCall {
  readonly userId: string
  readonly operation: string
  readonly key: string
  /** The parsed input, without the key. */
  readonly input: unknown
}

/**
 * Runs a mutation's writes at most once for a key within 24 hours: a repeat gets what the first call
 * stored, the same key with another input is a `CONFLICT`. Must be the transaction's first write.
 *
 * The key's row is written before the work and belongs to the same transaction. So a second call
 * that comes meanwhile waits at the unique index, until the first has committed (and then finds its
 * result) or has failed (and then does the work itself).
 */
export async function runOnce<Result extends object>(
  tx: Prisma.TransactionClient,
  call: KeyedCall,
  run: () => Promise<Result>,
): Promise<Result> {
  const inputHash = hashInput(call.input)
  const claimed = await claimKey(tx, call, inputHash)
  if (claimed === null) return findResult<Result>(tx, call, inputHash)
  const result = await run()
  // Raw ids, in objects and lists.
  const resultIds = result as Prisma.InputJsonObject
  await tx.idempotencyKey.update({ where: { id: claimed }, data: { resultIds } })
  await deleteSomeExpired(tx)
  return result
}

/** The id of the key's new row, or null when a call with it has succeeded in the last 24 hours. */
async function claimKey(
  tx: Prisma.TransactionClient,
  { userId, operation, key }: KeyedCall,
  inputHash: string,
): Promise<string | null> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    INSERT INTO "IdempotencyKey" AS old ("id", "userId", "operation", "key", "inputHash", "resultIds")
    VALUES (${newRowId()}::uuid, ${userId}::uuid, ${operation}, ${key}, ${inputHash}, '{}')
    ON CONFLICT ("userId", "operation", "key") DO UPDATE
    SET "inputHash" = excluded."inputHash", "resultIds" = '{}', "createdAt" = now(), "updatedAt" = now()
    WHERE old."createdAt" <= now() - interval '24 hours'
    RETURNING "id"`
  return rows[0]?.id ?? null
}

async function findResult<Result>(
  tx: Prisma.TransactionClient,
  { userId, operation, key }: KeyedCall,
  inputHash: string,
): Promise<Result> {
  const stored = await tx.idempotencyKey.findUniqueOrThrow({
    where: { userId_operation_key: { userId, operation, key } },
    select: { inputHash: true, resultIds: true },
  })
  if (stored.inputHash !== inputHash) {
    throw new AppError('CONFLICT', `"${key}" was used for ${operation} with another input`, {
      field: 'input.idempotencyKey',
    })
  }
  // The same operation stored it, in the last 24 hours.
  return stored.resultIds as Result
}

/** Old keys go a few at a time, so that no call pays for all of them and no job is needed. */
async function deleteSomeExpired(tx: Prisma.TransactionClient): Promise<void> {
  await tx.$executeRaw`
    DELETE FROM "IdempotencyKey" WHERE "id" IN (
      SELECT "id" FROM "IdempotencyKey" WHERE "createdAt" <= now() - interval '24 hours'
      ORDER BY "createdAt" LIMIT 20 FOR UPDATE SKIP LOCKED
    )`
}

function hashInput(input: unknown): string {
  return createHash('sha256').update(canonicalJson(input)).digest('hex')
}

/** JSON in which the order of an object's keys does not count. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}
