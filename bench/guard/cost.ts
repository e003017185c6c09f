import { getOperationAST, parse } from 'graphql'
import { demoPeople } from '../../prisma/demo-people.ts'
import { createAdmission } from '../../src/guard/admission.ts'
import { createAuthenticate } from '../../src/guard/authenticate.ts'
import { createCostCheck } from '../../src/guard/check-cost.ts'
import { checkParams } from '../../src/guard/check-params.ts'
import { createShapeCheck } from '../../src/guard/check-shape.ts'
import { createDeadlines } from '../../src/guard/deadline.ts'
import { createLimits } from '../../src/guard/limits.ts'
import { createRateLimit } from '../../src/guard/rate-limit.ts'
import { createRedisRateLimit } from '../../src/guard/redis-rate-limit.ts'
import { createTrustedDocuments } from '../../src/guard/trusted-documents.ts'
import { clientAddress } from '../../src/http/client-address.ts'
import type { Answer } from '../../src/http/exchange.ts'
import { createRateTeller } from '../../src/http/rate-headers.ts'
import { domain } from '../../src/schema/domain.ts'
import { Canceller } from '../../src/sql/cancellation.ts'
import { benchUrl } from '../support/bench-database.ts'
import { benchSecret, signForBench } from '../support/bench-secret.ts'
import { copyDatabase } from '../support/copy-database.ts'
import { createClient } from '../support/open-loop.ts'
import { printTable } from '../support/report.ts'
import { type ServedApp, type ServedOptions, startServedApp } from '../support/served-app.ts'
import { signPeople } from './sign-people.ts'

/**
 * What the guards cost, in microseconds of CPU: each part by itself; then whole requests to servers
 * with guards and without, each in a process of its own, asked by turns, for short slices: the lower
 * quartiles of these scatter least beside other work. Limits are those of production, so many people
 * ask. `BENCH_REDIS_URL` adds the rate that processes share; `BENCH_ROUNDS`. The database is copied,
 * so nobody else may be connected to it.
 *
 * The server without guards has a guard that does nothing. Yet it says who asks, tells what is left of
 * a rate and looks up what an operation costs: those parts are added to the difference.
 */
const rounds = Number(process.env.BENCH_ROUNDS ?? 100)
const sliceMs = 100
/** Until all is compiled, and each of the people is known. */
const firstRequests = 15_000
const people = await signPeople(200)
const limits = createLimits({ production: true, overrides: { rate: 1e12 } })
const person = demoPeople[0]
const token = `Bearer ${await signForBench(person.id)}`
const query = '{ aiModels(first: 5) { nodes { id name } } }'
const hangUp = new Canceller()
const openDeadline = createDeadlines(limits.requestMs)

const authenticate = createAuthenticate({
  key: { secret: benchSecret },
  issuer: null,
  audience: null,
})
const documents = createTrustedDocuments({ mode: 'allow', manifest: new Map(), automatic: false })
const local = createRateLimit(limits.rate)
const tellRate = createRateTeller(local.rate)
const allowance = await local.take(person.id, 1)
const answer: Answer = { status: 200, headers: { 'cache-control': 'no-store' }, body: null }
const redisUrl = process.env.BENCH_REDIS_URL
const shared = redisUrl
  ? createRedisRateLimit({
      rows: limits.rate,
      url: redisUrl,
      namespace: 'bench',
      log: { warn() {}, info() {} },
    })
  : null

const document = parse(query)
const operation = getOperationAST(document)
if (!operation) throw new Error('The query has one operation')
const checkShape = createShapeCheck(limits)
const checkCost = createCostCheck(domain.schema, limits)
const admission = createAdmission(limits, { loopDelayMs: () => 0, waitingStatements: () => 0 })

