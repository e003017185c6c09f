import type { Queryable } from '../sql/database.ts'
import { arrayLiteral } from '../sql/slots.ts'
import { createStatement } from '../sql/statements.ts'
import type { Tag } from '../tags/tag.ts'
import { history, outbox } from './trigger-body.ts'

/**
 * Makes tags known to the cache; resolves when no answer that depends on them will be served again,
 * with the name of the store that was told.
 */
export type Announce = (tags: readonly Tag[]) => Promise<string>

/** Rows of the outbox: what they announce together, and what each is deleted by. */
export interface OutboxRows {
  readonly tags: readonly Tag[]
  readonly keys: readonly { readonly txid: string; readonly id: bigint }[]
}

/** Rows read at once: at most some megabytes, as a row holds thousands of tags at most. */
const batchSize = 200

/**
 * What the transaction has written so far. To be called as its last statement before COMMIT:
 * deferred constraints and their triggers run now, and may fail it. After COMMIT announce the tags,
 * acknowledge, and `deleteRows`; what is not deleted, a drainer announces.
 */
export async function readOwnTags(transaction: Queryable): Promise<OutboxRows> {
  return toRows(await transaction.query(readOwn, []))
}

/**
 * Deletes exactly these rows, which were announced in `store`. Others that delete them at the same
 * moment do not matter. If another store keeps the answers of the database, or keeps them by now, its
 * processes have yet to announce them: then it deletes nothing and gives false.
 */
export async function deleteRows(
  database: Queryable,
  { keys }: Pick<OutboxRows, 'keys'>,
  store: string,
): Promise<boolean> {
  if (keys.length === 0) return true
  const txids = arrayLiteral(keys.map(({ txid }) => txid))
  const ids = arrayLiteral(keys.map(({ id }) => id))
  const [answer] = await database.query(deleteExactly, [txids, ids, store])
  return answer?.[0] === true
}

/** Whether another process has announced the rows already. */
export async function areGone(database: Queryable, { keys }: OutboxRows): Promise<boolean> {
  const txids = arrayLiteral(keys.map(({ txid }) => txid))
  const ids = arrayLiteral(keys.map(({ id }) => id))
  const [left] = await database.query(findLeft, [txids, ids])
  return left?.[0] === false
}

/**
 * Announces everything that is committed in the outbox, whoever wrote it, and then deletes exactly
 * that; gives the number of rows. Rows are not claimed: a claimed row would be gone for its own
 * mutation, which would acknowledge before it is announced. So several may announce the same, which
 * is harmless. Rejects when `announce` does, or when they are not ours to delete, with the rows still
 * there.
 */
export async function drainOutbox(database: Queryable, announce: Announce): Promise<number> {
  let drained = 0
  for (;;) {
    const rows = toRows(await database.query(readCommitted, [batchSize]))
    if (rows.keys.length > 0) {
      const store = await announce(rows.tags)
      const isKeeper = await deleteRows(database, rows, store)
      if (!isKeeper) throw new Error('Another store keeps the answers: the rows are left to it')
    }
    drained += rows.keys.length
    if (rows.keys.length < batchSize) return drained
  }
}

/**
 * Hands over, batch by batch, what is committed in the outbox when it is called, whoever wrote it, and
 * deletes nothing.
 */
export async function readOutbox(
  database: Queryable,
  take: (rows: OutboxRows) => Promise<void>,
): Promise<void> {
  let after: OutboxRows['keys'][number] | undefined
  do {
    const { txid, id } = after ?? { txid: '0', id: 0n }
    const rows = toRows(await database.query(readFollowing, [txid, id, batchSize]))
    await take(rows)
    after = rows.keys.length < batchSize ? undefined : rows.keys.at(-1)
  } while (after)
}

/** Equal tags are one: all were committed before the read, and are announced after it. */
function toRows(raws: readonly (readonly unknown[])[]): OutboxRows {
  const tags = new Set<Tag>()
  for (const [, , names] of raws) for (const tag of names as readonly Tag[]) tags.add(tag) // a text[]
  return {
    tags: [...tags],
    keys: raws.map(([txid, id]) => ({ txid: String(txid), id: BigInt(String(id)) })),
  }
}

const readOwn = createStatement('SELECT txid, id, tags FROM loadline.own_rows()')

const readCommitted = createStatement(
  `SELECT txid, id, tags FROM ${outbox} ORDER BY txid, id LIMIT $1`,
)

const readFollowing = createStatement(
  `SELECT txid, id, tags FROM ${outbox} WHERE (txid, id) > ($1::xid8, $2::int8) ORDER BY txid, id LIMIT $3`,
)

const theseRows = `SELECT o.txid, o.id FROM ${outbox} AS o
  JOIN unnest($1::xid8[], $2::int8[]) AS k (txid, id) ON o.txid = k.txid AND o.id = k.id`

/** In one order, so that two that delete the same rows cannot stop each other. */
const deleteExactly = createStatement(`WITH ours AS MATERIALIZED (
  SELECT FROM ${history} WHERE keeper IS NULL OR keeper = $3::text
), gone AS (
  ${theseRows} WHERE EXISTS (SELECT FROM ours) ORDER BY o.txid, o.id FOR UPDATE OF o
), deleted AS (
  DELETE FROM ${outbox} AS o USING gone WHERE o.txid = gone.txid AND o.id = gone.id
) SELECT EXISTS (SELECT FROM ours)`)

const findLeft = createStatement(`SELECT EXISTS (${theseRows})`)
