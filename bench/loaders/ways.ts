import { datamodel } from '../../src/generated/datamodel.ts'
import { createIdEncoder } from '../../src/loaders/global-id.ts'
import { getModel } from '../../src/sql/datamodel.ts'
import { createStatement } from '../../src/sql/statements.ts'
import { benchUrl, openBenchDatabase } from '../support/bench-database.ts'
import { openPrismaReader } from '../support/prisma-client.ts'
import { createAnswerer } from '../support/request.ts'
import { createPrismaAnswerer } from './prisma-answerer.ts'
import {
  chainJson,
  chainQuery,
  fiftyCourses,
  hundredEnrollments,
  nestedPageJson,
  nestedPageQuery,
} from './queries.ts'

/** What is asked for: a GraphQL document over some rows, and the statement that answers it by hand. */
interface Workload {
  readonly type: 'Course' | 'Enrollment'
  readonly keys: string
  readonly query: string
  readonly json: string
}

export const workloads = {
  'Nested page with counts': nestedPage(true),
  'Nested page without counts': nestedPage(false),
  'Chain over 100 enrollments': {
    type: 'Enrollment',
    keys: hundredEnrollments,
    query: chainQuery,
    json: chainJson,
  },
} satisfies Record<string, Workload>

export type WorkloadName = keyof typeof workloads
export type WayName = 'json' | 'loadline' | 'interpreted' | 'relationJoins' | 'include'

/** Opens one way of answering a workload. It gives JSON, by hand with raw ids and without `data`. */
export async function openWay(
  workload: WorkloadName,
  way: WayName,
): Promise<() => Promise<string>> {
  const { type, keys, query, json }: Workload = workloads[workload]
  const database = await openBenchDatabase()
  const raw = (await database.query(createStatement(keys), [])).map(([key]) => String(key))
  const encodeId = createIdEncoder(type, getModel(datamodel, type))
  const ids = raw.map((id) => encodeId({ id }))
  if (way === 'json') {
    const statement = createStatement(json)
    return async () =>
      JSON.stringify((await database.query(statement, [`{${raw.join()}}`]))[0]?.[0])
  }
  if (way === 'loadline' || way === 'interpreted') {
    const answerer = createAnswerer(database)
    const { compiled, interpreted } = answerer
    const answer = (way === 'loadline' ? compiled : interpreted)(query, { ids })
    return async () => (await answer()).text
  }
  const reader = await openPrismaReader(benchUrl(), way)
  return createPrismaAnswerer(reader, query, { ids, counted: query.includes('totalCount') })
}

function nestedPage(counted: boolean): Workload {
  return {
    type: 'Course',
    keys: fiftyCourses,
    query: nestedPageQuery(counted),
    json: nestedPageJson(counted),
  }
}
