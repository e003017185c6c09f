import type { SqlDriverAdapterFactory } from '@prisma/driver-adapter-utils'
import type { ConnectionReading } from '../observe/readings.ts'
import type { Cancellation } from './cancellation.ts'

/** A statement's text, and the name under which a connection may keep it prepared. */
export interface Statement {
  readonly name: string
  readonly text: string
  /**
   * It reads a few rows by a unique index, so that others may wait behind it on one connection.
   * @default false
   */
  readonly isQuick?: boolean
}

/** A row as the database printed it, in the order of the select list. */
export type RawRow = readonly unknown[]

/**
 * Something that runs a statement: the pool, or one transaction.
 *
 * Values arrive the same from every implementation: bool as boolean; int2, int4, float4, float8 as
 * number; int8 as bigint; numeric as string; json and jsonb parsed; bytea as Uint8Array; date, time,
 * timestamp and timestamptz as PostgreSQL prints them under `TimeZone=UTC`, `DateStyle=ISO`;
 * arrays of these as arrays; everything else as text.
 */
export interface Queryable {
  query(
    statement: Statement,
    values: readonly unknown[],
    options?: { readonly signal?: Cancellation | undefined },
  ): Promise<readonly RawRow[]>
}

/** The database of one process: reads go through `query`, Prisma's writes through `adapter`. */
export interface Database extends Queryable, AsyncDisposable {
  readonly kind: 'postgresql' | 'pglite'
  /** For the banner: which database this is, without its password. */
  readonly description: string
  /** What `new PrismaClient({ adapter })` takes; it shares this database's connections. */
  readonly adapter: SqlDriverAdapterFactory
  /** Statements that wait for a connection; undefined where there is no pool of them. */
  readonly waitingStatements?: () => number
  /** The pool as it is now; undefined where there is none. */
  readonly connections?: () => ConnectionReading
  /** Rejects when the database does not answer. */
  ping(): Promise<void>
}