/** What a server without guards does too, of every request and of those that are computed. */
const ofEvery = ['a token that is remembered', 'headers of the rate']
const ofComputed = [...ofEvery, 'a cost that is remembered']
const parts: Readonly<Record<string, () => unknown>> = {
  'a token that is remembered': () => authenticate(token),
  'an address': () => clientAddress('10.0.0.1', null, 0),
  'a deadline': () => {
    using deadline = openDeadline(hangUp)
    return deadline.signal
  },
  'whether the document is trusted': () => documents.find({ query }),
  'length and variables': () =>
    checkParams({ query, variables: { first: 5, after: null } }, limits),
  'the flat charge, in process': () => local.take(person.id, 1),
  'a document that is parsed': () => checkShape(document),
  'a cost that is remembered': () => checkCost({ document, operation, variables: {} }),
  'headers of the rate': () => tellRate(answer, allowance),
  'a turn': async () => (await admission.enter('a', hangUp))(),
  ...(shared ? { 'the flat charge, in Redis': () => shared.take(person.id, 1) } : {}),
}
const usOf = new Map<string, number>()
for (const [name, run] of Object.entries(parts)) {
  usOf.set(name, await cpuUs(async () => run(), 20_000))
}

shared?.[Symbol.dispose]()
const rows = [...usOf].map(([name, us]) => [name, us.toFixed(1)])
console.log(printTable(['a part', 'us of CPU'], rows))

let asked = 0
const shares: string[][] = []
// One store alone keeps the answers of a database.
await using first = await copyDatabase(benchUrl(), 'on')
await using second = await copyDatabase(benchUrl(), 'off')
for (const [name, { env, isCaching }] of Object.entries(servers())) {
  const on = await startServedApp({ env: { ...env, DATABASE_URL: first.url }, isCaching })
  const off = await startServedApp({
    env: { ...env, DATABASE_URL: second.url },
    isCaching,
    isGuarding: false,
  })
  const clients = [createClient(on.origin), createClient(off.origin)] as const
  const withGuards: number[] = []
  const without: number[] = []
  for (const client of clients) {
    for (let done = 0; done < firstRequests; ) done += await ask(client)
  }
  for (let round = 0; round < rounds; round += 1) {
    withGuards.push(await requestUs(on, clients[0]))
    without.push(await requestUs(off, clients[1]))
  }
  for (const client of clients) client.close()
  await Promise.all([on.close(), off.close()])
  const namesInBoth = isCaching ? ofEvery : ofComputed
  const inBoth = namesInBoth.reduce((sum, part) => sum + (usOf.get(part) ?? 0), 0)
  const cost = lowerQuartile(without)
  const more = lowerQuartile(withGuards) - cost
  const share = (more + inBoth) / (cost - inBoth)
  shares.push([name, ...[cost, more, inBoth].map((us) => us.toFixed(1)), (share * 100).toFixed(1)])
}
console.log(
  printTable(
    ['a request', 'us without guards', 'us more with them', 'us of parts in both', 'all, in %'],
    shares,
  ),
)

/** What is asked of servers with guards and without, by turns. */
function servers(): Readonly<Record<string, Pick<ServedOptions, 'env' | 'isCaching'>>> {
  const withRedis = redisUrl ? { REDIS_URL: redisUrl } : null
  return {
    'cached, all in process': { env: {}, isCaching: true },
    ...(withRedis ? { 'cached, all in Redis': { env: withRedis, isCaching: true } } : {}),
    'computed, rate in process': { env: {}, isCaching: false },
    ...(withRedis ? { 'computed, rate in Redis': { env: withRedis, isCaching: false } } : {}),
  }
}

/** The server's CPU alone counts. */
async function requestUs(server: ServedApp, client: Client): Promise<number> {
  const before = await server.cpuUs()
  const requests = await ask(client)
  return ((await server.cpuUs()) - before) / requests
}

/** Asks for a slice of time, so many at once that the server is busy. Gives the number of requests. */
async function ask(client: Client): Promise<number> {
  const samples = await client.closedLoop(4, sliceMs, () => {
    asked += 1
    return { token: people[asked % people.length] ?? '', body: JSON.stringify({ query }) }
  })
  const fault = samples.find(({ status }) => status !== 200)
  if (fault) throw new Error(`It was answered ${fault.status}`)
  return samples.length
}

type Client = ReturnType<typeof createClient>

function lowerQuartile(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 4)] ?? 0
}

async function cpuUs(run: () => Promise<unknown>, times: number): Promise<number> {
  for (let turn = 0; turn < times / 10; turn += 1) await run()
  const rounds: number[] = []
  for (let round = 0; round < 5; round += 1) {
    const before = process.cpuUsage()
    for (let turn = 0; turn < times / 5; turn += 1) await run()
    const { user, system } = process.cpuUsage(before)
    rounds.push((user + system) / (times / 5))
  }
  return Math.min(...rounds)
}
