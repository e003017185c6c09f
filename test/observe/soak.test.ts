import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type CachedApp, type CachedPlace, openCachedPlace } from '../support/start-cached-apps.ts'
import { readSamples, sumOf } from './read-metrics.ts'

/** Each half in CI is this many requests; `LOADLINE_SOAK_MINUTES=30` soaks for so long instead. */
const requests = 5_000
const minutes = Number(process.env.LOADLINE_SOAK_MINUTES ?? 0)
const atATime = 8
const mostGrowth = 0.05

const rename =
  'mutation ($to: String!) { updateProfile(input: { headline: $to }) { profile { headline } } }'

let place: CachedPlace
let app: CachedApp
let people: readonly { readonly id: string }[]

beforeAll(async () => {
  place = await openCachedPlace('memory')
  app = await place.start({
    env: {
      LOG_LEVEL: 'info',
      SLOW_STATEMENT_MS: '1',
      CACHE_VERIFY_SHARE: '0.05',
      LOADLINE_LIMITS: 'rate=1000000000,loopDelayMs=100000,queueMs=600000,queued=100000',
    },
  })
  const course = await app.rows.course()
  for (let row = 0; row < 20; row += 1) await app.rows.enrollment({ courseId: course.id })
  people = await Promise.all(Array.from({ length: 5 }, () => app.rows.user()))
})
afterAll(() => place[Symbol.asyncDispose]())

test(
  'memory stays flat under load, with everything that listens',
  async () => {
    const follower = follow()
    await soak(0.25)
    await soak(0.25)
    const before = heapBytes()
    await soak(0.5)
    const after = heapBytes()
    const growth = (after - before) / before
    const samples = await readSamples(app)
    follower.stop()

    expect(sumOf(samples, 'loadline_operations_total')).toBeGreaterThan(requests)
    expect(sumOf(samples, 'loadline_cache_lookups_total', { outcome: 'hit' })).toBeGreaterThan(100)
    expect(sumOf(samples, 'loadline_cache_announcements_total')).toBeGreaterThan(10)
    expect(sumOf(samples, 'loadline_cache_comparisons_total', { outcome: 'stale' })).toBe(0)
    expect(sumOf(samples, 'loadline_listener_faults_total')).toBe(0)
    expect(follower.events()).toBeGreaterThan(2)
    expect(growth).toBeLessThan(mostGrowth)
  },
  minutes * 60_000 * 2 + 240_000,
)

/** So much of the whole, by time or by requests. */
async function soak(share: number): Promise<void> {
  const end = performance.now() + share * minutes * 60_000
  let left = minutes > 0 ? Number.POSITIVE_INFINITY : Math.round(share * 2 * requests)
  const client = async () => {
    while (left > 0 && (minutes === 0 || performance.now() < end)) {
      left -= 1
      await askSomething(Math.floor(Math.random() * 1e9))
    }
  }
  await Promise.all(Array.from({ length: atATime }, client))
}

async function askSomething(dice: number): Promise<void> {
  const as = people[dice % people.length] ?? null
  const kind = dice % 20
  if (kind === 0) {
    await app.query(rename, { as, variables: { to: `${dice}` } })
  } else if (kind === 1) {
    await app.query(`query Wrong${dice % 100} { nothing }`)
  } else if (kind < 5) {
    await app.query(`query Made${dice % 100} { courses(first: 5) { nodes { title } } }`)
  } else if (kind < 8) {
    await app.query('{ viewer { name profile { headline } } }', { as })
  } else {
    const count = 1 + (dice % 9)
    await app.query(
      `query Page { courses(first: 5) { nodes { title enrollments(first: ${count}) { totalCount } } } }`,
    )
  }
  // The test keeps every line; a process writes them.
  if (app.logged.length > 100) Array.prototype.splice.call(app.logged, 0, app.logged.length)
}

/** Somebody looks at the dashboard all the time. */
function follow() {
  const stop = new AbortController()
  let count = 0
  const { dashboard } = app.observation
  const timer = setInterval(() => {
    dashboard.latest()
    void dashboard.tables().then(({ operations, statements }) => {
      count += operations.length > 0 && statements.length > 0 ? 1 : 0
    })
  }, 200)
  stop.signal.addEventListener('abort', () => clearInterval(timer))
  return { events: () => count, stop: () => stop.abort() }
}

function heapBytes(): number {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  for (let time = 0; time < 3; time += 1) if (typeof collect === 'function') collect()
  return process.memoryUsage().heapUsed
}
