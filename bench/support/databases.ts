import pg from 'pg'
import { startPrivateRedis } from '../../test/support/private-redis.ts'
import type { Peer, Place } from '../peers/peers.ts'
import type { Workload } from '../workloads/workload.ts'
import { copyDatabase } from './copy-database.ts'

/** Where workloads find their data. */
export interface Databases extends AsyncDisposable {
  /** Makes what a kind of workload needs, once. */
  prepare(kind: Workload['kind']): Promise<(peer: Peer) => Place>
}

/**
 * What only reads is asked of the database itself. What writes gets copies: one for Loadline, one
 * without its triggers for the others. Where answers are kept, the first of them and a private Redis.
 */
export function createDatabases(url: string): Databases {
  const opened: AsyncDisposable[] = []
  const keep = <T extends AsyncDisposable>(one: T): T => {
    opened.push(one)
    return one
  }
  const own = once(async () => keep(await copyDatabase(url, 'own')).url)
  const bare = once(async () => {
    const copy = keep(await copyDatabase(url, 'bare'))
    await removeCapture(copy.url)
    return copy.url
  })
  const redis = once(async () => keep(await startPrivateRedis()).url)

  return {
    async prepare(kind = 'reads') {
      if (kind === 'reads') return () => ({ databaseUrl: url, redisUrl: null })
      if (kind === 'hits') {
        const place = { databaseUrl: await own(), redisUrl: await redis() }
        return () => place
      }
      const urls = { own: await own(), bare: await bare() }
      return ({ isBare = true }) => ({
        databaseUrl: isBare ? urls.bare : urls.own,
        redisUrl: null,
      })
    },
    async [Symbol.asyncDispose]() {
      for (const one of opened.reverse()) await one[Symbol.asyncDispose]()
    },
  }
}

/** The triggers go with their functions. */
async function removeCapture(connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  await client.query('DROP SCHEMA loadline CASCADE')
  await client.end()
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make()
    return made
  }
}
