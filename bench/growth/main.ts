/**
 * How cost grows, one thing at a time: with parents, page size, rows of the table, depth, tags of an
 * answer, writers and processes. Writes `results/growth*`; fills a database of its own for the rows,
 * and copies the one of BENCH_DATABASE_URL for writers.
 *
 *   BENCH_DATABASE_URL=... npm run growth -- --curve parents,rows --most 10000000
 */
import { parseArgs } from 'node:util'
import { benchUrl, openAdmin } from '../support/bench-database.ts'
import { describeMachine, watchMachine } from '../support/machine.ts'
import { showProgress } from '../support/progress.ts'
import { writeResults } from '../support/results.ts'
import { type Curve, drawCurve, fitOrder, renderCurve } from './curve.ts'
import { growDepth, growPages, growParents } from './requests.ts'
import { growRows } from './rows.ts'
import { growProcesses, growWriters } from './servers.ts'
import { growTags } from './tags.ts'

const { values } = parseArgs({
  options: {
    curve: { type: 'string', default: 'parents,page,depth,rows,tags,writers,processes' },
    rounds: { type: 'string', default: '5' },
    /** Of each point in a round. */
    ms: { type: 'string', default: '500' },
    /** Rows of the largest list. */
    most: { type: 'string', default: '1000000' },
  },
})
const options = { rounds: Number(values.rounds), roundMs: Number(values.ms) }
const makers: Readonly<Record<string, () => Promise<Curve>>> = {
  parents: () => growParents(options),
  page: () => growPages(options),
  depth: () => growDepth(options),
  rows: () => growRows({ ...options, most: Number(values.most) }),
  tags: () => growTags(options),
  writers: () => growWriters(options),
  processes: () => growProcesses(options),
}

const chosen = values.curve.split(',')
const unknown = chosen.find((name) => !(name in makers))
if (unknown !== undefined) {
  throw new Error(`Not one of ${Object.keys(makers).join(', ')}: ${unknown}`)
}
const admin = await openAdmin(benchUrl())
const machine = await watchMachine(admin)
await admin.end()
const progress = showProgress(chosen.length)
const curves: Curve[] = []
for (const name of chosen) {
  const curve = await makers[name]?.()
  if (!curve) continue
  curves.push(curve)
  await writeResults(`growth-${name}`, { svg: drawCurve(curve) })
  progress.step(curve.name)
}

const orders = curves.map((curve) => ({
  ...curve,
  series: curve.series.map((one) => ({ ...one, order: fitOrder(one.points) })),
}))
const text = [describeMachine(machine()), ...curves.map(renderCurve)].join('\n\n')
await writeResults('growth', {
  json: { machine: machine(), options: values, curves: orders },
  md: text,
})
process.stdout.write(`${text}\n`)
