import { describe, expect, test } from 'vitest'
import { createDrainer } from '../../src/capture/create-drainer.ts'
import { createOutboxVacuum } from '../../src/capture/vacuum-outbox.ts'
import { applyMigrations } from '../../src/sql/migrations.ts'
import { openPglite } from '../../src/sql/pglite.ts'
import { openPostgresql } from '../../src/sql/postgresql.ts'
import {
  createTestDatabase,
  openTestDatabase,
  testDatabaseKind,
} from '../support/test-databases.ts'
import { createProbe } from './probe.ts'

const addUser = (name: string) =>
  `INSERT INTO "User" (id, email, name) VALUES (gen_random_uuid(), '${name}@example.org', '${name}')`

/** Values as they come, to be waited for one after the other. */
function createQueue<T>() {
  const values: T[] = []
  const waiting: ((value: T) => void)[] = []
  return {
    put(value: T) {
      const next = waiting.shift()
      if (next) next(value)
      else values.push(value)
    },
    next(): Promise<T> {
      const value = values.shift()
      return value === undefined
        ? new Promise((resolve) => waiting.push(resolve))
        : Promise.resolve(value)
    },
    clear() {
      values.length = 0
    },
  }
}

test('a write from outside is announced without being asked for', async () => {
  await using database = await openTestDatabase()
  const announced = createQueue<readonly string[]>()
  await using _ = createDrainer({
    database,
    announce: async (tags) => {
      announced.put(tags)
      return 'here'
    },
  })

  await createProbe(database).run(addUser('outside'))

  expect(await announced.next()).toEqual(['User~', 'User.*'])
})

test('a heartbeat carries what was known before the outbox was read, and follows its announcements', async () => {
  await using database = await openTestDatabase()
  await createProbe(database).run(addUser('first'))
  const events = createQueue<string>()
  let reads = 0
  await using _ = createDrainer({
    database,
    pollMs: 1,
    beforeRead: async () => {
      reads += 1
      return reads
    },
    announce: async () => {
      events.put(`announced in pass ${reads}`)
      return 'here'
    },
    onHeartbeat: async (token) => events.put(`heartbeat of pass ${token}`),
  })

  expect(await events.next()).toBe('announced in pass 1')
  expect(await events.next()).toBe('heartbeat of pass 1')
  expect(await events.next()).toBe('heartbeat of pass 2')
})

test('there is no heartbeat while announcing fails, and nothing is lost', async () => {
  await using database = await openTestDatabase()
  await createProbe(database).run(addUser('patient'))
  const events = createQueue<string>()
  let failures = 0
  await using _ = createDrainer({
    database,
    pollMs: 1,
    announce: async (tags) => {
      if (failures < 3) throw new Error('the cache is gone')
      events.put(`announced ${tags.join()}`)
      return 'here'
    },
    onHeartbeat: async () => events.put('heartbeat'),
    onError: () => {
      failures += 1
      events.put('failed')
    },
  })

  const seen = [
    await events.next(),
    await events.next(),
    await events.next(),
    await events.next(),
    await events.next(),
  ]

  expect(seen).toEqual(['failed', 'failed', 'failed', 'announced User~,User.*', 'heartbeat'])
})

test('disposing waits for the pass that is running, and no pass follows', async () => {
  await using database = await openTestDatabase()
  const probe = createProbe(database)
  await probe.run(addUser('last'))
  const started = createQueue<string>()
  let passes = 0
  const drainer = createDrainer({
    database,
    announce: async () => {
      started.put('started')
      return 'here'
    },
    onHeartbeat: async () => {
      passes += 1
    },
  })
  await started.next()

  await drainer[Symbol.asyncDispose]()
  await drainer[Symbol.asyncDispose]()

  expect(await probe.run('SELECT FROM loadline.outbox')).toEqual([])
  expect(passes).toBe(1)
})

describe.skipIf(testDatabaseKind() === 'pglite')('with LISTEN', () => {
  test('a write from outside wakes the drainer, and one that is muted does not', async () => {
    await using created = await createTestDatabase()
    await using database = await openPostgresql({ url: created.url, poolSize: 3 })
    const probe = createProbe(database)
    const announced = createQueue<readonly string[]>()
    const beats = createQueue<string>()
    await using _ = createDrainer({
      database,
      pollMs: 3_600_000,
      listenUrl: created.url,
      announce: async (tags) => {
        announced.put(tags)
        return 'here'
      },
      onHeartbeat: async () => beats.put('beat'),
    })
    // One pass at the start, and one when it has begun to listen.
    await beats.next()
    await beats.next()

    await probe.run(
      `DO $$ BEGIN PERFORM set_config('loadline.notify', 'off', true); ${addUser('quiet')}; END $$`,
    )
    await probe.run(
      `DO $$ BEGIN ${addUser('loud')}; DELETE FROM "User" WHERE name = 'loud'; END $$`,
    )

    const tags = await announced.next()
    // What was muted comes along with the next that was not; alone it has no row's tag.
    expect(tags.filter((tag) => /^User:/.test(tag))).toHaveLength(1)
    await beats.next()
    expect(await probe.run('SELECT FROM loadline.outbox')).toEqual([])
  })
})

test('the embedded outbox stays small however much is written', async () => {
  await using database = await openPglite({ dataDir: 'memory://' })
  await applyMigrations(database)
  const probe = createProbe(database)
  const vacuum = createOutboxVacuum(database)
  const writeAndDelete = async () => {
    await probe.run(
      `INSERT INTO loadline.outbox (tags) SELECT ARRAY['Thing:' || i] FROM generate_series(1, 1000) AS i`,
    )
    await probe.run('DELETE FROM loadline.outbox')
    for (let pass = 0; pass < 200; pass += 1) await vacuum()
  }
  const sizeOf = async () => {
    const [row] = await probe.run(`SELECT pg_total_relation_size('loadline.outbox')::int`)
    return Number(row?.[0])
  }

  for (let round = 0; round < 3; round += 1) await writeAndDelete()
  const small = await sizeOf()
  for (let round = 0; round < 10; round += 1) await writeAndDelete()

  expect(await sizeOf()).toBeLessThanOrEqual(2 * small)
})
