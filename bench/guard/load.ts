import { createApp } from '../../src/app.ts'
import { parseConfig } from '../../src/config.ts'
import { signToken } from '../../src/guard/sign-token.ts'
import { createLogger } from '../../src/observe/logger.ts'
import { domain } from '../../src/schema/domain.ts'
import { openBenchDatabase } from '../support/bench-database.ts'
import { quantile } from '../support/measure.ts'
import { printTable } from '../support/report.ts'

/**
 * What those who are let in feel of the others, on PostgreSQL and without a cache: twenty viewers
 * alone, beside one who asks without pause, and many clients who ask for more than there is. Seconds
 * of each phase: `BENCH_SECONDS`.
 */
const seconds = Number(process.env.BENCH_SECONDS ?? 10)
const secret = 'a secret of the bench, which is long enough'
const query =
  'query ($n: Int!) { courses(first: $n) { nodes { title teacher { name } lessons(first: 5) { nodes { title } } } } }'

interface Sample {
  readonly status: number
  readonly ms: number
}

await using database = await openBenchDatabase()
const rowsOfPeople = await database.query(
  { name: 'bench-people', text: 'SELECT id FROM "User" ORDER BY id LIMIT 400' },
  [],
)
const people = await Promise.all(
  rowsOfPeople.map(([id]) => signToken(String(id), { secret, issuer: null, audience: null })),
)
const config = parseConfig({ AUTH_JWT_SECRET: secret, NODE_ENV: 'production' })
await using app = createApp({ config, database, domain, log: createLogger('silent') })

const normal = () => clients({ count: 20, from: 0, pauseMs: 200 })
await normal()
const alone = await normal()
const [beside, greedy] = await Promise.all([
  normal(),
  clients({ count: 60, from: 399, isOne: true, pauseMs: 0 }),
])
const saturated = await clients({ count: 10, from: 20, pauseMs: 0 })
const twice = await clients({ count: 200, from: 20, pauseMs: 0 })

console.log(
  printTable(
    ['who', 'requests', '2xx', '429', '503', 'p50 ms of 2xx', 'p95 ms of 2xx'],
    [
      row('20 viewers alone', alone),
      row('the same beside one greedy viewer', beside),
      row('the greedy viewer, 60 at a time', greedy),
      row('10 clients without pause', saturated),
      row('200 clients without pause', twice),
    ],
  ),
)

async function clients(options: {
  readonly count: number
  /** Index of the first one's person. */
  readonly from: number
  readonly pauseMs: number
  /** All are one viewer. */
  readonly isOne?: boolean
}): Promise<readonly Sample[]> {
  const { count, from, pauseMs, isOne = false } = options
  const end = performance.now() + seconds * 1_000
  const samples: Sample[] = []
  const run = async (index: number) => {
    const token = people[(from + (isOne ? 0 : index)) % people.length] ?? ''
    while (performance.now() < end) {
      const start = performance.now()
      const status = await ask(token)
      samples.push({ status, ms: performance.now() - start })
      // Who is refused comes back later, as Retry-After says; but not so late that nothing is seen.
      const wait = status === 200 ? pauseMs * (0.5 + Math.random()) : 100
      await new Promise((resolve) => (wait > 0 ? setTimeout(resolve, wait) : setImmediate(resolve)))
    }
  }
  await Promise.all(Array.from({ length: count }, (_, index) => run(index)))
  return samples
}

async function ask(token: string): Promise<number> {
  const response = await app.fetch(
    new Request('http://localhost/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables: { n: 5 + Math.floor(Math.random() * 10) } }),
    }),
  )
  await response.arrayBuffer()
  return response.status
}

function row(who: string, samples: readonly Sample[]): readonly string[] {
  const share = (status: number) =>
    `${((samples.filter((one) => one.status === status).length / samples.length) * 100).toFixed(1)} %`
  const admitted = samples.filter(({ status }) => status === 200).map(({ ms }) => ms)
  return [
    who,
    String(samples.length),
    ...[200, 429, 503].map(share),
    ...[0.5, 0.95].map((q) => quantile(admitted, q).toFixed(0)),
  ]
}
