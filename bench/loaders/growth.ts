/**
 * How cost grows: the first 10 of N rows for N from 100 to 1,000,000, in an indexed order, in a
 * computed order and as a count; a nested page for 1, 10 and 100 parents; the time to compile SQL,
 * and the memory of a request. Fills a database of its own on the server of BENCH_DATABASE_URL.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import pg from 'pg'
import { datamodel } from '../../src/generated/datamodel.ts'
import { encodeGlobalId } from '../../src/loaders/global-id.ts'
import { compileList, compilePage } from '../../src/sql/compile-page.ts'
import { always } from '../../src/sql/condition.ts'
import type { Database } from '../../src/sql/database.ts'
import { getModel } from '../../src/sql/datamodel.ts'
import { applyMigrations } from '../../src/sql/migrations.ts'
import { columnTerm, withTieBreak } from '../../src/sql/order.ts'
import { openPostgresql } from '../../src/sql/postgresql.ts'
import { benchUrl, openBenchDatabase } from '../support/bench-database.ts'
import { type Measurement, measure } from '../support/measure.ts'
import { printTable } from '../support/report.ts'
import { createAnswerer } from '../support/request.ts'
import { plotLogLog } from '../support/svg-plot.ts'

const sizes = [100, 1_000, 10_000, 100_000, 1_000_000]
const rounds = Number(process.env.ROUNDS ?? 5)
const results = new URL('../results/', import.meta.url)

const name = 'loadline_growth'
const admin = new pg.Client(benchUrl())
await admin.connect()
await admin.query(`DROP DATABASE IF EXISTS ${name}`)
await admin.query(`CREATE DATABASE ${name}`)
const url = new URL(benchUrl())
url.pathname = `/${name}`
const database = await openPostgresql({ url: url.href })
try {
  await applyMigrations(database)
  await fill(url.href)
  await measureGrowth(database)
} finally {
  await database[Symbol.asyncDispose]()
  await admin.query(`DROP DATABASE ${name}`)
  await admin.end()
}
await using bench = await openBenchDatabase()
await measureParents(bench)
measureCompilation()
await measureMemory(bench)

/** One course of N enrollments for each N, all in the same tables. No deadline of a request holds here. */
async function fill(connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  const run = (text: string) => client.query(text)
  const key = (prefix: string, number: string) =>
    `('${prefix}-0000-7000-8000-' || lpad(to_hex(${number}), 12, '0'))::uuid`
  await run(
    `INSERT INTO "User" (id, email, name) SELECT ${key('00000001', 'n')}, n || '@growth.test', 'Person ' || n FROM generate_series(1, 1000000) n`,
  )
  for (const [index, size] of sizes.entries()) {
    await run(
      `INSERT INTO "Course" (id, "teacherId", title, slug, summary, description, status, "publishedAt") VALUES (${key('00000002', String(size))}, ${key('00000001', '1')}, 'Course of ${size}', 'course-${size}', '', '', 'ACTIVE', '2026-01-01')`,
    )
    await run(
      `INSERT INTO "Enrollment" (id, "courseId", "studentId", progress, "enrolledAt") SELECT ${key(`1000000${index}`, 'n')}, ${key('00000002', String(size))}, ${key('00000001', 'n')}, 0.5, '2026-01-01'::timestamptz + n * interval '1 second' FROM generate_series(1, ${size}) n`,
    )
  }
  for (const table of ['User', 'Course', 'Enrollment']) await run(`VACUUM (ANALYZE) "${table}"`)
  await client.end()
}

