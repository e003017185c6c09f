/** What a shape of SQL costs once in the life of a process, and the memory of a request while it lives. */
import { datamodel } from '../../src/generated/datamodel.ts'
import { compileList, compilePage } from '../../src/sql/compile-page.ts'
import { always } from '../../src/sql/condition.ts'
import type { Database } from '../../src/sql/database.ts'
import { getModel } from '../../src/sql/datamodel.ts'
import { columnTerm, withTieBreak } from '../../src/sql/order.ts'
import { openBenchDatabase } from '../support/bench-database.ts'
import { printTable } from '../support/report.ts'
import { createAnswerer } from '../support/request.ts'

await using bench = await openBenchDatabase()
measureCompilation()
await measureMemory(bench)

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
