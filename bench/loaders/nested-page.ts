/**
 * The nested page (50 courses that hold 74,302 enrollments, each with its teacher, first 10 students,
 * count and first 5 lessons) and a to-one chain over 100 enrollments, from the context of a request to
 * its JSON, without HTTP: beside one hand-written JSON statement, and beside Prisma with
 * `relationJoins` and with `include`, over whose rows the same GraphQL document is executed. Each way
 * runs in a process of its own; they take turns.
 */
import { deepStrictEqual } from 'node:assert'
import { fileURLToPath } from 'node:url'
import { decodeGlobalId } from '../../src/loaders/global-id.ts'
import { measure } from '../support/measure.ts'
import { forkWay, serveWay } from '../support/own-process.ts'
import { generatePrismaClients } from '../support/prisma-client.ts'
import { printRatios } from '../support/report.ts'
import { openWay, type WayName, type WorkloadName } from './ways.ts'

const pages: readonly WayName[] = ['json', 'loadline', 'interpreted', 'relationJoins', 'include']
const compared: Readonly<Record<WorkloadName, readonly WayName[]>> = {
  'Nested page with counts': pages,
  'Nested page without counts': pages,
  'Chain over 100 enrollments': ['json', 'loadline', 'interpreted'],
}

const [, , workload, way] = process.argv
if (workload && way) {
  await serveWay(await openWay(workload as WorkloadName, way as WayName))
  process.exit()
}

generatePrismaClients()
for (const [workload, ways] of Object.entries(compared)) await compare(workload, ways)

async function compare(workload: string, ways: readonly WayName[]): Promise<void> {
  const forked = await Promise.all(
    ways.map(async (way) => ({
      way,
      own: await forkWay(fileURLToPath(import.meta.url), [workload, way]),
    })),
  )
  const [first, ...others] = await Promise.all(
    forked.map(async ({ own }) => withRawIds(await own.answer())),
  )
  for (const other of others) deepStrictEqual(other, first)
  const results = await measure(Object.fromEntries(forked.map(({ way, own }) => [way, own])), {
    rounds: Number(process.env.ROUNDS ?? 5),
    roundMs: 2_000,
    warmUpMs: 6_000,
  })
  const cpu = ways.includes('relationJoins') ? 'relationJoins' : 'json'
  process.stdout.write(`\n${workload}\n\n${printRatios(results, { time: 'json', cpu })}\n`)
  await Promise.all(forked.map(({ own }) => own.close()))
}

/** By hand the ids are raw: the comparison is about what is read, and in which order. */
function withRawIds(text: string): unknown {
  const answer = JSON.parse(text, (name, value) =>
    name === 'id' ? (decodeGlobalId(value)?.key ?? value) : value,
  )
  return answer.data ?? answer
}