async function measureGrowth(target: Database): Promise<void> {
  const answerer = createAnswerer(target)
  const course = (size: number) =>
    encodeGlobalId('Course', getModel(datamodel, 'Course'), {
      id: `00000002-0000-7000-8000-${size.toString(16).padStart(12, '0')}`,
    })
  const on = (size: number, selection: string) =>
    answerer.compiled(`{ course(id: "${course(size)}") { ${selection} } }`)
  const page = 'enrollments(first: 10) { nodes { progress } }'
  const kinds = {
    'first 10, indexed order': (size: number) => on(size, page),
    'last 10, indexed order': (size: number) => on(size, page.replace('first: 10', 'last: 10')),
    'total count': (size: number) => on(size, 'enrollments { totalCount }'),
    aggregates: (size: number) => on(size, 'stats { averageProgress completionRate }'),
  }
  const rows: string[][] = []
  const series = []
  for (const [kind, make] of Object.entries(kinds)) {
    const ways = Object.fromEntries(sizes.map((size) => [String(size), make(size)]))
    const measured = await measure(ways, {
      rounds,
      roundMs: 500,
      warmUpMs: 1_000,
    })
    const read = await Promise.all(sizes.map(async (size) => (await make(size)()).tally.rowsRead))
    const [smallest] = measured
    const largest = measured.at(-1)
    if (!smallest || !largest) continue
    rows.push([
      kind,
      ...measured.map(({ p50Ms }) => p50Ms.toFixed(2)),
      (largest.p50Ms / smallest.p50Ms).toFixed(2),
      [...new Set(read)].join(', '),
    ])
    series.push({
      name: kind,
      points: measured.map(({ name: size, p50Ms }) => [Number(size), p50Ms] as const),
    })
  }
  report(
    'Cost by the number of rows of the list (p50 ms)',
    ['', ...sizes.map((size) => size.toLocaleString('en')), 'largest / smallest', 'rows read'],
    rows,
  )
  await mkdir(results, { recursive: true })
  const plot = plotLogLog(
    'Cost by the number of rows of the list',
    { x: 'rows of the list', y: 'p50, ms' },
    series,
  )
  await writeFile(new URL('growth.svg', results), plot)
}

async function measureParents(target: Database): Promise<void> {
  const answerer = createAnswerer(target)
  const parents = [1, 10, 100]
  const make = (count: number) =>
    answerer.compiled(
      `{ courses(first: ${count}, orderBy: TITLE) { nodes { title teacher { name } enrollments(first: 10) { nodes { progress student { name } } } lessons(first: 5) { nodes { title } } } } }`,
    )
  const ways = Object.fromEntries(parents.map((count) => [String(count), make(count)]))
  const measured = await measure(ways, { rounds, roundMs: 1_000, warmUpMs: 2_000 })
  const rows = await Promise.all(
    parents.map(async (count, index) => {
      const { tally } = await make(count)()
      const { p50Ms, cpuMs } = measured[index] as Measurement // one for each way
      return [
        String(count),
        String(tally.statements.length),
        String(tally.rowsRead),
        p50Ms.toFixed(2),
        cpuMs.toFixed(2),
      ]
    }),
  )
  report(
    'Nested page by the number of parents',
    ['parents', 'statements', 'rows read', 'p50 ms', 'Node CPU ms'],
    rows,
  )
}

/** What a shape costs once in the life of a process. */
function measureCompilation(): void {
  const model = getModel(datamodel, 'Enrollment')
  const parent = getModel(datamodel, 'Course')
  const order = withTieBreak(model, [columnTerm('enrolledAt', 'desc')])
  const branch = { isBackward: false, start: null, end: null, looksBack: false }
  const columns = {
    columns: Object.keys(model.columns),
    joins: [],
    withOrder: true,
    withRank: false,
  }
  const times = 2_000
  const start = performance.now()
  for (let time = 0; time < times; time += 1) {
    const bind = { model: parent, relation: 'enrollments' }
    const { shape } = compileList({ datamodel, model, bind, condition: always, order })
    compilePage(datamodel, shape, [branch], columns)
  }
  const micros = ((performance.now() - start) / times) * 1000
  report('Compiling SQL', ['shape', 'µs'], [['a page of a relation', micros.toFixed(1)]])
}

async function measureMemory(target: Database): Promise<void> {
  const answer = createAnswerer(target).compiled(
    '{ courses(first: 50, orderBy: TITLE) { nodes { title enrollments(first: 10) { nodes { progress student { name } } } } } }',
  )
  for (let turn = 0; turn < 50; turn += 1) await answer()
  globalThis.gc?.()
  const before = process.memoryUsage().heapUsed
  const kept = []
  for (let turn = 0; turn < 20; turn += 1) kept.push(await answer())
  globalThis.gc?.()
  const each = (process.memoryUsage().heapUsed - before) / kept.length / 1024
  report(
    'Memory',
    ['request', 'KB kept while it lives'],
    [['nested page, answer and tally', each.toFixed(0)]],
  )
}

function report(
  title: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
): void {
  process.stdout.write(`\n${title}\n\n${printTable(head, rows)}\n`)
}
