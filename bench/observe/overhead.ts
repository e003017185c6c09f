import { demoPeople } from '../../prisma/demo-people.ts'
import { createLogger } from '../../src/observe/logger.ts'
import { createObservation, type Observation } from '../../src/observe/observation.ts'
import { createRequestFacts, type RequestFacts } from '../../src/observe/request-facts.ts'
import { openPostgresql } from '../../src/sql/postgresql.ts'
import { createStatement } from '../../src/sql/statements.ts'
import { createTally } from '../../src/sql/tally.ts'
import { fiftyCourses, nestedPageQuery } from '../loaders/queries.ts'
import { benchUrl } from '../support/bench-database.ts'
import { signForBench } from '../support/bench-secret.ts'
import { copyDatabase } from '../support/copy-database.ts'
import { quantile } from '../support/measure.ts'
import { createClient } from '../support/open-loop.ts'
import { printTable } from '../support/report.ts'
import { type ServedApp, startServedApp } from '../support/served-app.ts'

/**
 * What it costs to be observed, in microseconds of CPU of the server: metrics, figures, shapes, lines
 * of requests (50 a second, to nowhere), on against off. Both servers are processes of their own and are
 * asked by turns; `BENCH_ROUNDS`, `BENCH_FORKS`, `BENCH_ONLY=cached`. The database is copied, so nobody else may be connected to it.
 */
const rounds = Number(process.env.BENCH_ROUNDS ?? 10)
const forks = Number(process.env.BENCH_FORKS ?? 3)
const only = process.env.BENCH_ONLY ?? ''
/** Until all is compiled, which takes so many requests, however busy the machine. */
const warmUpRounds = 6
const person = demoPeople[0]
const token = await signForBench(person.id)
const env = {
  LOADLINE_LIMITS: 'rate=1000000000,cost=1000000,loopDelayMs=1000000,queued=100000,queueMs=600000',
}

const page = JSON.stringify({
  query: nestedPageQuery(true),
  variables: { ids: await readIds() },
})
const list = JSON.stringify({ query: '{ courses(first: 20) { nodes { id title summary } } }' })
const workloads: Readonly<Record<string, Workload>> = {
  'nested page, computed': { body: page, isCaching: false, requests: 100 },
  'small list, computed': { body: list, isCaching: false, requests: 500 },
  'small list, cached': { body: list, isCaching: true, requests: 2_000 },
}

process.stdout.write(`${printTable(['told', 'us of CPU'], measureParts())}\n\n`)

// One store alone keeps the answers of a database.
await using first = await copyDatabase(benchUrl(), 'seen')
await using second = await copyDatabase(benchUrl(), 'unseen')
const rows: string[][] = []
for (const [name, workload] of Object.entries(workloads)) {
  if (!name.includes(only)) continue
  const costs: { readonly on: number[]; readonly off: number[] } = { on: [], off: [] }
  for (let fork = 0; fork < forks; fork += 1) await measureFork(workload, costs)
  // What an undisturbed round costs: on a shared machine the others cost more for no fault of ours.
  const [on, off] = [quantile(costs.on, 0.2), quantile(costs.off, 0.2)]
  const share = ((on - off) / off) * 100
  rows.push([name, off.toFixed(0), (on - off).toFixed(1), `${share.toFixed(1)} %`])
}
process.stdout.write(
  `${printTable(['a request', 'us unobserved', 'us more observed', 'share'], rows)}\n`,
)

/** Two servers, asked by turns. Forks differ by what was compiled when, so there are several. */
async function measureFork(
  { body, isCaching, requests }: Workload,
  costs: { readonly on: number[]; readonly off: number[] },
): Promise<void> {
  const on = await startServedApp({ env: { ...env, DATABASE_URL: first.url }, isCaching })
  const off = await startServedApp({
    env: { ...env, DATABASE_URL: second.url },
    ...{ isCaching, isObserving: false },
  })
  const clients = [createClient(on.origin), createClient(off.origin)] as const
  for (let round = -warmUpRounds; round < rounds; round += 1) {
    const onUs = await requestUs(on, clients[0], { body, requests })
    const offUs = await requestUs(off, clients[1], { body, requests })
    if (round < 0) continue
    costs.on.push(onUs)
    costs.off.push(offUs)
  }
  for (const client of clients) client.close()
  await Promise.all([on.close(), off.close()])
}

