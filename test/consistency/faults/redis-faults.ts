import { Redis } from 'ioredis'
import type { PrivateRedis } from '../../support/private-redis.ts'
import type { Arena } from '../harness/arena.ts'
import { sleep } from '../harness/clock.ts'
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
