/**
 * What one mutation of 1,000 rows costs beside 1,000 of one row, over HTTP against the product as it
 * runs in production. BENCH_DATABASE_URL names a copy of the bench data set: it is written to.
 */
import pg from 'pg'
import { demoPeople } from '../../prisma/demo-people.ts'
import { encodeId } from '../peers/global-id.ts'
import { benchUrl } from '../support/bench-database.ts'
import { benchSecret, signForBench } from '../support/bench-secret.ts'
import {
  type Connection,
  open,
  type RawRequest,
  readJson,
  writeRequest,
} from '../support/http-load.ts'
import { median } from '../support/measure.ts'
import { product } from '../support/product.ts'
import { printTable } from '../support/report.ts'
import { startServer } from '../support/server-process.ts'

const rounds = Number(process.env.ROUNDS ?? 3)
const admin = demoPeople.find(({ role }) => role === 'ADMIN')
const token = await signForBench(admin?.id ?? '')

const client = new pg.Client({ connectionString: benchUrl() })
await client.connect()
const { rows: found } = await client.query(
  `SELECT id FROM "Enrollment" WHERE status = 'ACTIVE' ORDER BY md5(id::text) LIMIT 1000`,
)
await client.end()
const enrollments = found.map(({ id }) => encodeId('Enrollment', String(id)))

await using server = await startServer({
  ...product,
  env: {
    ...{ DATABASE_URL: benchUrl(), AUTH_JWT_SECRET: benchSecret, LOG_LEVEL: 'warn' },
    // One admin asks for all that is measured.
    LOADLINE_LIMITS:
      'rate=1000000000,executionsPerViewer=20,connectionsPerViewer=40,loopDelayMs=1000',
  },
})
const connections = await Promise.all(Array.from({ length: 10 }, () => open(server.port)))

const single = await inTurns('1,000 times updateProgress, 10 at a time', () =>
  enrollments.map((enrollmentId) =>
    write(
      'mutation ($input: UpdateProgressInput!) { updateProgress(input: $input) { enrollment { progress } } }',
      { enrollmentId, progress: draw() },
    ),
  ),
)
const bulk = await inTurns('bulkUpdateProgress of 1,000', () => [
  write(
    'mutation ($input: BulkUpdateProgressInput!) { bulkUpdateProgress(input: $input) { enrollments { progress } } }',
    { rows: enrollments.map((enrollmentId) => ({ enrollmentId, progress: draw() })) },
  ),
])
const imported = await inTurns('importStudents of 1,000', () => [
  write(
    'mutation ($input: ImportStudentsInput!) { importStudents(input: $input) { results { status } } }',
    {
      rows: Array.from({ length: 1_000 }, (_, index) => ({
        email: `${crypto.randomUUID()}@bulk.test`,
        name: `Student ${index}`,
      })),
    },
  ),
])
for (const connection of connections) connection.close()
process.stdout.write(
  `${printTable(
    ['what', 'ms', 'of 1,000 single ones'],
    [single, bulk, imported].map(({ what, ms }) => [
      what,
      ms.toFixed(0),
      (ms / single.ms).toFixed(3),
    ]),
  )}\n`,
)

async function inTurns(what: string, make: () => readonly RawRequest[]) {
  const times: number[] = []
  for (let round = 0; round <= rounds; round += 1) {
    const requests = [...make()]
    const start = performance.now()
    await Promise.all(connections.map((connection) => work(connection, requests)))
    // The first one warms up.
    if (round > 0) times.push(performance.now() - start)
  }
  return { what, ms: median(times) }
}

async function work(connection: Connection, requests: RawRequest[]): Promise<void> {
  for (let request = requests.pop(); request; request = requests.pop()) {
    const answer = await connection.ask(request)
    const { errors } = readJson(answer) as { errors?: unknown } // by GraphQL
    if (errors) throw new Error(JSON.stringify(errors).slice(0, 500))
  }
}

/** Never 1: the enrollment would be COMPLETED, and its next progress refused. */
function draw(): number {
  return Math.floor(Math.random() * 99) / 100
}

function write(query: string, input: object): RawRequest {
  const body = JSON.stringify({ query, variables: { input } })
  return writeRequest({ path: '/graphql', body, headers: { authorization: `Bearer ${token}` } })
}
