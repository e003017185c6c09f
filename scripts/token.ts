import { demoPeople } from '../prisma/demo-people.ts'
import { type Config, ConfigError } from '../src/config.ts'
import { signToken } from '../src/guard/sign-token.ts'
import { loadConfig } from '../src/load-config.ts'
import { DatabaseOpenError } from '../src/sql/database-open-error.ts'
import { openDatabase } from '../src/sql/open-database.ts'

/** Says what is wrong in one line, without a stack. */
class UsageError extends Error {}

await main().catch((error: unknown) => {
  const isExpected = [UsageError, ConfigError, DatabaseOpenError].some(
    (type) => error instanceof type,
  )
  console.error(isExpected && error instanceof Error ? error.message : error)
  process.exitCode = 1
})

/** Prints a token for the user with the email that is given, and nothing else. */
async function main(): Promise<void> {
  const [email, ...surplus] = process.argv.slice(2)
  if (!email || surplus.length > 0) throw new UsageError('npm run -s token -- EMAIL')
  const config = await loadConfig(process.env)
  const { secret, issuer, audience } = config.auth
  if (secret === null) {
    throw new UsageError('Tokens for AUTH_JWKS_URL are made by whoever holds its private key')
  }
  console.log(await signToken(await getUserId(config, email), { secret, issuer, audience }))
}

async function getUserId(config: Config, email: string): Promise<string> {
  // The demo people need no database, whose folder a running server has locked.
  const demo = demoPeople.find((person) => person.email === email)
  if (demo) return demo.id
  await using database = await openDatabase(
    { ...config.database, poolSize: 1 },
    config.dataDirectory,
  )
  const text = 'SELECT "id" FROM "User" WHERE "email" = $1'
  const [row] = await database.query({ name: 'user_id_by_email', text }, [email])
  if (row) return String(row[0])
  throw new UsageError(`Nobody has the email ${email}`)
}
