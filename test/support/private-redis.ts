import type { ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { findFreePort, findPrograms, startServer, stopServer } from './private-server.ts'

/** A server that a test may break. */
export interface PrivateRedis extends AsyncDisposable {
  readonly url: string
  /** Kills it without warning; what was not saved is lost. */
  kill(): Promise<void>
  /** Starts it again on the same port, with what was saved. */
  start(): Promise<void>
  /** Stops the process in its tracks: sockets stay open and nothing answers. */
  pause(): void
  resume(): void
}

/** Where `redis-server` is, or undefined when it is not installed. */
export function findRedis(): string | undefined {
  return findPrograms(['redis-server'])
}

/**
 * A Redis server of one's own on a free port of 127.0.0.1, which saves only when told to. `settings`
 * are further arguments: `['--requirepass', 'secret']`.
 */
export async function startPrivateRedis(settings: readonly string[] = []): Promise<PrivateRedis> {
  const programs = findRedis()
  if (!programs) throw new Error('Redis is not installed: no program redis-server')
  const folder = await mkdtemp(join(tmpdir(), 'loadline-redis-'))
  const port = await findFreePort()
  const place = ['--bind', '127.0.0.1', '--port', `${port}`, '--save', '', '--dir', folder]
  let server: ChildProcess
  const start = async () => {
    server = await startServer(join(programs, 'redis-server'), [...place, ...settings], {
      isReady: () => ping(port),
    })
  }
  await start()
  return {
    url: `redis://127.0.0.1:${port}`,
    start,
    kill: () => stopServer(server, 'SIGKILL'),
    pause: () => server.kill('SIGSTOP'),
    resume: () => server.kill('SIGCONT'),
    [Symbol.asyncDispose]: async () => {
      await stopServer(server, 'SIGKILL')
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** A Redis that a test may use but not break, with a namespace that nobody else has. */
export interface TestRedis extends AsyncDisposable {
  readonly url: string
  readonly namespace: string
  /** To look at, and to spoil, what the store keeps. */
  readonly redis: Redis
}

/** Whether `openTestRedis` has a server to offer. */
export function hasTestRedis(env = process.env): boolean {
  return Boolean(env.TEST_REDIS_URL) || findRedis() !== undefined
}

/**
 * The server that TEST_REDIS_URL names, from which the namespace is removed in the end, else a
 * private one. REDIS_URL is never looked at.
 */
export async function openTestRedis(env = process.env): Promise<TestRedis> {
  const server = env.TEST_REDIS_URL ? null : await startPrivateRedis()
  const url = server?.url ?? env.TEST_REDIS_URL ?? ''
  const namespace = `loadline_test_${crypto.randomUUID().slice(0, 8)}`
  const redis = new Redis(url, { protocol: 2 })
  return {
    url,
    namespace,
    redis,
    [Symbol.asyncDispose]: async () => {
      const left = server ? [] : await redis.keys(`{${namespace}*`)
      if (left.length > 0) await redis.unlink(...left)
      redis.disconnect()
      await server?.[Symbol.asyncDispose]()
    },
  }
}

/** Any reply will do, so that a server with a password counts as ready too. */
function ping(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'))
    socket.once('data', () => {
      socket.destroy()
      resolve()
    })
    socket.once('error', reject)
  })
}
