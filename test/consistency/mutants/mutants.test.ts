import { createInMemoryCache, useResponseCache } from '@graphql-yoga/plugin-response-cache'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { history } from '../../../src/capture/trigger-body.ts'
import { runAsAdmin } from '../../support/database-source.ts'
import { findPostgresql } from '../../support/private-postgresql.ts'
import { findRedis } from '../../support/private-redis.ts'
import { type FaultName, faults } from '../faults/faults.ts'
import { type Arena, openArena } from '../harness/arena.ts'
import { sleep } from '../harness/clock.ts'
import { renderViolation } from '../harness/report.ts'
import { type RunOptions, runWorkload } from '../harness/run.ts'
import { createRandom } from '../workload/random.ts'
import { type Mutant, openInProcessServer } from './in-process-server.ts'
import * as mutants from './mutants.ts'

const hasServers = findPostgresql() !== undefined && findRedis() !== undefined
if (!hasServers) console.warn('The mutants are left out: PostgreSQL or Redis is not installed')

interface Case {
  readonly mutant: () => Mutant
  /** What exposes it soonest. */
  readonly workload?: Partial<RunOptions>
  /** @default 1 */
  readonly servers?: number
  readonly trouble?: (arena: Arena, signal: AbortSignal) => Promise<void>
}

const titles = {
  questions: ['courseTitle', 'allCourses'],
  anonymousShare: 0.9,
  writes: ['updateCourse'],
  outside: ['renameCourse'],
  writeShare: 0.3,
} satisfies Partial<RunOptions>

const cases: Readonly<Record<string, Case>> = {
  'the epoch captured after the reads': {
    mutant: () => mutants.epochAfterReads,
    workload: titles,
  },
  'the epoch captured after the viewer': {
    mutant: () => mutants.epochAfterViewer,
    workload: {
      ...{ questions: ['platform', 'users'], writes: ['changeRole'], outside: [] },
      ...{ writeShare: 0.5, outsideShare: 0, anonymousShare: 0 },
    },
  },
  'the announcement left out': { mutant: () => mutants.announcementLeftOut, workload: titles },
  'the acknowledgement before the announcement': {
    mutant: () => mutants.acknowledgedFirst,
    workload: titles,
  },
  'outbox rows deleted before they are announced': {
    mutant: mutants.deletedFirst,
    workload: { ...titles, outsideShare: 0.8 },
  },
  'outbox rows claimed with SKIP LOCKED': {
    mutant: mutants.skipLocked,
    servers: 2,
    workload: { ...titles, outsideShare: 0 },
    trouble: async ({ servers }, signal) => {
      servers[0]?.toRedis?.cut()
      await untilAborted(signal)
      servers[0]?.toRedis?.mend()
    },
  },
  'a generation that does not know which database it is of': {
    mutant: () => mutants.withoutNonce,
    workload: { ...titles, writeShare: 0.1 },
    trouble: (arena, signal) => again(arena, signal, 'databaseRestored'),
  },
  'a heartbeat that nobody needs': {
    mutant: () => mutants.heartbeatIgnored,
    servers: 2,
    workload: {
      ...{
        questions: ['allCourses', 'models'],
        writes: [],
        outside: ['renameCourse', 'renameModel'],
      },
      ...{ anonymousShare: 1, outsideShare: 1, writeShare: 0.05 },
    },
    trouble: (arena, signal) => again(arena, signal, 'drainersBlind'),
  },
  'a second store beside the keeper': {
    mutant: mutants.keeperIgnored,
    servers: 2,
    workload: { ...titles, outsideShare: 0 },
    trouble: (arena, signal) => again(arena, signal, 'redisSplit'),
  },
  'tags of columns left out': {
    mutant: () => mutants.columnTagsLeftOut,
    workload: {
      questions: ['courseFigures', 'courseStudents', 'teacherDashboard'],
      ...{ writes: ['updateProgress', 'bulkUpdateProgress'], outside: ['progressOfAll'] },
      writeShare: 0.2,
    },
  },
  'tags of other tables left out': {
    mutant: () => mutants.crossTableTagsLeftOut,
    workload: {
      questions: ['courseList', 'courseFigures', 'studentDashboard'],
      writes: ['enroll', 'cancelEnrollment', 'updateProgress'],
      ...{ outside: ['deleteEnrollment'], writeShare: 0.2 },
    },
  },
  'tags of whole models announced too seldom': {
    mutant: () => mutants.collapsedTagsSeldom,
    workload: titles,
  },
}

const stock = (): Mutant => ({
  plugins: () => [
    useResponseCache({
      session: (request) => request.headers.get('authorization'),
      cache: createInMemoryCache(),
      ttl: 60_000,
    }),
  ],
})

describe.runIf(hasServers)('the checker is not blind: it catches', { timeout: 300_000 }, () => {
  let arena: Arena
  beforeAll(async () => {
    arena = await openArena({ processes: 0, withRedis: true })
  }, 300_000)
  afterAll(() => arena[Symbol.asyncDispose]())

  test.each(Object.entries(cases))('%s', async (name, broken) => {
    expect((await check(arena, name, broken)).length).toBeGreaterThan(0)
  })

  test("Yoga's own response cache, which forgets what a mutation's payload names", async () => {
    const found = await check(arena, 'stock', { mutant: stock, trouble: slowly })

    expect(found.length).toBeGreaterThan(0)
  })

  test('and nothing where nothing is broken, under the work that exposes the others', async () => {
    const found = await check(arena, 'sound', {
      ...{ mutant: () => ({}), servers: 2, trouble: slowly },
      workload: { operations: 600 },
    })

    expect(found).toEqual([])
  })
})

/** Runs until the first wrong answer; gives what was found, as it is reported. */
async function check(arena: Arena, name: string, broken: Case): Promise<readonly string[]> {
  const { mutant, servers: count = 1, trouble, workload } = broken
  const namespace = name.replaceAll(/\W+/g, '-')
  // Each has a store of its own, and none of the processes before is left to defend theirs.
  await runAsAdmin(arena.databaseUrl, `UPDATE ${history} SET keeper = NULL`)
  for (let number = 0; number < count; number += 1) {
    arena.servers.push(await openInProcessServer(arena, { number, namespace, mutant }))
  }
  try {
    const { violations } = await runWorkload(arena, {
      ...{ operations: 1_000_000, seed: 1, untilViolated: true, timeoutMs: 60_000, ...workload },
      ...(trouble && { trouble: (signal: AbortSignal) => trouble(arena, signal) }),
    })
    return violations.map((violation) => renderViolation(violation, arena))
  } finally {
    for (const server of arena.servers.splice(0)) await server[Symbol.asyncDispose]()
  }
}

/** To one server answers of the database come late: its reads stretch over what others write. */
async function slowly({ servers: [slow] }: Arena, signal: AbortSignal): Promise<void> {
  slow?.toDatabase.delay(100)
  await untilAborted(signal)
  slow?.toDatabase.mend()
}

async function again(arena: Arena, signal: AbortSignal, name: FaultName): Promise<void> {
  const random = createRandom(1)
  while (!signal.aborted) {
    await sleep(1_000)
    await faults[name](arena, random)
    // What was wrong shows itself when it is over.
    for (let waited = 0; waited < 2_000 && !signal.aborted; waited += 50) await sleep(50)
  }
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  while (!signal.aborted) await sleep(50)
}
