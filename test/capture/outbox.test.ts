import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  type Announce,
  areGone,
  deleteRows,
  drainOutbox,
  readOwnTags,
} from '../../src/capture/outbox.ts'
import { PrismaClient } from '../../src/generated/prisma/client.ts'
import type { Database } from '../../src/sql/database.ts'
import { createTransactionQueryable } from '../../src/sql/transaction.ts'
import { createRows, type Rows } from '../support/rows.ts'
import { openTestDatabase, testDatabaseKind } from '../support/test-databases.ts'
import { createProbe } from './probe.ts'

let database: Database
let prisma: PrismaClient
let rows: Rows
let probe: ReturnType<typeof createProbe>

beforeAll(async () => {
  database = await openTestDatabase()
  prisma = new PrismaClient({ adapter: database.adapter })
  rows = createRows(prisma)
  probe = createProbe(database)
})
beforeEach(() => probe.run('DELETE FROM loadline.outbox'))
afterAll(async () => {
  await prisma.$disconnect()
  await database[Symbol.asyncDispose]()
})

async function countRows(): Promise<number> {
  const [row] = await probe.run('SELECT count(*)::int FROM loadline.outbox')
  return Number(row?.[0])
}

/** An announcer that remembers, and sees how many rows were left when it was called. */
function createListener() {
  const calls: { tags: readonly string[]; rowsLeft: number }[] = []
  const announce: Announce = async (tags) => {
    calls.push({ tags, rowsLeft: await countRows() })
    return 'here'
  }
  return { calls, announce }
}

const rename = (id: string, name = 'renamed') =>
  prisma.user.update({ where: { id }, data: { name } })

describe('a transaction', () => {
  test("reads its own tags before it commits, and nobody else's", async () => {
    const [own, other] = [await rows.user(), await rows.user()]
    await rename(other.id)

    const read = await prisma.$transaction(async (tx) => {
      await tx.user.update({ where: { id: own.id }, data: { name: 'one' } })
      await tx.user.update({ where: { id: own.id }, data: { timezone: 'CET' } })
      return readOwnTags(createTransactionQueryable(tx))
    })

    expect([...read.tags].sort()).toEqual(
      ['User.*/name', 'User.*/timezone', 'User.*/updatedAt', `User:${own.id}`, 'User~'].sort(),
    )
    expect(read.keys).toHaveLength(2)
    expect(await areGone(database, read)).toBe(false)
  })

  test('that has written nothing has none', async () => {
    const read = await prisma.$transaction(async (tx) => {
      await tx.user.count()
      return readOwnTags(createTransactionQueryable(tx))
    })

    expect(read).toEqual({ tags: [], keys: [] })
  })

  test('deletes exactly its own rows after it has announced them', async () => {
    const { id } = await rows.user()
    await probe.run('DELETE FROM loadline.outbox')
    const read = await prisma.$transaction(async (tx) => {
      await tx.user.update({ where: { id }, data: { name: 'mine' } })
      return readOwnTags(createTransactionQueryable(tx))
    })
    await rename(id, 'theirs')

    await deleteRows(database, read, 'here')

    expect(await countRows()).toBe(1)
    expect(await areGone(database, read)).toBe(true)
  })

  test('also reads what its deferred triggers write', async () => {
    const { id } = await rows.user()
    await probe.run(
      `CREATE FUNCTION touch_zone() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
         UPDATE "User" SET timezone = 'UTC+1' WHERE id = NEW.id AND timezone <> 'UTC+1'; RETURN NULL; END $$`,
    )
    await probe.run(
      `CREATE CONSTRAINT TRIGGER touch AFTER UPDATE ON "User" DEFERRABLE INITIALLY DEFERRED
       FOR EACH ROW EXECUTE FUNCTION touch_zone()`,
    )
    try {
      const { tags } = await prisma.$transaction(async (tx) => {
        await tx.user.update({ where: { id }, data: { name: 'deferred' } })
        return readOwnTags(createTransactionQueryable(tx))
      })

      expect(tags).toContain('User.*/timezone')
    } finally {
      await probe.run('DROP FUNCTION touch_zone() CASCADE')
    }
  })
})

describe('draining', () => {
  test('announces what is committed, each tag once, and only then deletes it', async () => {
    const { id } = await rows.user()
    await rename(id, 'one')
    await rename(id, 'two')
    const { calls, announce } = createListener()

    expect(await drainOutbox(database, announce)).toBe(3)

    expect(calls).toHaveLength(1)
    expect([...(calls[0]?.tags ?? [])].sort()).toEqual(
      ['User.*', 'User.*/name', 'User.*/updatedAt', `User:${id}`, 'User~'].sort(),
    )
    expect(calls[0]?.rowsLeft).toBe(3)
    expect(await countRows()).toBe(0)
    expect(await drainOutbox(database, announce)).toBe(0)
    expect(calls).toHaveLength(1)
  })

  test('keeps every row when announcing fails', async () => {
    await rows.user()
    const failing = () => Promise.reject(new Error('the cache is gone'))

    await expect(drainOutbox(database, failing)).rejects.toThrow('the cache is gone')

    expect(await countRows()).toBe(1)
  })

  test('keeps what is committed while it announces, and announces it next', async () => {
    const [first, late] = [await rows.user(), await rows.user()]
    await probe.run('DELETE FROM loadline.outbox')
    await rename(first.id)
    const announced: string[][] = []

    await drainOutbox(database, async (tags) => {
      announced.push([...tags])
      if (announced.length === 1) await rename(late.id)
      return 'here'
    })

    expect(await countRows()).toBe(1)
    await drainOutbox(database, async (tags) => {
      announced.push([...tags])
      return 'here'
    })
    expect(announced[0]).not.toContain(`User:${late.id}`)
    expect(announced[1]).toContain(`User:${late.id}`)
  })

  test('goes on until nothing is left', async () => {
    await probe.run(
      `INSERT INTO loadline.outbox (tags) SELECT ARRAY['Thing:' || i] FROM generate_series(1, 450) AS i`,
    )
    const { calls, announce } = createListener()

    expect(await drainOutbox(database, announce)).toBe(450)

    expect(new Set(calls.flatMap(({ tags }) => tags)).size).toBe(450)
    expect(await countRows()).toBe(0)
  })

  test('by several at once announces everything and stops nobody', async () => {
    await probe.run(
      `INSERT INTO loadline.outbox (tags) SELECT ARRAY['Thing:' || i] FROM generate_series(1, 300) AS i`,
    )
    const drainers = [createListener(), createListener(), createListener()]

    await Promise.all(drainers.map(({ announce }) => drainOutbox(database, announce)))

    const tags = drainers.flatMap(({ calls }) => calls.flatMap((call) => call.tags))
    expect(new Set(tags).size).toBe(300)
    expect(await countRows()).toBe(0)
  })

  test.skipIf(testDatabaseKind() === 'pglite')(
    'never sees a transaction that is still running, and finds it once it is committed',
    async () => {
      const { id } = await rows.user()
      await probe.run('DELETE FROM loadline.outbox')
      const { calls, announce } = createListener()

      await prisma.$transaction(async (tx) => {
        await tx.user.update({ where: { id }, data: { name: 'slow' } })
        await rows.course() // commits with higher numbers
        expect(await drainOutbox(database, announce)).toBeGreaterThan(0)
      })

      expect(calls.flatMap(({ tags }) => tags)).not.toContain(`User:${id}`)
      await drainOutbox(database, announce)
      expect(calls.flatMap(({ tags }) => tags)).toContain(`User:${id}`)
    },
  )
})
