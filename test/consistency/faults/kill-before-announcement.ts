import type { Arena } from '../harness/arena.ts'
import { sleep } from '../harness/clock.ts'
import type { Random } from '../workload/random.ts'

/**
 * SIGKILL between COMMIT and announcement: nothing gets from the process to Redis, so that its
 * mutations commit and wait, and then it is gone. Others must announce what it left.
 */
export async function killBeforeAnnouncement(
  { servers, note }: Arena,
  random: Random,
): Promise<void> {
  const server = random.pick(servers)
  if (server.toRedis) {
    note(`server ${server.number} cannot announce`)
    server.toRedis.stall()
    await sleep(300 + random.below(600))
  }
  note(`server ${server.number} is killed`)
  await server.kill()
  server.toRedis?.mend()
  await sleep(random.below(500))
  await server.start()
  note(`server ${server.number} is started again`)
}
