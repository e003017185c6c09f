import { openPostgresql } from '../../src/sql/postgresql.ts'

/**
 * A database as this one is now, on the same server, until it is disposed of: for what writes, and
 * for stores that would both keep the answers of one. Nobody may be connected to the original.
 */
export async function copyDatabase(
  url: string,
  suffix: string,
): Promise<{ readonly url: string } & AsyncDisposable> {
  const copied = new URL(url)
  const original = copied.pathname.slice(1)
  const name = `${original}_${suffix}`
  copied.pathname = `/${name}`
  await run(url, [
    `DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`,
    `CREATE DATABASE "${name}" TEMPLATE "${original}" STRATEGY FILE_COPY`,
  ])
  return {
    url: copied.href,
    [Symbol.asyncDispose]: () => run(url, [`DROP DATABASE "${name}" WITH (FORCE)`]),
  }
}

async function run(url: string, statements: readonly string[]): Promise<void> {
  const admin = new URL(url)
  admin.pathname = '/postgres'
  await using database = await openPostgresql({ url: admin.href, poolSize: 1 })
  for (const text of statements) await database.query({ name: '', text }, [])
}
