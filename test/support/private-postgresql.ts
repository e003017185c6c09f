import { type ChildProcess, execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { chown, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import {
  findFreePort,
  findPrograms,
  findUnprivilegedUser,
  startServer,
  stopServer,
} from './private-server.ts'

export interface PrivatePostgresql extends AsyncDisposable {
  /** The URL of one of its databases. */
  url(database?: string): string
  /** Kills the server as a power cut would (its data stays), or ends it without waiting for clients. */
  stop(how: 'kill' | 'fast'): Promise<void>
  /** Starts it again on the same data and port. */
  start(): Promise<void>
}

/** Where PostgreSQL's programs are, or undefined when it is not installed. */
export function findPostgresql(): string | undefined {
  return findPrograms(['postgres', 'initdb'], installFolders())
}

/**
 * A PostgreSQL server of one's own: a fresh data directory below the system's temporary folder, on
 * a free port of 127.0.0.1, without fsync, as another user when we are root. Disposing removes it.
 */
export async function startPrivatePostgresql(): Promise<PrivatePostgresql> {
  const programs = findPostgresql()
  if (!programs) throw new Error('PostgreSQL is not installed: no programs postgres and initdb')
  const user = findUnprivilegedUser()
  const folder = await mkdtemp(join(tmpdir(), 'loadline-postgresql-'))
  if (user) await chown(folder, user.uid, user.gid)
  const initdb = ['-D', folder, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync']
  await promisify(execFile)(join(programs, 'initdb'), [...initdb, `--locale=${locale}`], {
    ...user,
    cwd: folder,
  })
  const port = await findFreePort()
  const url = (database = 'postgres') => `postgresql://postgres@127.0.0.1:${port}/${database}`
  const settings = [...settingsOfTests, `port=${port}`].flatMap((setting) => ['-c', setting])
  let server: ChildProcess | undefined
  const start = async () => {
    server = await startServer(join(programs, 'postgres'), ['-D', folder, ...settings], {
      user,
      isReady: () => connectOnce(url()),
    })
  }
  const stop = async (how: 'kill' | 'fast') => {
    // SIGQUIT is PostgreSQL's immediate shutdown: no checkpoint, recovery at the next start, and,
    // unlike SIGKILL, no shared memory left behind.
    if (server) await stopServer(server, how === 'kill' ? 'SIGQUIT' : 'SIGINT')
  }
  await start()
  return {
    url,
    start,
    stop,
    [Symbol.asyncDispose]: async () => {
      await stop('kill')
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const locale = process.platform === 'linux' ? 'C.UTF-8' : 'en_US.UTF-8'

const settingsOfTests = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'max_connections=200',
  'fsync=off',
  'full_page_writes=off',
  'synchronous_commit=off',
]

/** Debian keeps the programs of each version apart from PATH, Homebrew often does. */
function installFolders(): readonly string[] {
  const versions = (parent: string) => {
    try {
      return readdirSync(parent).sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
    } catch {
      return []
    }
  }
  return [
    ...versions('/usr/lib/postgresql').map((version) => `/usr/lib/postgresql/${version}/bin`),
    ...['/opt/homebrew/opt', '/usr/local/opt'].flatMap((parent) =>
      versions(parent)
        .filter((name) => name.startsWith('postgresql'))
        .map((name) => join(parent, name, 'bin')),
    ),
  ]
}

async function connectOnce(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.end()
}
