import { getOperationAST, parse } from 'graphql'
import { demoPeople } from '../../prisma/demo-people.ts'
import { createAdmission } from '../../src/guard/admission.ts'
import { createAuthenticate } from '../../src/guard/authenticate.ts'
import { createCostCheck } from '../../src/guard/check-cost.ts'
import { checkParams } from '../../src/guard/check-params.ts'
import { createShapeCheck } from '../../src/guard/check-shape.ts'
import { createDeadline } from '../../src/guard/deadline.ts'
import { createLimits } from '../../src/guard/limits.ts'
import { createRateLimit } from '../../src/guard/rate-limit.ts'
import { createRedisRateLimit } from '../../src/guard/redis-rate-limit.ts'
import { createTrustedDocuments } from '../../src/guard/trusted-documents.ts'
import { clientAddress } from '../../src/http/client-address.ts'
import { domain } from '../../src/schema/domain.ts'
import { benchUrl } from '../support/bench-database.ts'
import { benchSecret, signForBench } from '../support/bench-secret.ts'
import { copyDatabase } from '../support/copy-database.ts'
import { median } from '../support/measure.ts'
import { createClient } from '../support/open-loop.ts'
import { printTable } from '../support/report.ts'
import { type ServedApp, type ServedOptions, startServedApp } from '../support/served-app.ts'

/**
 * What the guards cost, in microseconds of CPU: each part by itself, which is what a cached query
 * passes before it is answered; then whole requests to servers with guards and without, each in a
 * process of its own, asked by turns. `BENCH_REDIS_URL` adds the rate that processes share;
 * `BENCH_ROUNDS`. The database is copied, so nobody else may be connected to it.
 */
const rounds = Number(process.env.BENCH_ROUNDS ?? 10)
const roundMs = 1_000
const limits = createLimits({ production: true, overrides: { rate: 1e12 } })
const person = demoPeople[0]
const token = `Bearer ${await signForBench(person.id)}`
const query = '{ aiModels(first: 5) { nodes { id name } } }'
const hangUp = new AbortController().signal

const authenticate = createAuthenticate({
  key: { secret: benchSecret },
  issuer: null,
  audience: null,
})
const documents = createTrustedDocuments({ mode: 'allow', manifest: new Map(), automatic: false })
const local = createRateLimit(limits.rate)
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

const parts: Readonly<Record<string, () => unknown>> = {
  'a token that is remembered': () => authenticate(token),
  'an address': () => clientAddress('10.0.0.1', null, 0),
  'a deadline': () => createDeadline(hangUp, 10_000)[Symbol.dispose](),
  'whether the document is trusted': () => documents.find({ query }),
  'length and variables': () =>
    checkParams({ query, variables: { first: 5, after: null } }, limits),
  'the flat charge, in process': () => local.take(person.id, 1),
  'a document that is parsed': () => checkShape(document),
  'a cost that is remembered': () => checkCost({ document, operation, variables: {} }),
  'a turn': async () => (await admission.enter('a', hangUp))(),
  ...(shared ? { 'the flat charge, in Redis': () => shared.take(person.id, 1) } : {}),
}
const rows: string[][] = []
for (const [name, run] of Object.entries(parts)) {
  rows.push([name, (await cpuUs(async () => run(), 20_000)).toFixed(1)])
}

shared?.[Symbol.dispose]()
console.log(printTable(['a part', 'us of CPU'], rows))

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
  const differences: number[] = []
  const costs: number[] = []
  for (let round = -1; round < rounds; round += 1) {
    const onUs = await requestUs(on, clients[0])
    const offUs = await requestUs(off, clients[1])
    if (round < 0) continue // until all is compiled
    differences.push(onUs - offUs)
    costs.push(offUs)
  }
  for (const client of clients) client.close()
  await Promise.all([on.close(), off.close()])
  const [cost, more] = [median(costs), median(differences)]
  shares.push([name, cost.toFixed(0), more.toFixed(1), `${((more / cost) * 100).toFixed(1)} %`])
}
console.log(printTable(['a request', 'us without guards', 'us more with them', 'share'], shares))

/** What is asked of servers with guards and without, by turns. */
function servers(): Readonly<Record<string, Pick<ServedOptions, 'env' | 'isCaching'>>> {
  const env = { LOADLINE_LIMITS: 'rate=1000000000' }
  const withRedis = redisUrl ? { ...env, REDIS_URL: redisUrl } : null
  return {
    'cached, all in process': { env, isCaching: true },
    ...(withRedis ? { 'cached, all in Redis': { env: withRedis, isCaching: true } } : {}),
    'computed, rate in process': { env, isCaching: false },
    ...(withRedis ? { 'computed, rate in Redis': { env: withRedis, isCaching: false } } : {}),
  }
}

/** A few clients, so that the server is busy; its CPU alone counts. */
async function requestUs(server: ServedApp, client: ReturnType<typeof createClient>) {
  const before = await server.cpuUs()
  const samples = await client.closedLoop(4, roundMs, () => ({
    token: token.slice('Bearer '.length),
    body: JSON.stringify({ query }),
  }))
  const fault = samples.find(({ status }) => status !== 200)
  if (fault) throw new Error(`It was answered ${fault.status}`)
  return ((await server.cpuUs()) - before) / samples.length
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
