/**
 * What each operation of the mix costs where nothing is kept, in ms of CPU of the server and of
 * PostgreSQL, and how often it is asked. BENCH_DATABASE_URL names a copy of the bench data set: it is
 * written to.
 *
 *   BENCH_DATABASE_URL=... npm run by-operation -- --seconds 3 --cache true
 */
import { parseArgs } from 'node:util'
import { benchUrl, openAdmin } from '../support/bench-database.ts'
import { benchSecret } from '../support/bench-secret.ts'
import { load, type RawRequest } from '../support/http-load.ts'
import { product } from '../support/product.ts'
import { printTable } from '../support/report.ts'
import { cpuMsOf, startServer } from '../support/server-process.ts'
import { prepareMix } from './requests.ts'

const { values } = parseArgs({
  options: {
    /** For each operation. */
    seconds: { type: 'string', default: '3' },
    /** Whether hits count: `true` keeps answers in process. */
    cache: { type: 'string', default: 'false' },
    operation: { type: 'string' },
  },
})

const admin = await openAdmin(benchUrl())
const mix = await prepareMix(benchUrl())
const requests = new Map<string, RawRequest[]>()
const next = mix.calls(0.05, 1)
const drawn = 40_000
for (let turn = 0; turn < drawn; turn += 1) {
  const { operation, request } = next()
  requests.set(operation, [...(requests.get(operation) ?? []), request])
}
await using server = await startServer({
  ...product,
  env: {
    ...{ DATABASE_URL: benchUrl(), AUTH_JWT_SECRET: benchSecret, CACHE: values.cache },
    ...{ LOG_LEVEL: 'warn', LOADLINE_LIMITS: 'rate=1000000000' },
  },
})

const rows: string[][] = []
for (const [operation, all] of [...requests].sort((a, b) => b[1].length - a[1].length)) {
  if (values.operation && operation !== values.operation) continue
  let turn = 0
  const options = {
    port: server.port,
    connections: 4,
    next: () => all[turn++ % all.length] as RawRequest,
  }
  await load({ ...options, ms: 1_000 })
  const before = await readCpu()
  const {
    requests: count,
    failures,
    bytes,
  } = await load({ ...options, ms: Number(values.seconds) * 1_000 })
  const after = await readCpu()
  const per = (ms: number) => (ms / count).toFixed(2)
  rows.push([
    operation,
    `${((100 * all.length) / drawn).toFixed(1)} %`,
    `${count}`,
    `${failures}`,
    (bytes / count).toFixed(0),
    per(after.server - before.server),
    per(after.database - before.database),
  ])
}
await admin.end()
process.stdout.write(
  `${printTable(['operation', 'share', 'asked', 'failed', 'bytes', 'server ms', 'PostgreSQL ms'], rows)}\n`,
)

async function readCpu() {
  const { rows: backends } = await admin.query<{ pid: number }>(
    'SELECT pid FROM pg_stat_activity WHERE datname = $1',
    [new URL(benchUrl()).pathname.slice(1)],
  )
  const database = [...cpuMsOf(backends.map(({ pid }) => pid)).values()]
  return { server: server.cpuMs(), database: database.reduce((sum, ms) => sum + (ms || 0), 0) }
}