/** What all listeners take for one request, without the request. */
function measureParts(): readonly (readonly string[])[] {
  const settings = { slowRequestMs: 200, slowStatementMs: 50, logsPerSecond: 0 }
  const { events } = createObservation({ log: createLogger('info', { write() {} }), settings })
  const logged = createObservation({
    log: createLogger('info', { write() {} }),
    settings: { ...settings, logsPerSecond: 1e9 },
  })
  const span = { startMs: 0, ms: 1 }
  const lookUp = { ...span, outcome: 'hit', scope: 'role', reason: null } as const
  const hit = createFacts()
  hit.cache = lookUp
  const statement = createStatement(`SELECT ${'"column", '.repeat(20)} FROM "Row"`)
  const ended = { ...span, statement, values: [], rows: 50, batch: 50, isFailed: false }
  const tellHit = ({ events: told }: Pick<Observation, 'events'>) => {
    told.requestBegan(hit)
    told.guardPassed(hit, span)
    told.lookUpEnded(hit, lookUp)
    told.requestEnded(hit)
  }
  const page = createFacts()
  const tellPage = () => {
    events.requestBegan(page)
    events.guardPassed(page, span)
    events.turnEnded(page, { ...span, isRefused: false })
    for (let count = 0; count < 6; count += 1) {
      events.connectionTaken(0.1)
      events.statementEnded(page, { ...ended, paths: ['nodes.rows.nodes'] })
    }
    events.executionEnded(page, span)
    events.requestEnded(page)
  }
  return [
    ['a hit', cpuUs(() => tellHit({ events }))],
    ['a hit with its line in the log', cpuUs(() => tellHit(logged))],
    ['a page of six statements', cpuUs(tellPage)],
  ]
}

function createFacts(): RequestFacts {
  const arrived = { requestId: 'bench', method: 'POST', path: '/graphql', startMs: 0 }
  const facts = createRequestFacts({ ...arrived, traceparent: null })
  facts.operation = { name: 'Screen', kind: 'query', isTrusted: false }
  facts.tally = createTally({ watchesShapes: false })
  facts.viewerId = person.id
  facts.status = 200
  facts.ms = 3
  return facts
}

function cpuUs(run: () => void, times = 100_000): string {
  for (let turn = 0; turn < times / 5; turn += 1) run()
  const before = process.cpuUsage()
  for (let turn = 0; turn < times; turn += 1) run()
  const { user, system } = process.cpuUsage(before)
  return ((user + system) / times).toFixed(2)
}

interface Workload {
  readonly body: string
  readonly isCaching: boolean
  /** Of a round. */
  readonly requests: number
}

/** Two clients, so that the server is busy; its CPU alone counts. */
async function requestUs(
  server: ServedApp,
  client: ReturnType<typeof createClient>,
  { body, requests }: { readonly body: string; readonly requests: number },
): Promise<number> {
  const before = await server.cpuUs()
  const ask = async () => {
    for (let count = 0; count < requests / 2; count += 1) {
      const { status } = await client.ask({ token, body })
      if (status !== 200) throw new Error(`It was answered ${status}`)
    }
  }
  await Promise.all([ask(), ask()])
  return ((await server.cpuUs()) - before) / requests
}

async function readIds(): Promise<readonly string[]> {
  await using database = await openPostgresql({ url: benchUrl(), poolSize: 1 })
  const found = await database.query({ name: '', text: fiftyCourses }, [])
  return found.map(([id]) => Buffer.from(`Course:${id}`).toString('base64url'))
}
