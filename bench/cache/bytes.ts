import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { benchUrl, openBenchDatabase } from '../support/bench-database.ts'
import { signForBench } from '../support/bench-secret.ts'
import { median } from '../support/measure.ts'
import { printTable } from '../support/report.ts'
import { startServedApp } from '../support/served-app.ts'

/**
 * What the three dashboards are on the wire, with headers, and what packing them costs at each level
 * of gzip and brotli, beside answers of 2 KB and 20 KB; in rounds, of which the median counts.
 * `BENCH_ROUNDS`.
 */
const rounds = Number(process.env.BENCH_ROUNDS ?? 7)
const roundMs = 60
const topics = ['Algebra', 'Networks', 'Baking', 'Statistics', 'Drawing', 'Grammar', 'Optics']

const manifest: Readonly<Record<string, string>> = JSON.parse(
  await readFile(
    new URL('../../src/sdk/generated/persisted-documents.json', import.meta.url),
    'utf8',
  ),
)
const now = new Date().toISOString()
const screens = {
  student: ['StudentDashboard', mostOf('Enrollment', 'studentId'), { now }],
  teacher: ['TeacherDashboard', mostOf('Course', 'teacherId'), { now }],
  admin: ['AdminDashboard', `SELECT id FROM "User" WHERE role = 'ADMIN' LIMIT 1`, {}],
} as const

const server = await startServedApp({ env: { DATABASE_URL: benchUrl() } })
const texts: Record<string, Buffer> = {}
const wire: string[][] = []
for (const [name, [operation, person, variables]] of Object.entries(screens)) {
  const query = Object.values(manifest).find((text) => text.includes(`query ${operation}`)) ?? ''
  const body = JSON.stringify({ query, variables, operationName: operation })
  const { plain, packed } = await firstWithoutErrors(await tokensOf(person), body)
  const text = plain.subarray(plain.indexOf('\r\n\r\n') + 4)
  texts[`${name}'s dashboard`] = text
  const share = `${((packed.length / plain.length) * 100).toFixed(0)} %`
  wire.push([name, text.length, plain.length, packed.length, share].map(String))
}
await server.close()
for (const bytes of [2_000, 20_000]) texts[`${bytes / 1_000} KB of a list`] = listOf(bytes)

console.log(printTable(['dashboard', 'bytes of the text', 'on the wire', 'with gzip', ''], wire))

const ways: Record<string, (text: Buffer) => Buffer> = {}
for (let level = 1; level <= 6; level += 1) {
  ways[`gzip ${level}`] = (text) => gzipSync(text, { level })
}
for (let quality = 1; quality <= 5; quality += 1) {
  ways[`brotli ${quality}`] = (text) =>
    brotliCompressSync(text, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: quality,
        [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
        [constants.BROTLI_PARAM_SIZE_HINT]: text.length,
      },
    })
}
const timed = Object.entries(texts).map(([name, text]) => ({
  name,
  cells: Object.values(ways).map((pack) => ({ pack, text, us: [] as number[] })),
}))
for (let round = -1; round < rounds; round += 1) {
  for (const { pack, text, us } of timed.flatMap(({ cells }) => cells)) {
    const cost = cpuOf(() => pack(text))
    if (round >= 0) us.push(cost)
  }
}
console.log(
  printTable(
    ['CPU in microseconds, bytes', ...Object.keys(ways)],
    timed.map(({ name, cells }) => [
      `${name} (${cells[0]?.text.length})`,
      ...cells.map(({ pack, text, us }) => `${median(us).toFixed(0)}, ${pack(text).length}`),
    ]),
  ),
)

function mostOf(model: string, key: string): string {
  return `SELECT "${key}" FROM "${model}" GROUP BY "${key}" ORDER BY count(*) DESC, "${key}" LIMIT 50`
}

async function tokensOf(statement: string): Promise<readonly string[]> {
  await using database = await openBenchDatabase()
  const rows = await database.query({ name: '', text: statement }, [])
  return Promise.all(rows.map(([id]) => signForBench(String(id))))
}

/** Some have among their students whom they may not see. */
async function firstWithoutErrors(tokens: readonly string[], body: string) {
  for (const token of tokens) {
    const plain = await exchange(token, body, 'identity')
    if (!plain.includes('"errors":')) return { plain, packed: await exchange(token, body, 'gzip') }
  }
  throw new Error('Nobody was answered without errors')
}

/** All bytes that come for one request. */
async function exchange(token: string, body: string, encoding: string): Promise<Buffer> {
  const { hostname, port } = new URL(server.origin)
  const socket = connect(Number(port), hostname)
  const head = `POST /graphql HTTP/1.1\r\nhost: bench\r\nconnection: close\r\nauthorization: Bearer ${token}\r\naccept-encoding: ${encoding}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n`
  const chunks: Buffer[] = []
  socket.on('data', (chunk) => chunks.push(chunk))
  socket.write(head + body)
  await once(socket, 'close')
  return Buffer.concat(chunks)
}

/** So many bytes of what lists are made of: ids, titles, times. */
function listOf(bytes: number): Buffer {
  const nodes: object[] = []
  const text = () => JSON.stringify({ data: { courses: { nodes } } })
  for (let i = 0; text().length < bytes; i += 1) {
    const id = Buffer.from(`Course:${(i * 2_654_435_761) % 4_294_967_296}`).toString('base64')
    const title = `${topics[i % topics.length]} ${topics[(i * i + 3) % topics.length]}, part ${i}`
    const publishedAt = new Date(1_700_000_000_000 + i * 7_919_000).toISOString()
    nodes.push({ id, title, priceCents: (i * 137) % 9_900, currency: 'EUR', publishedAt })
  }
  return Buffer.from(text())
}

function cpuOf(run: () => unknown): number {
  const before = process.cpuUsage()
  const end = performance.now() + roundMs
  let runs = 0
  for (; performance.now() < end; runs += 1) run()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / runs
}
