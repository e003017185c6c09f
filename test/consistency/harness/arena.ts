import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { signToken } from '../../../src/guard/sign-token.ts'
import { applyMigrations } from '../../../src/sql/migrations.ts'
import { openPostgresql } from '../../../src/sql/postgresql.ts'
import { runAsAdmin } from '../../support/database-source.ts'
import { type PrivatePostgresql, startPrivatePostgresql } from '../../support/private-postgresql.ts'
import { type PrivateRedis, startPrivateRedis } from '../../support/private-redis.ts'
import { createHistory, type History } from '../model/history.ts'
import { type Cast, createCast } from '../workload/cast.ts'
import { fillSmallWorld } from '../workload/small-world.ts'
import { type Audit, installAudit, openAudit } from './audit.ts'
import { type Client, createClient, type HitPath } from './client.ts'
import { nowMs } from './clock.ts'
import { type Proxies, startProxies } from './proxies.ts'
import { openServer, type Server, type ServerOptions } from './servers.ts'

/** Everything that a run consists of, each part private to it. */
export interface Arena extends AsyncDisposable {
  readonly postgresql: PrivatePostgresql
  readonly databaseUrl: string
  /** Null: the processes were given none. */
  readonly redis: PrivateRedis | null
  /** Those that are asked; a test may put others here. */
  readonly servers: Server[]
  readonly proxies: Proxies
  readonly history: History
  readonly audit: Audit
  readonly cast: Cast
  readonly ask: Client
  /** How long after its answer a mutation may still be unknown to some: nothing, but for a split Redis. */
  graceMs: number
  tokenOf(userId: string): Promise<string>
  /** Puts a line into the report's chronicle. */
  note(event: string): void
  readonly notes: readonly { readonly atMs: number; readonly event: string }[]
}

export interface ArenaOptions {
  readonly processes: number
  readonly withRedis: boolean
  /** Of each process, by its number. */
  readonly server?: (number: number) => Pick<ServerOptions, 'script' | 'env'>
  /** How far the clock of a process is ahead. @default 0 */
  readonly aheadMs?: (number: number) => number
  /** How clients ask. @default both */
  readonly path?: HitPath
  readonly onNote?: (event: string) => void
}

export const secret = 'a secret of the checker, which is long enough'
export const databaseName = 'checked'

/** The bound that the contract gives to hits while nobody confirms the outbox, and a little. */
export const heartbeatMs = 2_100

export async function openArena(options: ArenaOptions): Promise<Arena> {
  const { processes, withRedis, server = () => ({}), onNote = () => {} } = options
  const { aheadMs = () => 0 } = options
  const opened: AsyncDisposable[] = []
  const own = <Owned extends AsyncDisposable>(owned: Owned) => {
    opened.unshift(owned)
    return owned
  }
  const close = async () => {
    for (const one of opened.splice(0)) await one[Symbol.asyncDispose]()
  }
  try {
    const postgresql = own(await startPrivatePostgresql())
    const redis = withRedis ? own(await startPrivateRedis()) : null
    const folder = await mkdtemp(join(tmpdir(), 'loadline-checker-'))
    own({ [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) })
    const databaseUrl = postgresql.url(databaseName)
    await createDatabase(postgresql)
    const history = createHistory()
    const audit = own(await openAudit({ url: databaseUrl, history, heartbeatMs }))
    const seed = { name: 'seed', what: 'the first rows', begunMs: 0, ackedMs: 0 }
    audit.expect(seed)
    await audit.catchUp()
    const proxies = own(startProxies())
    const starting = Array.from({ length: processes }, (_, number) =>
      openServer({
        ...{ number, databaseUrl, redisUrl: redis?.url ?? null, secret, proxies },
        ...{ dataDirectory: join(folder, String(number)), aheadMs: aheadMs(number) },
        ...server(number),
      }),
    )
    for (const started of await Promise.allSettled(starting)) {
      if (started.status === 'fulfilled') own(started.value)
    }
    const servers = await Promise.all(starting)
    const ask = createClient(options.path)
    own({ [Symbol.asyncDispose]: async () => ask[Symbol.dispose]() })
    const tokens = new Map<string, Promise<string>>()
    const notes: { atMs: number; event: string }[] = []
    return {
      ...{
        postgresql,
        databaseUrl,
        redis,
        servers,
        proxies,
        history,
        audit,
        ask,
        notes,
        graceMs: 0,
      },
      cast: createCast(history),
      tokenOf(userId) {
        const known = tokens.get(userId)
        if (known) return known
        const token = signToken(userId, { secret, issuer: null, audience: null })
        tokens.set(userId, token)
        return token
      },
      note(event) {
        notes.push({ atMs: nowMs(), event })
        onNote(event)
      },
      [Symbol.asyncDispose]: close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** Also when PostgreSQL is killed. A setting of one database, which its copies do not have. */
export function keepWhatIsAcknowledged(name: string): string {
  return `ALTER DATABASE ${name} SET synchronous_commit = on`
}

async function createDatabase(postgresql: PrivatePostgresql): Promise<void> {
  await runAsAdmin(postgresql.url(), `CREATE DATABASE ${databaseName}`)
  await runAsAdmin(postgresql.url(), keepWhatIsAcknowledged(databaseName))
  const url = postgresql.url(databaseName)
  const database = await openPostgresql({ url, poolSize: 1 })
  await applyMigrations(database)
  await database[Symbol.asyncDispose]()
  await installAudit(url)
  await fillSmallWorld(url)
}
