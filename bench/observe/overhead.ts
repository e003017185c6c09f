import { demoPeople } from '../../prisma/demo-people.ts'
import { signToken } from '../../src/guard/sign-token.ts'
import { openPostgresql } from '../../src/sql/postgresql.ts'
import { fiftyCourses, nestedPageQuery } from '../loaders/queries.ts'
import { benchUrl } from '../support/bench-database.ts'
import { copyDatabase } from '../support/copy-database.ts'
import { median } from '../support/measure.ts'
import { createClient } from '../support/open-loop.ts'
import { printTable } from '../support/report.ts'
import { benchSecret, type ServedApp, startServedApp } from '../support/served-app.ts'

/**
 * What it costs to be observed, in microseconds of CPU of the server: metrics, figures, shapes, lines
 * of requests (50 a second, to nowhere), on against off. Both servers are processes of their own and are
 * asked by turns; `BENCH_ROUNDS`. The database is copied, so nobody else may be connected to it.
 */
const rounds = Number(process.env.BENCH_ROUNDS ?? 20)
const roundMs = 1_000
const secret = benchSecret
const person = demoPeople[0]
const token = await signToken(person.id, { secret, issuer: null, audience: null })
const env = { LOADLINE_LIMITS: 'rate=1000000000,cost=1000000' }

const page = JSON.stringify({
  query: nestedPageQuery(true),
  variables: { ids: await readIds() },
})
const list = JSON.stringify({ query: '{ courses(first: 20) { nodes { id title summary } } }' })
const workloads = {
  'nested page, computed': { body: page, isCaching: false },
  'small list, computed': { body: list, isCaching: false },
  'small list, cached': { body: list, isCaching: true },
}

// One store alone keeps the answers of a database.
await using first = await copyDatabase(benchUrl(), 'seen')
await using second = await copyDatabase(benchUrl(), 'unseen')
const rows: string[][] = []
for (const [name, { body, isCaching }] of Object.entries(workloads)) {
  const on = await startServedApp({ env: { ...env, DATABASE_URL: first.url }, isCaching })
  const off = await startServedApp({
    env: { ...env, DATABASE_URL: second.url },
    ...{ isCaching, isObserving: false },
  })
  const clients = [createClient(on.origin), createClient(off.origin)] as const
  const pairs: { readonly on: number; readonly off: number }[] = []
  for (let round = -3; round < rounds; round += 1) {
    const pair = {
      on: await requestUs(on, clients[0], body),
      off: await requestUs(off, clients[1], body),
    }
    // Until all is compiled.
    if (round >= 0) pairs.push(pair)
  }
  for (const client of clients) client.close()
  await Promise.all([on.close(), off.close()])
  const base = median(pairs.map((pair) => pair.off))
  const more = median(pairs.map((pair) => pair.on - pair.off))
  rows.push([name, base.toFixed(0), more.toFixed(1), `${((more / base) * 100).toFixed(1)} %`])
}
process.stdout.write(
  `${printTable(['a request', 'us unobserved', 'us more observed', 'share'], rows)}\n`,
)

/** A few clients, so that the server is busy; its CPU alone counts. */
async function requestUs(
  server: ServedApp,
  client: ReturnType<typeof createClient>,
  body: string,
): Promise<number> {
  const before = await server.cpuUs()
  const samples = await client.closedLoop(2, roundMs, () => ({ token, body }))
  const fault = samples.find(({ status }) => status !== 200)
  if (fault) throw new Error(`It was answered ${fault.status}`)
  return ((await server.cpuUs()) - before) / samples.length
}

async function readIds(): Promise<readonly string[]> {
  await using database = await openPostgresql({ url: benchUrl(), poolSize: 1 })
  const found = await database.query({ name: '', text: fiftyCourses }, [])
  return found.map(([id]) => Buffer.from(`Course:${id}`).toString('base64url'))
}
