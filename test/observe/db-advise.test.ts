import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openPostgresql } from '../../src/sql/postgresql.ts'
import { startProcess } from '../support/start-process.ts'
import { createTestDatabase, testDatabaseKind } from '../support/test-databases.ts'

const byZone = 'SELECT "id" FROM "User" WHERE "timezone" = $1'
const byEmail = 'SELECT "id" FROM "User" WHERE "email" = $1'
const everybody = 'SELECT count(*) FROM "User"'

// The statistics that it reads are those of a server.
describe.skipIf(testDatabaseKind() !== 'postgresql')('npm run db:advise', () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>
  let folder: string

  beforeAll(async () => {
    database = await createTestDatabase()
    folder = await mkdtemp(join(tmpdir(), 'loadline-advise-'))
    await using open = await openPostgresql({ url: database.url, poolSize: 1 })
    for (const text of [
      `INSERT INTO "User" ("id", "email", "name", "timezone")
        SELECT gen_random_uuid(), n || '@example.org', 'Person ' || n, 'Zone/' || n FROM generate_series(1, 5000) n`,
      'CREATE INDEX "nobody_asks" ON "User" ("createdAt")',
      'ANALYZE "User"',
    ]) {
      await open.query({ name: '', text }, [])
    }
  })
  afterAll(async () => {
    await database[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true })
  })

  async function advise(recorded: string) {
    const path = join(folder, `${crypto.randomUUID()}.json`)
    await writeFile(path, recorded)
    await using run = startProcess('scripts/db-advise.ts', {
      args: [path],
      env: { DATABASE_URL: database.url },
    })
    return { code: await run.exited, ...run.output }
  }

  test('names the index that is missing and the one that is not used, with evidence', async () => {
    const shape = { runs: 3, totalMs: 210, paths: ['user'], operations: ['Screen'], plan: null }
    const shapes = [byZone, byEmail, everybody].map((sql) => ({ ...shape, sql }))
    const { stdout, code } = await advise(JSON.stringify({ statements: shapes }))
    const [missing = '', unused = ''] = stdout.split(/^Unused/m)

    expect(code).toBe(0)
    expect(missing).toContain('CREATE INDEX CONCURRENTLY ON "User" ("timezone");')
    expect(missing).toContain('User has about 5000 rows')
    expect(missing).toMatch(/Seq Scan on User {2}\(cost \d+, rows \d+\) {2}Filter: \(timezone = /)
    expect(missing).toContain('3 runs, 210 ms in all, for Screen, user:')
    expect(missing).toContain(byZone)
    expect(missing).not.toContain(byEmail)
    expect(missing.match(/CREATE INDEX/g)).toHaveLength(1)
    expect(unused).toContain('DROP INDEX CONCURRENTLY "nobody_asks"; -- on User')
    expect(unused).not.toContain('User_pkey')
  })

  test('reads the log of a process as well', async () => {
    const line = { level: 30, msg: 'slow statement', sql: byZone, ms: 70, paths: ['user'] }
    const lines = [{ msg: 'request' }, line, line].map((one) => JSON.stringify(one))
    const { stdout } = await advise(`${lines.join('\n')}\nnot JSON\n`)

    expect(stdout).toContain('2 runs, 140 ms in all, for user:')
  })

  test('says in one line what it cannot read', async () => {
    const { stderr, code } = await advise('{"statements": 1}')

    expect(code).toBe(1)
    expect(stderr).toMatch(/has neither "statements" nor lines of slow statements\n$/)
  })
})
