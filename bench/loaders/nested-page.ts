/**
 * The nested page (50 courses that hold 74,302 enrollments, each with its teacher, first 10 students,
 * count and first 5 lessons) and a to-one chain over 100 enrollments, from the context of a request to
 * its JSON, without HTTP: beside one hand-written JSON statement, and beside Prisma with
 * `relationJoins` and with `include`, over whose rows the same GraphQL document is executed.
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
import { createPrismaAnswerer } from './prisma-answerer.ts'
import {
  chainJson,
  chainQuery,
  fiftyCourses,
  hundredEnrollments,
  nestedPageJson,
  nestedPageQuery,
} from './queries.ts'

const rounds = Number(process.env.ROUNDS ?? 5)
await using database = await openBenchDatabase()
const answerer = createAnswerer(database)
const joined = await createPrismaClient(benchUrl(), { relationJoins: true })
const plain = await createPrismaClient(benchUrl(), { relationJoins: false })

async function readJson(text: string, ids: readonly string[]): Promise<unknown> {
  const [row] = await database.query(createStatement(text), [`{${ids.join()}}`])
  return row?.[0]
}

async function readIds(text: string): Promise<readonly string[]> {
  return (await database.query(createStatement(text), [])).map(([id]) => String(id))
}

const toGlobalId = (type: string) => (id: string) =>
  encodeGlobalId(type, getModel(datamodel, type), { id })

const courses = await readIds(fiftyCourses)
for (const counted of [true, false]) {
  const query = nestedPageQuery(counted)
  const variables = { ids: courses.map(toGlobalId('Course')) }
  const loadline = answerer.compiled(query, variables)
  const json = () => readJson(nestedPageJson(counted), courses)
  const options = { ids: variables.ids, counted }
  const relationJoins = createPrismaAnswerer(joined, query, options)
  const include = createPrismaAnswerer(plain, query, options)
  const { text, tally } = await loadline()
  const { data } = JSON.parse(text)
  deepStrictEqual(data, withGlobalIds(await json()))
  deepStrictEqual({ data }, JSON.parse(await relationJoins()))
  deepStrictEqual({ data }, JSON.parse(await include()))
  const results = await measure(
    {
      json: async () => JSON.stringify(await json()),
      loadline,
      interpreted: answerer.interpreted(query, variables),
      relationJoins,
      include,
    },
    { rounds, runs: 30, warmUp: 60 },
  )
  process.stdout.write(`\nNested page ${counted ? 'with' : 'without'} counts\n\n`)
  process.stdout.write(`${printRatios(results, { time: 'json', cpu: 'relationJoins' })}\n`)
  process.stdout.write(`\n${tally.statements.length} statements, ${tally.rowsRead} rows\n`)
}

const enrollments = await readIds(hundredEnrollments)
const chain = answerer.compiled(chainQuery, { ids: enrollments.map(toGlobalId('Enrollment')) })
const chainByHand = () => readJson(chainJson, enrollments)
const { text, tally } = await chain()
deepStrictEqual(JSON.parse(text), { data: { nodes: await chainByHand() } })
const results = await measure(
  { json: async () => JSON.stringify(await chainByHand()), loadline: chain },
  { rounds, runs: 200, warmUp: 500 },
)
process.stdout.write('\nChain over 100 enrollments\n\n')
process.stdout.write(`${printRatios(results, { time: 'json', cpu: 'json' })}\n`)
process.stdout.write(`\n${tally.statements.length} statements\n`)
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
