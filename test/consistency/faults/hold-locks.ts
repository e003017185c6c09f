import pg from 'pg'
import type { Arena } from '../harness/arena.ts'
import { sleep } from '../harness/clock.ts'
import type { Random } from '../workload/random.ts'

/** Tables are locked for a while, so that reads wait between their statements while others are written. */
export async function holdLocks({ databaseUrl, note }: Arena, random: Random): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    for (let turn = 0; turn < 6; turn += 1) {
      const table = random.pick(['Course', 'Enrollment', 'Meeting', 'Attendee', 'User', 'Lesson'])
      note(`${table} is locked`)
      await client.query(`BEGIN; LOCK TABLE "${table}" IN ACCESS EXCLUSIVE MODE`)
      await sleep(100 + random.below(300))
      await client.query('COMMIT')
      await sleep(100)
    }
  } finally {
    await client.end()
  }
}
