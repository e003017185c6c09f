import { Redis } from 'ioredis'
import { type PrivateRedis, startPrivateRedis } from '../../support/private-redis.ts'
import { type Arena, heartbeatMs } from '../harness/arena.ts'
import { sleep } from '../harness/clock.ts'
import type { Random } from '../workload/random.ts'
import type { Trouble } from './trouble.ts'

interface Hands extends Pick<Arena, 'note'> {
  readonly redis: PrivateRedis
  /** One command on a connection of its own. */
  command(name: string, ...args: readonly string[]): Promise<unknown>
}

/** Does nothing where there is no Redis. */
export function withRedis(trouble: (hands: Hands) => Promise<void>): Trouble {
  return async ({ redis, note }) => {
    if (redis) await trouble({ redis, note, command: (...call) => callOnce(redis.url, call) })
  }
}

async function callOnce(url: string, [name = '', ...args]: readonly string[]): Promise<unknown> {
  const client = new Redis(url, { lazyConnect: true, protocol: 2 })
  client.on('error', () => {}) // The call rejects.
  try {
    return await client.call(name, ...args)
  } finally {
    client.disconnect()
  }
}

export async function restartEmpty({ redis, note, command }: Hands): Promise<void> {
  // What a restart loads is what was saved last.
  await command('FLUSHALL')
  await command('SAVE')
  await sleep(300)
  note('Redis is killed')
  await redis.kill()
  await sleep(500)
  await redis.start()
  note('Redis is back, empty')
}

export async function restartWithSnapshot({ redis, note, command }: Hands): Promise<void> {
  await command('SAVE')
  note('Redis was saved')
  await sleep(1_500)
  note('Redis is killed')
  await redis.kill()
  await redis.start()
  note('Redis is back, as it was when it was saved')
}

/**
 * A failover that one process sees and the others do not. Until those know that their Redis is no
 * longer the one, at most a heartbeat long, either side may miss what the other one writes.
 */
export async function splitRedis(arena: Arena, random: Random): Promise<void> {
  const { redis, servers, note } = arena
  const { number, toRedis } = random.pick(servers)
  if (!redis || !toRedis) return
  await using other = await startPrivateRedis()
  const lead = async (url: string, what: string, ms: number) => {
    arena.graceMs = heartbeatMs
    note(what)
    toRedis.lead(Number(new URL(url).port))
    await sleep(heartbeatMs)
    arena.graceMs = 0
    await sleep(ms)
  }
  await lead(other.url, `server ${number} is led to another Redis`, 3_000)
  await lead(redis.url, `server ${number} is back at the Redis of the others`, 0)
}
