import { expect, test, vi } from 'vitest'
import { createWriteAnnouncer } from '../../src/cache/announce-writes.ts'
import { createKeeping } from '../../src/cache/keeper.ts'
import { forgetOldRows } from '../../src/capture/forget-old-rows.ts'
import { drainOutbox } from '../../src/capture/outbox.ts'
import { PrismaClient } from '../../src/generated/prisma/client.ts'
import { transact } from '../../src/schema/transact.ts'
import type { Database } from '../../src/sql/database.ts'
import { patience } from '../support/start-cached-apps.ts'
import { openTestDatabase } from '../support/test-databases.ts'

const silent = { warn() {} }

const run = (database: Database, text: string) => database.query({ name: '', text }, [])
const countRows = async (database: Database) =>
  Number((await run(database, 'SELECT count(*)::int FROM loadline.outbox'))[0]?.[0])

/** Creates somebody in a transaction whose writes go through the announcer. */
function createWriting(database: Database, announcer: ReturnType<typeof createWriteAnnouncer>) {
  const prisma = new PrismaClient({ adapter: database.adapter })
  let count = 0
  return async () => {
    count += 1
    const data = { email: `${count}@example.org`, name: 'N' }
    await transact({ prisma, announcer }, (tx) => tx.user.create({ data }))
  }
}

test('a write is announced when it is committed, and forgotten when it was announced', async () => {
  await using database = await openTestDatabase()
  const seen: unknown[] = []
  const store = {
    async announce(tags: Iterable<string>) {
      const [users] = await run(database, 'SELECT count(*)::int FROM "User"')
      seen.push({ tags: [...tags], users: users?.[0], rows: await countRows(database) })
      return 'here'
    },
  }
  await using announcer = createWriteAnnouncer({ store, database, log: silent })
  const write = createWriting(database, announcer)

  await write()

  expect(seen).toEqual([{ tags: ['User~', 'User.*'], users: 1, rows: 1 }])
  await announcer[Symbol.asyncDispose]()
  expect(await countRows(database)).toBe(0)
})

test('writes that end together are deleted together', async () => {
  await using database = await openTestDatabase()
  const counted = countingDeletes(database)
  const store = { announce: async () => 'here' }
  await using announcer = createWriteAnnouncer({ store, database: counted, log: silent })
  const write = createWriting(database, announcer)
  let release = () => {}
  const gate = new Promise<string>((resolve) => {
    release = () => resolve('here')
  })
  store.announce = () => gate

  const writing = Array.from({ length: 10 }, write)
  await vi.waitFor(async () => expect(await countRows(database)).toBe(10), patience)
  release()
  await Promise.all(writing)
  await announcer[Symbol.asyncDispose]()

  expect(await countRows(database)).toBe(0)
  expect(counted.deletes).toBeLessThan(5)
})

test('a transaction that wrote nothing, or failed, announces nothing', async () => {
  await using database = await openTestDatabase()
  const announce = vi.fn(async () => 'here')
  await using announcer = createWriteAnnouncer({ store: { announce }, database, log: silent })
  const prisma = new PrismaClient({ adapter: database.adapter })

  await transact({ prisma, announcer }, (tx) => tx.user.findMany())
  const failing = transact({ prisma, announcer }, async (tx) => {
    await tx.user.create({ data: { email: 'e', name: 'N' } })
    throw new Error('No')
  })
  await expect(failing).rejects.toThrow('No')

  expect(announce).not.toHaveBeenCalled()
})

test('who cannot announce waits until another has, and no longer', async () => {
  await using database = await openTestDatabase()
  const store = { announce: () => Promise.reject(new Error('cut off')) }
  const options = { store, database, log: silent, heartbeatMs: 3_600_000 }
  await using announcer = createWriteAnnouncer(options)
  let isAcknowledged = false
  const writing = createWriting(database, announcer)().then(() => {
    isAcknowledged = true
  })
  await vi.waitFor(async () => expect(await countRows(database)).toBe(1), patience)
  expect(isAcknowledged).toBe(false)

  await drainOutbox(database, async () => 'here')

  await writing
})

test('who cannot announce and finds nobody who can waits until no answer is served any more', async () => {
  await using database = await openTestDatabase()
  // One that hangs is given up as well as one that fails.
  const announces = [
    () => Promise.reject(new Error('cut off')),
    () => new Promise<string>(() => {}),
  ]
  for (const announce of announces) {
    const options = { store: { announce }, database, log: silent, heartbeatMs: 300 }
    await using announcer = createWriteAnnouncer(options)
    const write = createWriting(database, announcer)
    await run(database, 'DELETE FROM "User"')
    const startedAt = performance.now()
    await write()

    expect(performance.now() - startedAt).toBeGreaterThan(300)
    // A drainer will announce them when it can.
    expect(await countRows(database)).toBeGreaterThan(0)
  }
})

test('rows that nobody could announce for long are given up, and with them the history', async () => {
  await using database = await openTestDatabase()
  const nonce = async () => (await run(database, 'SELECT nonce FROM loadline.history'))[0]?.[0]
  const before = await nonce()
  await run(database, `INSERT INTO "User" (id, email, name) VALUES (gen_random_uuid(), 'a', 'a')`)

  await forgetOldRows(database)
  expect([await countRows(database), await nonce()]).toEqual([1, before])

  await run(database, `UPDATE loadline.outbox SET created_at = now() - interval '11 minutes'`)
  await forgetOldRows(database)
  expect(await countRows(database)).toBe(0)
  expect(await nonce()).not.toBe(before)
})

function countingDeletes(database: Database) {
  const counted = {
    deletes: 0,
    query: (...args: Parameters<Database['query']>) => {
      if (args[0].text.includes('DELETE')) counted.deletes += 1
      return database.query(...args)
    },
  }
  return counted
}

test('a write that was announced in another store than the keeper is left to the keeper', async () => {
  await using database = await openTestDatabase()
  await run(database, `UPDATE loadline.history SET keeper = 'there', kept_at = now()`)
  const keeping = createKeeping(database)
  const store = { announce: vi.fn(async () => 'here') }
  const options = { store, database, keeping, log: silent, heartbeatMs: 3_600_000 }
  await using announcer = createWriteAnnouncer(options)
  const writing = createWriting(database, announcer)()
  await vi.waitFor(() => expect(store.announce.mock.calls.length).toBeGreaterThan(2), patience)
  await expect(drainOutbox(database, store.announce)).rejects.toThrow('left to it')
  expect(await countRows(database)).toBe(1)

  await drainOutbox(database, async () => 'there')

  await writing
  expect(await countRows(database)).toBe(0)
})
