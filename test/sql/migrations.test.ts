import { spawnSync } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../src/sql/database.ts'
import {
  applyMigrations,
  findPendingMigrations,
  migrationsFolder,
  nameMigration,
} from '../../src/sql/migrations.ts'
import { openPglite } from '../../src/sql/pglite.ts'
import { openPostgresql } from '../../src/sql/postgresql.ts'
import { runAsAdmin } from '../support/database-source.ts'
import { findPostgresql, startPrivatePostgresql } from '../support/private-postgresql.ts'
import { openTestDatabase } from '../support/test-databases.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loadline-migrations-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('a new migration', () => {
  test('is applied after all others, also those named for a time to come', async () => {
    const time = new Date('2998-05-06T07:08:09.123Z')
    const migrations = await copyMigrations('named')
    expect(await nameMigration('more', time, migrations)).toBe('29980506070809_more')

    await addMigration(migrations, '29990101000000_table', 'CREATE TABLE early ();')
    expect(await nameMigration('more', time, migrations)).toBe('29990101000001_more')
  })
})

describe('an embedded database', () => {
  test('an empty one gets every migration, once', async () => {
    await using database = await openPglite({ dataDir: 'memory://' })
    const pending = await findPendingMigrations(database)

    expect(pending).not.toEqual([])
    expect(await applyMigrations(database)).toEqual(pending)
    expect(await findPendingMigrations(database)).toEqual([])
    expect(await applyMigrations(database)).toEqual([])
  })

  test('a migration that fails leaves no trace, and works when it is mended', async () => {
    await using database = await openPglite({ dataDir: 'memory://' })
    const migrations = await copyMigrations('failing')
    await addMigration(migrations, '29990101000000_broken', 'CREATE TABLE broken (); SELECT 1 / 0;')

    await expect(applyMigrations(database, migrations)).rejects.toThrow('division by zero')

    expect(await findPendingMigrations(database, migrations)).toHaveLength(
      (await findPendingMigrations(database)).length + 1,
    )
    await addMigration(migrations, '29990101000000_broken', 'CREATE TABLE broken ();')
    expect(await applyMigrations(database, migrations)).toContain('29990101000000_broken')
  })

  test('a script with a body in dollar quotes is run whole', async () => {
    await using database = await openTestDatabase({ poolSize: 1 })
    const migrations = await copyMigrations('function')
    const script = `CREATE FUNCTION answer() RETURNS int LANGUAGE plpgsql AS $$
      BEGIN PERFORM 1; RETURN 42; END; $$; CREATE TABLE after_function ();`
    await addMigration(migrations, '29990101000000_function', script)

    expect(await applyMigrations(database, migrations)).toEqual(['29990101000000_function'])
    expect(await database.query({ name: '', text: 'SELECT answer()' }, [])).toEqual([[42]])
  })
})

describe('what only SQL can say', () => {
  const id = '0190a000-0000-7000-8000-000000000000'
  const at = (offset: number) => new Date(1_700_000_000_000 + offset).toISOString()
  const refused: readonly (readonly [what: string, insert: string, constraint: string])[] = [
    [
      'a price below zero',
      `INSERT INTO "Course" ("id", "teacherId", "title", "slug", "summary", "description", "priceCents")
       VALUES ('${id}', '${id}', 't', 's', '', '', -1)`,
      'Course_priceCents_check',
    ],
    [
      'progress above one',
      `INSERT INTO "Enrollment" ("id", "courseId", "studentId", "progress")
       VALUES ('${id}', '${id}', '${id}', 1.01)`,
      'Enrollment_progress_check',
    ],
    [
      'progress that is no number',
      `INSERT INTO "Enrollment" ("id", "courseId", "studentId", "progress")
       VALUES ('${id}', '${id}', '${id}', 'NaN')`,
      'Enrollment_progress_check',
    ],
    [
      'a payment below zero',
      `INSERT INTO "Payment" ("id", "enrollmentId", "studentId", "courseId", "amountCents")
       VALUES ('${id}', '${id}', '${id}', '${id}', -1)`,
      'Payment_amountCents_check',
    ],
    [
      'a meeting that ends when it starts',
      `INSERT INTO "Meeting" ("id", "hostId", "title", "startsAt", "endsAt")
       VALUES ('${id}', '${id}', 't', '${at(0)}', '${at(0)}')`,
      'Meeting_endsAt_check',
    ],
    [
      'an event that ends before it starts',
      `INSERT INTO "CalendarEvent" ("id", "userId", "title", "startsAt", "endsAt")
       VALUES ('${id}', '${id}', 't', '${at(1)}', '${at(0)}')`,
      'CalendarEvent_endsAt_check',
    ],
    [
      'a lesson before the first',
      `INSERT INTO "Lesson" ("id", "courseId", "position", "title", "body")
       VALUES ('${id}', '${id}', -1, 't', 'b')`,
      'Lesson_position_check',
    ],
    [
      'a lesson of negative length',
      `INSERT INTO "Lesson" ("id", "courseId", "position", "title", "body", "durationMinutes")
       VALUES ('${id}', '${id}', 1, 't', 'b', -1)`,
      'Lesson_durationMinutes_check',
    ],
    [
      'use below zero',
      `INSERT INTO "UsageRecord" ("id", "userId", "metric", "quantity")
       VALUES ('${id}', '${id}', 'AI_TOKENS', -1)`,
      'UsageRecord_quantity_check',
    ],
    [
      'a message of fewer than no tokens',
      `INSERT INTO "Message" ("id", "conversationId", "role", "content", "tokenCount")
       VALUES ('${id}', '${id}', 'USER', 'c', -1)`,
      'Message_tokenCount_check',
    ],
  ]
  let database: Database
  beforeAll(async () => {
    database = await openTestDatabase()
  })
  afterAll(() => database[Symbol.asyncDispose]())

  test.each(refused)('%s is refused by the database', async (_what, insert, constraint) => {
    await expect(database.query({ name: '', text: insert }, [])).rejects.toMatchObject({
      code: '23514',
      constraint,
    })
  })

  test('lists of active courses have an index without the others', async () => {
    const partial = {
      name: 'partial_indexes',
      text: `SELECT indexrelid::regclass::text FROM pg_index
        WHERE indrelid = '"Course"'::regclass AND indpred IS NOT NULL ORDER BY 1`,
    }

    expect(await database.query(partial, [])).toEqual([
      ['"Course_active_publishedAt_id_idx"'],
      ['"Course_active_title_id_idx"'],
    ])
  })
})

