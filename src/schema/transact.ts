import { setTimeout as sleep } from 'node:timers/promises'
import type { Context } from '../context.ts'
import type { Prisma } from '../generated/prisma/client.ts'
import { createTransactionQueryable } from '../sql/transaction.ts'

/** How often work is begun again that the database stopped so that other work could go on. */
const maxAttempts = 5

/** How long a call waits for a connection, and how long its transaction may then take. */
const maxWaitMs = 10_000
const timeoutMs = 20_000

/**
 * Runs work in one transaction: all of it happens or nothing. It may run more than once, so it
 * touches nothing but the transaction. Resolves when nobody is served an answer of before any more.
 *
 * READ COMMITTED, in which every session of ours begins, because each rule locks the rows that it is
 * about (`lockRows`) before it looks at them: calls about other rows neither wait nor fail.
 * SERIALIZABLE would need no locks, but answers calls about the same course by failing all but one of
 * them, to be begun again.
 */
export async function transact<Result>(
  { prisma, announcer }: Pick<Context, 'prisma' | 'announcer'>,
  work: (tx: Prisma.TransactionClient) => Promise<Result>,
): Promise<Result> {
  const workAndCollect = async (tx: Prisma.TransactionClient) => ({
    result: await work(tx),
    writes: announcer && (await announcer.collect(createTransactionQueryable(tx))),
  })
  for (let attempt = 1; ; attempt++) {
    try {
      const { result, writes } = await prisma.$transaction(workAndCollect, {
        maxWait: maxWaitMs,
        timeout: timeoutMs,
      })
      if (writes) await announcer?.announce(writes)
      return result
    } catch (error) {
      if (attempt === maxAttempts || !wasStoppedForOthers(error)) throw error
      // Two that stopped each other do not begin again at the same moment.
      await sleep(Math.random() * 20 * attempt)
    }
  }
}

/**
 * Deadlocks and serialisation failures, as Prisma reports them from its own and from raw SQL, and what
 * was prepared before a column changed, which is prepared anew the next time.
 */
function wasStoppedForOthers(error: unknown): boolean {
  const { code, meta } = error as { code?: unknown; meta?: { driverAdapterError?: unknown } }
  if (code === 'P2034') return true
  // A DriverAdapterError is what Prisma 7 keeps of the driver's error.
  const cause = (meta?.driverAdapterError ?? error) as { cause?: { originalCode?: unknown } }
  return ['40001', '40P01', '0A000'].includes(String(cause.cause?.originalCode))
}
