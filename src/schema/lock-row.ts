import { Prisma } from '../generated/prisma/client.ts'

/**
 * How much a lock keeps others from doing, until the transaction ends:
 * - `change`: nobody else changes or deletes the row
 * - `hold`: nobody changes or deletes it, but others may hold it too
 * - `keep`: nobody deletes it
 * - `alone`: besides, nobody inserts a row that refers to it
 */
export type Lock = 'change' | 'hold' | 'keep' | 'alone'

const clauses: Readonly<Record<Lock, Prisma.Sql>> = {
  change: Prisma.sql`FOR NO KEY UPDATE`,
  hold: Prisma.sql`FOR SHARE`,
  keep: Prisma.sql`FOR KEY SHARE`,
  alone: Prisma.sql`FOR UPDATE`,
}

/**
 * Locks rows of a table, in the order of their ids, so that two calls never wait for each other.
 * Rows that do not exist are passed over. What is read afterwards, in the same transaction, is what
 * was committed before the lock was given.
 */
export async function lockRows(
  tx: Prisma.TransactionClient,
  table: Prisma.ModelName,
  ids: readonly string[],
  lock: Lock,
): Promise<void> {
  await tx.$executeRaw`
    SELECT 1 FROM ${Prisma.raw(`"${table}"`)} WHERE "id" = ANY(${ids}::uuid[])
    ORDER BY "id" ${clauses[lock]}`
}