describe('the drift check', () => {
  test('is content with the migrations as they are, without a server', { timeout: 120_000 }, () => {
    const { status, stdout } = runScript('db-check.ts', [])

    expect(stdout).toContain('The migrations lead to the schema.')
    expect(status).toBe(0)
  })

  test('fails on a column that no migration adds, and names it', async () => {
    const schema = join(folder, 'changed.prisma')
    const text = await readFile('prisma/schema.prisma', 'utf8')
    await writeFile(schema, text.replace('  headline ', '  motto String?\n  headline '))

    const { status, stderr } = runScript('db-check.ts', ['--schema', schema])

    expect(stderr).toContain('[+] Added column `motto`')
    expect(status).toBe(1)
  })

  test('fails on an index that only a migration has lost', async () => {
    const migrations = await copyMigrations('lost-index')
    await addMigration(migrations, '29990101000000_lose', 'DROP INDEX "Course_title_id_idx";')

    const { status } = runScript('db-check.ts', ['--migrations', migrations])

    expect(status).toBe(1)
  })
})

describe.skipIf(!findPostgresql())(
  "Prisma's command line on PostgreSQL, without its native engine",
  () => {
    test('creates the database, deploys, reports and compares', { timeout: 120_000 }, async () => {
      await using server = await startPrivatePostgresql()
      const url = server.url('made_by_prisma')
      const prisma = (...args: readonly string[]) => runScript('prisma.ts', args, url)

      const deployed = prisma('migrate', 'deploy')
      expect(deployed.stdout).toContain('All migrations have been successfully applied.')
      expect(deployed.status).toBe(0)
      expect(prisma('migrate', 'deploy').stdout).toContain('No pending migrations to apply.')
      const status = prisma('migrate', 'status')
      expect(status.stdout).toContain('Database schema is up to date!')
      expect(status.status).toBe(0)

      const compare = ['migrate', 'diff', '--exit-code', '--script', '--from-config-datasource']
      const same = prisma(...compare, '--to-schema', 'prisma/schema.prisma')
      expect(same.status).toBe(0)
      await runAsAdmin(url, 'ALTER TABLE "Profile" DROP COLUMN "headline"')
      const changed = prisma(...compare, '--to-schema', 'prisma/schema.prisma')
      expect(changed.stdout).toContain('ALTER TABLE "Profile" ADD COLUMN     "headline" TEXT;')
      expect(changed.status).toBe(2)

      const replayed = [
        '--from-migrations',
        'prisma/migrations',
        '--to-schema',
        'prisma/schema.prisma',
      ]
      expect(prisma('migrate', 'diff', '--exit-code', ...replayed).status).toBe(0)
      expect(
        await runAsAdmin(url, `SELECT datname FROM pg_database WHERE datname LIKE '%shadow%'`),
      ).toEqual([])

      await using database = await openPostgresql({ url })
      expect(await findPendingMigrations(database)).toEqual([])
    })

    test('says which database it cannot reach, and fails', () => {
      const { status, stderr } = runScript(
        'prisma.ts',
        ['migrate', 'deploy'],
        'postgresql://nobody@127.0.0.1:1/x',
      )

      expect(stderr).toContain('P1001')
      expect(status).toBe(1)
    })
  },
)

async function copyMigrations(name: string): Promise<string> {
  const copy = join(folder, name)
  await cp(migrationsFolder, copy, { recursive: true })
  return copy
}

async function addMigration(migrations: string, name: string, script: string): Promise<void> {
  await mkdir(join(migrations, name), { recursive: true })
  await writeFile(join(migrations, name, 'migration.sql'), script)
}

function runScript(name: string, args: readonly string[], databaseUrl = '') {
  const script = fileURLToPath(new URL(`../../scripts/${name}`, import.meta.url))
  return spawnSync(process.execPath, ['--import', 'tsx', script, ...args], {
    encoding: 'utf8',
    env: { ...process.env, DATABASE_URL: databaseUrl, DIRECT_DATABASE_URL: '', NO_COLOR: '1' },
  })
}
