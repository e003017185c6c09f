import { getOperationAST, parse } from 'graphql'
import { demoPeople } from '../../prisma/demo-people.ts'
import { createApp } from '../../src/app.ts'
import { openCache } from '../../src/cache/open-cache.ts'
import { parseConfig } from '../../src/config.ts'
import { createAdmission } from '../../src/guard/admission.ts'
import { createAuthenticate } from '../../src/guard/authenticate.ts'
import { createCostCheck } from '../../src/guard/check-cost.ts'
import { checkParams } from '../../src/guard/check-params.ts'
import { createShapeCheck } from '../../src/guard/check-shape.ts'
import { createDeadline } from '../../src/guard/deadline.ts'
import { createLimits } from '../../src/guard/limits.ts'
import { createRateLimit, type RateLimit } from '../../src/guard/rate-limit.ts'
import { createRedisRateLimit } from '../../src/guard/redis-rate-limit.ts'
import { signToken } from '../../src/guard/sign-token.ts'
import { createTrustedDocuments } from '../../src/guard/trusted-documents.ts'
import { clientAddress } from '../../src/http/client-address.ts'
import { createLogger } from '../../src/observe/logger.ts'
import { domain } from '../../src/schema/domain.ts'
import { openBenchDatabase } from '../support/bench-database.ts'
import { printTable } from '../support/report.ts'

/**
 * What the guards cost, in microseconds of this process' CPU: each part by itself, which is what a
 * cached query passes before it is answered, and whole requests beside it. `BENCH_REDIS_URL` adds the
 * rate that processes share.
 */
const secret = 'a secret of the bench, which is long enough'
const limits = createLimits({ production: true, overrides: { rate: 1e12 } })
const person = demoPeople[0]
const token = `Bearer ${await signToken(person.id, { secret, issuer: null, audience: null })}`
const query = '{ aiModels(first: 5) { nodes { id name } } }'
const hangUp = new AbortController().signal

const authenticate = createAuthenticate({ key: { secret }, issuer: null, audience: null })
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

await using database = await openBenchDatabase()
const config = parseConfig({ AUTH_JWT_SECRET: secret, NODE_ENV: 'production' })
const log = createLogger('silent')
await using cache = openCache({
  settings: { ...config.cache, redisUrl: redisUrl ?? null },
  answers: 'bench',
  database,
  log,
})
for (const [name, rateLimit] of [
  ['in process', local],
  ...(shared ? [['in Redis', shared] as const] : []),
] as readonly (readonly [string, RateLimit])[]) {
  await using app = createApp({
    config: { ...config, limits },
    database,
    domain,
    log,
    cache,
    rateLimit,
  })
  const ask = (text: string) => async () => {
    const response = await app.fetch(
      new Request('http://localhost/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: token },
        body: JSON.stringify({ query: text }),
      }),
    )
    await response.arrayBuffer()
    if (response.status !== 200) throw new Error(`It was answered ${response.status}`)
  }
  const hit = await cpuUs(ask(query), 3_000)
  let turn = 0
  const miss = await cpuUs(
    () => ask(`{ aiModels(first: ${(turn++ % 90) + 1}) { nodes { id } } } #${turn}`)(),
    1_000,
  )
  rows.push([`a request that asks again, rate ${name}`, hit.toFixed(0)])
  rows.push([`a request that is new, rate ${name}`, miss.toFixed(0)])
}
shared?.[Symbol.dispose]()
console.log(printTable(['what', 'us of CPU'], rows))

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
