/**
 * The nested page (50 courses, teacher, first 10 enrollments with students, count, first 5 lessons)
 * and a to-one chain over 100 enrollments, from the context of a request to its JSON, without HTTP:
 * beside one hand-written JSON statement, and Prisma with `relationJoins` and with `include`.
 */
import { deepStrictEqual } from 'node:assert'
import { datamodel } from '../../src/generated/datamodel.ts'
import { encodeGlobalId } from '../../src/loaders/global-id.ts'
import { getModel } from '../../src/sql/datamodel.ts'
import { createStatement } from '../../src/sql/statements.ts'
import { benchUrl, openBenchDatabase } from '../support/bench-database.ts'
import { measure } from '../support/measure.ts'
import { createPrismaClient } from '../support/prisma-client.ts'
import { printRatios } from '../support/report.ts'
import { createAnswerer } from '../support/request.ts'
import {
  chainJson,
  chainQuery,
  hundredEnrollments,
  nestedPageJson,
  nestedPageQuery,
} from './queries.ts'

const rounds = Number(process.env.ROUNDS ?? 5)
await using database = await openBenchDatabase()
const answerer = createAnswerer(database)
const joined = await createPrismaClient(benchUrl(), { relationJoins: true })
const plain = await createPrismaClient(benchUrl(), { relationJoins: false })

async function readJson(text: string, values: readonly unknown[] = []): Promise<unknown> {
  const [row] = await database.query(createStatement(text), values)
  return row?.[0]
}

for (const counted of [true, false]) {
  const loadline = answerer.compiled(nestedPageQuery(counted))
  const json = () => readJson(nestedPageJson(counted))
  deepStrictEqual((await loadline()).data, withGlobalIds(await json()))
  const results = await measure(
    {
      json: async () => JSON.stringify(await json()),
      loadline,
      interpreted: answerer.interpreted(nestedPageQuery(counted)),
      relationJoins: () => joined.nestedPage(counted),
      include: () => plain.nestedPage(counted),
    },
    { rounds, runs: 15, warmUp: 10 },
  )
  process.stdout.write(`\nNested page ${counted ? 'with' : 'without'} counts\n\n`)
  process.stdout.write(`${printRatios(results, 'json')}\n`)
  const { tally } = await loadline()
  process.stdout.write(`\n${tally.statements.length} statements, ${tally.rowsRead} rows\n`)
}

const ids = (await database.query(createStatement(hundredEnrollments), [])).map(([id]) =>
  String(id),
)
const globalIds = ids.map((id) =>
  encodeGlobalId('Enrollment', getModel(datamodel, 'Enrollment'), { id }),
)
const chain = answerer.compiled(chainQuery, { ids: globalIds })
const chainByHand = () => readJson(chainJson, [`{${ids.join()}}`])
deepStrictEqual((await chain()).data, { nodes: await chainByHand() })
const results = await measure(
  { json: async () => JSON.stringify(await chainByHand()), loadline: chain },
  { rounds, runs: 40, warmUp: 20 },
)
process.stdout.write(`\nChain over 100 enrollments\n\n${printRatios(results, 'json')}\n`)
process.stdout.write(`\n${(await chain()).tally.statements.length} statements\n`)
await joined.close()
await plain.close()

/** The hand-written statement gives raw ids; the comparison is about what is read, not about base64. */
function withGlobalIds(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withGlobalIds)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      name === 'id'
        ? encodeGlobalId('Course', getModel(datamodel, 'Course'), { id: inner })
        : withGlobalIds(inner),
    ]),
  )
}
