import pg from 'pg'
import type { Database } from '../../src/sql/database.ts'
import { openPostgresql } from '../../src/sql/postgresql.ts'

/** The database that `BENCH_DATABASE_URL` names, which `npm run db:seed -- --size bench` has filled. */
export function openBenchDatabase(): Promise<Database> {
  return openPostgresql({ url: benchUrl() })
}

/** A connection to the server of a database, beside it. */
export async function openAdmin(databaseUrl: string): Promise<pg.Client> {
  const url = new URL(databaseUrl)
  url.pathname = '/postgres'
  const client = new pg.Client({ connectionString: url.href })
  await client.connect()
  return client
}

export function benchUrl(): string {
  const url = process.env.BENCH_DATABASE_URL
  if (url) return url
  process.stderr.write(
    'Set BENCH_DATABASE_URL to a PostgreSQL database that was filled with\n' +
      '  DATABASE_URL=... npm run db:migrate && DATABASE_URL=... npm run db:seed -- --size bench\n',
  )
  process.exit(1)
}
