import { describe, expect, inject, test, vi } from 'vitest'
import { createHistoryWatch } from '../../src/cache/watch-history.ts'
import type { Database } from '../../src/sql/database.ts'
import { applyMigrations } from '../../src/sql/migrations.ts'
import { openPostgresql } from '../../src/sql/postgresql.ts'
import { dropDatabase, runAsAdmin } from '../support/database-source.ts'
import { findPostgresql, startPrivatePostgresql } from '../support/private-postgresql.ts'
import { hasTestRedis, openTestRedis } from '../support/private-redis.ts'
import {
  forEachStore,
  openCachedPlace,
  patience,
  startCachedApp,
} from '../support/start-cached-apps.ts'
import {
  createTestDatabase,
  openTestDatabase,
  testDatabaseKind,
} from '../support/test-databases.ts'

const run = (database: Database, text: string) => database.query({ name: '', text }, [])

/** Until the ids of all rows that were drained so far have been seen: before it says so, the keeper looks. */
async function untilLookedAt(database: Database): Promise<void> {
  const [now] = await run(database, 'SELECT clock_timestamp()::text')
  const isLookedAt = { name: '', text: 'SELECT kept_at > $1::timestamptz FROM loadline.history' }
  await vi.waitFor(async () => {
    expect(await database.query(isLookedAt, [now?.[0]])).toEqual([[true]])
  }, patience)
}

describe('the history of a database', () => {
  test('is the same for whoever reads it, whatever is written', async () => {
    await using database = await openTestDatabase()
    const watch = createHistoryWatch(database)
    const before = await watch.read()
    await run(database, addUser)

    expect(await watch.read()).toBe(before)
    expect(watch.id).toBe(before)
    expect(await createHistoryWatch(database).read()).toBe(before)
  })

  test.for<[what: string, change: string]>([
    ['is restored with another nonce', 'UPDATE loadline.history SET nonce = gen_random_uuid()'],
    [
      'has one more migration',
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
      VALUES ('x', 'x', '99991231000000_later', now(), 1)`,
    ],
    [
      'has its tables anew',
      `CREATE TABLE loadline.other (LIKE loadline.outbox INCLUDING ALL);
      ALTER SEQUENCE loadline.outbox_id_seq OWNED BY loadline.other.id;
      DROP TABLE loadline.outbox CASCADE;
      ALTER TABLE loadline.other RENAME TO outbox`,
    ],
  ])('is another when it %s', async ([, change]) => {
    await using database = await openTestDatabase()
    const watch = createHistoryWatch(database)
    const before = await watch.read()
    for (const statement of change.split(';')) await run(database, statement)

    expect(await watch.read()).not.toBe(before)
    expect(await createHistoryWatch(database).read()).toBe(watch.id)
  })

  test('is another for all when one has seen that the ids of the outbox went back', async () => {
    await using database = await openTestDatabase()
    await run(database, addUser)
    const watch = createHistoryWatch(database)
    const before = await watch.read()
    await run(database, `SELECT setval('loadline.outbox_id_seq', 1, false)`)

    const after = await watch.read()

    expect(after).not.toBe(before)
    expect(await watch.read()).toBe(after)
    expect(await createHistoryWatch(database).read()).toBe(after)
  })

  test.skipIf(!findPostgresql())('is another after the server was started anew', async () => {
    await using server = await startPrivatePostgresql()
    const read = async () => {
      await using database = await openPostgresql({ url: server.url(), poolSize: 1 })
      await applyMigrations(database)
      return await createHistoryWatch(database).read()
    }
    const before = await read()
    await server.stop('fast')
    await server.start()

    expect(await read()).not.toBe(before)
  })
})

const addUser = `INSERT INTO "User" (id, email, name) VALUES (gen_random_uuid(), 'a', 'a')`

const me = '{ viewer { name } }'

forEachStore((kind) => {
  test('what was computed before rows were put back behind the triggers is not served', async () => {
    await using place = await openCachedPlace(kind)
    const app = await place.start()
    const user = await app.rows.user({ name: 'Restored' })
    await app.prisma.user.update({ where: { id: user.id }, data: { name: 'Lost' } })
    await place.untilDrained()
    expect((await app.ask(me, { as: user })).data.viewer.name).toBe('Lost')
    expect((await app.ask(me, { as: user })).cache.outcome).toBe('hit')

    await untilLookedAt(place.database)
    await run(place.database, 'ALTER TABLE "User" DISABLE TRIGGER ALL')
    await run(place.database, `UPDATE "User" SET name = 'Restored'`)
    await run(place.database, 'ALTER TABLE "User" ENABLE TRIGGER ALL')
    await run(place.database, `SELECT setval('loadline.outbox_id_seq', 1)`)

    await vi.waitFor(async () => {
      expect((await app.ask(me, { as: user })).data.viewer.name).toBe('Restored')
    }, patience)
    await app.untilServing()
    expect((await app.ask(me, { as: user })).data.viewer.name).toBe('Restored')
  })

  test('what another build has computed is not served', async () => {
    await using place = await openCachedPlace(kind)
    const app = await place.start()
    expect((await app.ask('{ __typename }')).cache.outcome).toBe('hit')
    if (kind === 'memory') return

    const next = await place.start({ answers: 'the next build' })

    expect((await next.ask('{ a: __typename }')).cache.outcome).toBe('miss')
    expect((await app.ask('{ a: __typename }')).cache.outcome).toBe('miss')
    expect((await next.ask('{ a: __typename }')).cache.outcome).toBe('hit')
  })
})

const canSwap = testDatabaseKind() === 'postgresql' && hasTestRedis()

test.runIf(canSwap)(
  'a database that is replaced by an earlier copy under a running process empties the cache',
  async () => {
    const source = inject('databaseSource')
    if (source.kind !== 'postgresql') throw new Error('Not without a server')
    await using created = await createTestDatabase(source)
    await using redis = await openTestRedis()
    const name = new URL(created.url).pathname.slice(1)
    const id = crypto.randomUUID()
    await using before = await openPostgresql({ url: created.url, poolSize: 1 })
    await run(before, `INSERT INTO "User" (id, email, name) VALUES ('${id}', 'e', 'Restored')`)
    await before[Symbol.asyncDispose]()
    await runAsAdmin(source.adminUrl, `CREATE DATABASE ${name}_copy TEMPLATE ${name}`)
    try {
      await using database = await openPostgresql({ url: created.url, poolSize: 4 })
      const { url: redisUrl, namespace } = redis
      await using app = await startCachedApp({ database, redisUrl, namespace })
      await app.untilServing()
      await app.prisma.user.update({ where: { id }, data: { name: 'Lost' } })
      await vi.waitFor(async () => {
        const { data, cache } = await app.ask(me, { as: id })
        expect([data.viewer.name, cache.outcome]).toEqual(['Lost', 'hit'])
      }, patience)

      await dropDatabase(source.adminUrl, name)
      await runAsAdmin(source.adminUrl, `CREATE DATABASE ${name} TEMPLATE ${name}_copy`)

      await vi.waitFor(async () => {
        expect((await app.query(me, { as: id })).data.viewer.name).toBe('Restored')
      }, patience)
      await app.untilServing()
      expect((await app.ask(me, { as: id })).data.viewer.name).toBe('Restored')
    } finally {
      await dropDatabase(source.adminUrl, `${name}_copy`)
    }
  },
)
