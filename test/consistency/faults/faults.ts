import type { Arena } from '../harness/arena.ts'
import { sleep } from '../harness/clock.ts'
import type { Random } from '../workload/random.ts'
import { holdLocks } from './hold-locks.ts'
import { killBeforeAnnouncement } from './kill-before-announcement.ts'
import { restartEmpty, restartWithSnapshot, splitRedis, withRedis } from './redis-faults.ts'
import { restoreDatabase } from './restore-database.ts'
import type { Trouble } from './trouble.ts'

/** In the order in which they follow each other. */
export const faults = {
  slowReads,
  longLocks: holdLocks,
  redisStalled: withRedis(async ({ redis, note }) => {
    note('Redis is stopped (SIGSTOP)')
    redis.pause()
    await sleep(1_500)
    redis.resume()
    note('Redis goes on')
  }),
  redisPaused: withRedis(async ({ command, note }) => {
    note('CLIENT PAUSE for 1.5 s')
    await command('CLIENT', 'PAUSE', '1500', 'ALL')
    await sleep(1_600)
  }),
  redisKilled: withRedis(restartEmpty),
  redisSnapshot: withRedis(restartWithSnapshot),
  redisEvicting: withRedis(async ({ command, note }) => {
    note('Redis has hardly any memory: volatile-lru')
    await command('CONFIG', 'SET', 'maxmemory-policy', 'volatile-lru')
    const used = /used_memory:(\d+)/.exec(String(await command('INFO', 'memory')))?.[1]
    await command('CONFIG', 'SET', 'maxmemory', String(Number(used) + 100_000))
    await sleep(3_000)
    note('and now allkeys-lru')
    await command('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru')
    await sleep(2_000)
    await command('CONFIG', 'SET', 'maxmemory', '0')
    await command('CONFIG', 'SET', 'maxmemory-policy', 'noeviction')
    note('Redis has memory again')
  }),
  redisSplit: splitRedis,
  cutFromRedis,
  stalledToRedis,
  serverStopped,
  drainersBlind,
  killBeforeAnnouncement,
  databaseKilled,
  databaseRestored: restoreDatabase,
} as const satisfies Readonly<Record<string, Trouble>>

export type FaultName = keyof typeof faults

export function isFault(name: string): name is FaultName {
  return name in faults
}

export interface TroubleOptions {
  readonly names: readonly FaultName[]
  readonly random: Random
  /** How often each happens at most. @default without end */
  readonly rounds?: number
}

/** One after another, until the signal is aborted; each is over before the next begins. */
export function troubleWith(
  arena: Arena,
  { names, random, rounds = Number.POSITIVE_INFINITY }: TroubleOptions,
): ((signal: AbortSignal) => Promise<void>) | undefined {
  if (names.length === 0) return undefined
  return async (signal) => {
    for (let turn = 0; turn < rounds * names.length && !signal.aborted; turn += 1) {
      await pause(800, signal)
      const name = names[turn % names.length]
      if (name && !signal.aborted) await faults[name](arena, random)
    }
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  for (let left = ms; left > 0 && !signal.aborted; left -= 50) await sleep(50)
}

/** Answers of the database are late, so that reads and fills stretch over writes. */
async function slowReads({ servers, note }: Arena, random: Random) {
  note('the database answers late')
  for (const { toDatabase } of servers) toDatabase.delay(20 + random.below(60))
  await sleep(3_000)
  for (const { toDatabase } of servers) toDatabase.mend()
  note('the database answers in time')
}

async function cutFromRedis({ servers, note }: Arena, random: Random) {
  const server = random.pick(servers)
  if (!server.toRedis) return
  note(`server ${server.number} is cut off from Redis`)
  server.toRedis.cut()
  await sleep(3_000)
  server.toRedis.mend()
  note(`server ${server.number} reaches Redis again`)
}

async function stalledToRedis({ servers, note }: Arena, random: Random) {
  const server = random.pick(servers)
  if (!server.toRedis) return
  note(`between server ${server.number} and Redis nothing gets through`)
  server.toRedis.stall()
  await sleep(1_000 + random.below(2_500))
  server.toRedis.mend()
  note(`server ${server.number} and Redis hear what each other said`)
}

/** With it its drainer stops, wherever it is, and all requests that it had. */
async function serverStopped({ servers, note }: Arena, random: Random) {
  const server = random.pick(servers)
  note(`server ${server.number} is stopped (SIGSTOP)`)
  server.stop()
  await sleep(1_000 + random.below(2_500))
  server.goOn()
  note(`server ${server.number} goes on`)
}

/** Nobody can read the outbox, while hits could still be served: one process after the heartbeat. */
async function drainersBlind({ servers, note }: Arena) {
  note('no server hears the database')
  for (const { toDatabase } of servers) toDatabase.stall()
  await sleep(3_500)
  for (const { toDatabase } of servers) toDatabase.mend()
  note('all servers hear the database again')
}

async function databaseKilled({ postgresql, audit, note }: Arena) {
  note('PostgreSQL ends as by a power cut')
  await postgresql.stop('kill')
  await postgresql.start()
  await audit.reconnect()
  note('PostgreSQL is back')
}
