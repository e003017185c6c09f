import { expect, test, vi } from 'vitest'
import { keepTrue } from '../../src/cache/keep-true.ts'
import { createKeeping } from '../../src/cache/keeper.ts'
import type { Queryable } from '../../src/sql/database.ts'
import { patience } from '../support/start-cached-apps.ts'
import { openTestDatabase } from '../support/test-databases.ts'

/** Tells what is done to the store and the database, in order, and lets a test spoil it. */
async function watchKeeping(spoil: {
  history?: (pass: number) => string
  keeper?: (pass: number) => string
  announce?: () => void
}) {
  const database = await openTestDatabase()
  const events: string[] = []
  const warnings: string[] = []
  let pass = 0
  const queries: Queryable = {
    query(statement, values) {
      if (statement.text.includes('ORDER BY txid')) events.push('read the outbox')
      return database.query(statement, values)
    },
  }
  const keeping = keepTrue({
    drained: { kind: database.kind, ...queries },
    history: {
      id: 'unused',
      get keeper() {
        return { store: spoil.keeper?.(pass) ?? 'here', quietMs: 0 }
      },
      async read() {
        pass += 1
        events.push('read the history')
        return spoil.history?.(pass) ?? 'one history'
      },
    },
    store: {
      async beat(since) {
        events.push(`beat ${since?.at ?? null}`)
        return { store: 'here', at: `moment ${pass}` }
      },
      async announce() {
        spoil.announce?.()
        events.push('announce')
        return 'here'
      },
    },
    keeping: createKeeping(database),
    log: { info() {}, warn: (...entry: readonly unknown[]) => warnings.push(String(entry[1])) },
  })
  return {
    database,
    warnings,
    /** What was done until the outbox was read for the last of so many times. */
    async untilReadings(count: number) {
      const ends = () => events.flatMap((event, at) => (event === 'read the outbox' ? [at] : []))
      await vi.waitFor(() => expect(ends().length).toBeGreaterThanOrEqual(count), patience)
      return events.slice(0, (ends()[count - 1] ?? 0) + 1)
    },
    async [Symbol.asyncDispose]() {
      await keeping[Symbol.asyncDispose]()
      await database[Symbol.asyncDispose]()
    },
  }
}

test('each reading of the outbox is confirmed before the next, by a moment of before it', async () => {
  await using watched = await watchKeeping({})

  expect(await watched.untilReadings(3)).toEqual([
    ...['read the history', 'beat null', 'read the outbox'],
    ...['read the history', 'beat moment 1', 'read the outbox'],
    ...['read the history', 'beat moment 2', 'read the outbox'],
  ])
})

test('a reading is not confirmed for another history than that which was read', async () => {
  const history = (pass: number) => (pass < 3 ? 'one history' : 'another')
  await using watched = await watchKeeping({ history })

  expect(await watched.untilReadings(4)).toEqual([
    ...['read the history', 'beat null', 'read the outbox'],
    ...['read the history', 'beat moment 1', 'read the outbox'],
    ...['read the history', 'beat null', 'read the outbox'],
    ...['read the history', 'beat moment 3', 'read the outbox'],
  ])
})

test('a reading is not confirmed once another store keeps the answers, and that is told once', async () => {
  const keeper = (pass: number) => (pass === 2 || pass === 3 ? 'elsewhere' : 'here')
  await using watched = await watchKeeping({ keeper })

  // Without the store, the outbox is not even read: its rows are left to the keeper's processes.
  expect(await watched.untilReadings(3)).toEqual([
    ...['read the history', 'beat null', 'read the outbox'],
    ...['read the history', 'beat null'],
    ...['read the history', 'beat null'],
    ...['read the history', 'beat null', 'read the outbox'],
    ...['read the history', 'beat moment 4', 'read the outbox'],
  ])
  expect(watched.warnings).toEqual([
    'Answers of this database are kept in another store, elsewhere: none are served from the store of this process',
  ])
})

test('a reading whose writes could not be announced is not confirmed, and its trouble told once', async () => {
  let failures = 0
  await using watched = await watchKeeping({
    announce: () => {
      failures += 1
      if (failures < 3) throw new Error('No')
    },
  })
  await watched.untilReadings(2)
  await watched.database.query(
    { name: '', text: `INSERT INTO "User" (id, email, name) VALUES (gen_random_uuid(), 'a', 'a')` },
    [],
  )
  await vi.waitFor(() => expect(failures).toBe(3), patience)

  const events = (await watched.untilReadings(6)).join()
  const [before, after] = events.split('announce')
  // Those of the passes that failed, and of the one that then announced, had nothing to confirm.
  expect(before?.match(/beat null/g)?.length).toBeGreaterThanOrEqual(3)
  expect(after).toMatch(/^,read the history,beat moment/)
  expect(watched.warnings).toEqual(['The outbox cannot be drained: no answers are served'])
})
