import { describe, expect, test } from 'vitest'
import { findPostgresql } from '../support/private-postgresql.ts'
import { findRedis } from '../support/private-redis.ts'
import { type FaultName, troubleWith } from './faults/faults.ts'
import { openArena } from './harness/arena.ts'
import { renderSummary, renderViolation } from './harness/report.ts'
import { runWorkload } from './harness/run.ts'
import { createRandom } from './workload/random.ts'

/** As in `npm run check:consistency`, which does the same for longer and with all faults. */
const operations = Number(process.env.LOADLINE_CHECK_OPS ?? 20_000)
const seed = Number(process.env.LOADLINE_CHECK_SEED ?? 1)

const missing = [...(findPostgresql() ? [] : ['PostgreSQL']), ...(findRedis() ? [] : ['Redis'])]
if (missing.length > 0) {
  console.warn(
    `${missing.join(' and ')} not installed: histories are not checked over ${missing.includes('PostgreSQL') ? 'any store' : 'Redis'}. ` +
      'Every answer is still compared with a computed one, in process (the leak fuzzer).',
  )
}

/** What takes seconds; all else is for longer runs. */
const shortFaults: readonly FaultName[] = [
  'slowReads',
  'cutFromRedis',
  'redisKilled',
  'killBeforeAnnouncement',
]

// Not seconds, but as many as a busy machine needs.
describe('no order of the writes is contradicted by any answer,', { timeout: 1_800_000 }, () => {
  test.runIf(missing.length === 0)('of three processes on Redis, whatever breaks', async () => {
    await check({
      ...{ processes: 3, withRedis: true, operations: operations * 0.6, faults: shortFaults },
    })
  })

  test.runIf(findPostgresql())('of one process that remembers by itself', async () => {
    await check({ processes: 1, withRedis: false, operations: operations * 0.4, faults: [] })
  })
})

async function check(options: {
  readonly processes: number
  readonly withRedis: boolean
  readonly operations: number
  readonly faults: readonly FaultName[]
}): Promise<void> {
  await using arena = await openArena(options)
  // Once each: a process that was killed takes seconds to be back and fast.
  const random = createRandom(seed)
  const trouble = troubleWith(arena, { names: options.faults, random, rounds: 1 })
  const result = await runWorkload(arena, {
    ...{ operations: options.operations, seed },
    ...(trouble && { trouble }),
  })
  const { slowestOutsideMs } = arena.audit
  console.log(renderSummary(result, { seed, slowestOutsideMs }))

  expect(result.violations.slice(0, 5).map((found) => renderViolation(found, arena))).toEqual([])
  expect(result.lost).toEqual([])
  expect(result.checked).toBeGreaterThanOrEqual(options.operations)
  // That nothing was remembered would prove nothing.
  for (const scope of ['public', 'role', 'own']) {
    expect(result.outcomes.get(`hit ${scope}`) ?? 0).toBeGreaterThan(20)
  }
  // Those above were explained; these are stored bytes.
  expect(result.outcomes.get('loadline; hit') ?? 0).toBeGreaterThan(60)
}
