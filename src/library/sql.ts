/**
 * `loadline/sql`: a pool on PostgreSQL that loaders and Prisma share, and migrations from within the
 * process.
 *
 * @example
 * await using database = await openPostgresql({ url })
 * const prisma = new PrismaClient({ adapter: database.adapter })
 */
export type { Database, Queryable, RawRow, Statement } from '../sql/database.ts'
export { DatabaseOpenError } from '../sql/database-open-error.ts'
export { explainDatabaseError } from '../sql/explain-database-error.ts'
export { applyMigrations, findPendingMigrations } from '../sql/migrations.ts'
export { openPostgresql, type PostgresqlOptions } from '../sql/postgresql.ts'
export { createStatement } from '../sql/statements.ts'
export { createTransactionQueryable, type RawClient } from '../sql/transaction.ts'
