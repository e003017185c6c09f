import type { Queryable, RawRow, Statement } from './database.ts'

/** The one method of a Prisma client, or of its interactive transaction, that is needed here. */
export interface RawClient {
  $queryRawUnsafe<T>(query: string, ...values: unknown[]): PromiseLike<T>
}

/**
 * Reads inside a Prisma interactive transaction: the same statements, the same values and the same
 * errors as on the pool. It takes the transaction's client, which must come from
 * `database.adapter`.
 *
 * The statement travels through `$queryRawUnsafe` as a parameter, in order with the transaction's
 * other statements, and the adapter runs it on the transaction's connection, past Prisma's own
 * decoding (which makes a `Date` of a timestamp and so loses its microseconds). A signal is looked
 * at before a statement, not during it: a transaction is ended by its owner.
 */
export function createTransactionQueryable(transaction: RawClient): Queryable {
  return {
    query: async (statement, values, options) => {
      options?.signal?.throwIfAborted()
      const carried = await transaction.$queryRawUnsafe<readonly CarriedRow[]>(
        carriedStatementText,
        packStatement(statement, values),
      )
      return carried.map(unpackRow)
    },
  }
}

/** The text by which the adapter knows a carried statement. */
export const carriedStatementText = 'SELECT $1 AS "row" /* carries a statement of Loadline */'

function packStatement(statement: Statement, values: readonly unknown[]): string {
  return JSON.stringify([statement.name, statement.text, values], packValue)
}

export function unpackStatement(packed: unknown): {
  readonly statement: Statement
  readonly values: readonly unknown[]
} {
  // Written by packStatement.
  const [name, text, values] = JSON.parse(String(packed), unpackValue) as [
    string,
    string,
    unknown[],
  ]
  return { statement: { name, text }, values }
}

function packValue(this: unknown, _key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString()
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString('base64') }
  return value
}

function unpackValue(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('$bytes' in value)) return value
  return new Uint8Array(Buffer.from(String(value.$bytes), 'base64'))
}

interface CarriedRow {
  readonly row: unknown
  readonly failure?: unknown
}

function unpackRow({ row, failure }: CarriedRow): RawRow {
  if (Array.isArray(row)) return row
  throw (
    failure ??
    new TypeError(
      'createTransactionQueryable needs a transaction of a PrismaClient made with database.adapter',
    )
  )
}
