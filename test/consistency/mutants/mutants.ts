import { collapseTags } from '../../../src/cache/collapse-tags.ts'
import type { CacheStore, Epoch } from '../../../src/cache/store.ts'
import { outbox } from '../../../src/capture/trigger-body.ts'
import type { RawRow } from '../../../src/sql/database.ts'
import { createStatement } from '../../../src/sql/statements.ts'
import type { Tag } from '../../../src/tags/tag.ts'
import { sleep } from '../harness/clock.ts'
import type { Drained, Mutant } from './in-process-server.ts'

/** How long what must come first comes too late. */
const lateMs = 250

/** An answer that was computed across a write counts as computed after it. */
export const epochAfterReads = storeMutant((store) => ({
  fill: async (key, bytes, options) =>
    store.fill(key, bytes, { ...options, epoch: await captureNow(store, options.epoch) }),
}))

/** Who is asking was read before the epoch was captured. */
export const epochAfterViewer = storeMutant((store) => ({
  async fill(key, bytes, options) {
    const isOfViewer = key.startsWith('viewer:')
    const epoch = isOfViewer ? await captureNow(store, options.epoch) : options.epoch
    return store.fill(key, bytes, { ...options, epoch })
  },
}))

export const announcementLeftOut = storeMutant((store) => ({
  announce: () => store.announce([]),
}))

/** Whoever announces is told at once that it was done. */
export const acknowledgedFirst = storeMutant((store) => ({
  async announce(tags) {
    const announced = [...tags]
    void sleep(lateMs).then(() => store.announce(announced).catch(() => {}))
    return await store.announce([])
  },
}))

/** The drainer deletes what it reads, and announces it later. */
export const deletedFirst = () =>
  lateDrainer(async (database, text, values) => {
    const rows = await database.query(createStatement(text), values)
    for (const [txid, id] of rows) await database.query(deleteOne, [txid, id])
    return rows
  })

/** The drainer claims rows for itself: for a mutation that waits until they are gone, they are. */
export const skipLocked = () =>
  lateDrainer((database, _text, values) => database.query(claim, values))

/** A restored database is taken for the one that it replaced. */
export const withoutNonce: Mutant = {
  wrapDrained: (database) =>
    intercept(database, async (text, values) => {
      if (!text.includes('h.nonce')) return null
      const rows = await database.query(createStatement(text), values)
      return rows.map(([, , ...keeper]) => ['same', 1n, ...keeper])
    }),
}

/** Whatever store a process reaches, it takes it for the keeper. */
export const keeperIgnored = (): Mutant => {
  let reached = ''
  return {
    ...storeMutant((store) => ({
      async beat(readSince) {
        const moment = await store.beat(readSince)
        reached = moment.store
        return moment
      },
    })),
    wrapDrained: (database) =>
      intercept(database, async (text, values) => {
        const changed = text.replace('keeper = $3::text', '$3::text IS NOT NULL')
        if (changed !== text) return database.query(createStatement(changed), values)
        if (!text.includes('h.nonce')) return null
        const rows = await database.query(createStatement(text), values)
        return rows.map(([id, mark]) => [id, mark, reached, 0])
      }),
  }
}

/** Readings of the outbox are confirmed that never were. */
export const heartbeatIgnored: Mutant = storeMutant((store) => {
  let isOpen = true
  void confirm()
  async function confirm() {
    while (isOpen) {
      try {
        await store.beat(await store.beat(null))
      } catch {
        // Redis is not there yet; it is tried again.
      }
      await sleep(100)
    }
  }
  return {
    async [Symbol.asyncDispose]() {
      isOpen = false
      await store[Symbol.asyncDispose]()
    },
  }
})

export const columnTagsLeftOut = fillWithout((tag) => tag.includes('/'))

/** Only what is shown counts, not what it was chosen by. */
export const crossTableTagsLeftOut = fillWithout((tag) => /^(Attendee|Enrollment)\b/.test(tag))

/** Answers depend on every write to a model, of which only some are announced. */
export const collapsedTagsSeldom = storeMutant((store) => {
  let turn = 0
  return {
    fill: (key, bytes, options) =>
      store.fill(key, bytes, { ...options, tags: collapseTags(options.tags, 0) }),
    announce(tags) {
      turn += 1
      const isTold = turn % 4 === 0
      return store.announce([...tags].filter((tag) => isTold || !/^\w+~$/.test(tag)))
    },
  }
})

function storeMutant(change: (store: CacheStore) => Partial<CacheStore>): Mutant {
  return {
    wrapStore: (store) => ({
      lookUp: (...args) => store.lookUp(...args),
      fill: (...args) => store.fill(...args),
      announce: (tags) => store.announce(tags),
      beat: (moment) => store.beat(moment),
      describe: () => store.describe(),
      [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
      ...change(store),
    }),
  }
}

function fillWithout(isLeftOut: (tag: Tag) => boolean): Mutant {
  return storeMutant((store) => ({
    fill: (key, bytes, options) =>
      store.fill(key, bytes, {
        ...options,
        tags: [...options.tags].filter((tag) => !isLeftOut(tag)),
      }),
  }))
}

/** Later, so that writes come between. */
async function captureNow(store: CacheStore, otherwise: Epoch): Promise<Epoch> {
  await sleep(lateMs)
  const now = await store.lookUp({ public: 'mutant', role: null, own: null })
  return now.outcome === 'miss' ? now.epoch : otherwise
}

/** Takes rows out of the outbox before they are announced; mutations announce their own in time. */
function lateDrainer(
  take: (database: Drained, text: string, values: readonly unknown[]) => Promise<readonly RawRow[]>,
): Mutant {
  let taken: ReadonlySet<unknown> = new Set()
  return {
    ...storeMutant((store) => ({
      async announce(tags) {
        const announced = [...tags]
        if (announced.every((tag) => taken.has(tag))) await sleep(2 * lateMs)
        return await store.announce(announced)
      },
    })),
    wrapDrained: (database) =>
      intercept(database, async (text, values) => {
        if (!readsOutbox(text)) return null
        const rows = await take(database, text, values)
        taken = new Set(rows.flatMap(([, , tags]) => tags))
        return rows
      }),
  }
}

/** The database, but for statements to which `answer` has one of its own. */
function intercept(
  database: Drained,
  answer: (text: string, values: readonly unknown[]) => Promise<readonly RawRow[] | null>,
): Drained {
  return {
    kind: database.kind,
    query: async (statement, values, options) =>
      (await answer(statement.text, values)) ?? database.query(statement, values, options),
  }
}

const readsOutbox = (text: string) => text.startsWith(`SELECT txid, id, tags FROM ${outbox}`)

const deleteOne = createStatement(`DELETE FROM ${outbox} WHERE txid = $1 AND id = $2`)

const claim = createStatement(`DELETE FROM ${outbox} WHERE (txid, id) IN (
    SELECT txid, id FROM ${outbox} ORDER BY txid, id LIMIT $1 FOR UPDATE SKIP LOCKED
  ) RETURNING txid, id, tags`)
