import type { Plugin } from 'graphql-yoga'
import { expect, test } from 'vitest'
import { startTestApp } from '../support/start-test-app.ts'
import { watchReads } from '../support/watch-reads.ts'
import { readSamples, sumOf } from './read-metrics.ts'

const screen =
  'query Screen { courses(first: 5) { nodes { title teacher { name } lessons(first: 1) { nodes { title } } } } }'
const manifest = new Map([['sha256:0', screen]])
const production = { NODE_ENV: 'production' }

test.for([
  [1, 3],
  [2, 0],
] as const)('of a budget of %i statements, %i of three requests are over', async ([most, over]) => {
  const budgets = new Map([['Screen', most]])
  await using app = await startTestApp({ env: production, manifest, budgets })
  const course = await app.rows.course()
  await app.rows.lesson({ courseId: course.id })
  for (let time = 0; time < 3; time += 1) await app.query(screen)
  const lines = app.logged.filter(({ msg }) => msg === 'more statements than recorded')

  const labels = { operation: 'Screen' }
  expect(sumOf(await readSamples(app), 'loadline_budget_excesses_total', labels)).toBe(over)
  expect(lines).toHaveLength(over > 0 ? 1 : 0)
  if (over > 0) expect(lines[0]).toMatchObject({ operation: 'Screen', statements: 2, budget: 1 })
  expect(lines.map(({ field }) => field)).toEqual(over > 0 ? ['courses'] : [])
})

test('who is asked for under the same name by a stranger is not watched', async () => {
  const budgets = new Map([['Screen', 0]])
  await using app = await startTestApp({ env: production, manifest, budgets })
  await app.query('query Screen { courses(first: 1) { nodes { title } } }')

  expect(sumOf(await readSamples(app), 'loadline_budget_excesses_total')).toBe(0)
})

test('a statement that repeats itself for a field is counted and logged in production, and fails nothing', async () => {
  const reads = watchReads()
  const repeats: Plugin = {
    onExecute({ executeFn, setExecuteFn }) {
      setExecuteFn(async (given) => {
        const result = await executeFn(given)
        // What a loader would do that does not batch.
        const { tally } = reads.last
        const [statement] = tally.statements
        for (let run = 0; run < 5 && statement; run += 1) {
          tally.record({ name: 'once more', text: statement.sql }, statement)
        }
        return result
      })
    },
  }
  await using app = await startTestApp({ env: production, plugins: [reads.plugin, repeats] })
  await app.rows.course()
  const first = await app.query(screen)
  await app.query(screen)
  const lines = app.logged.filter(({ msg }) => String(msg).includes('N+1'))

  expect(first.status).toBe(200)
  expect(sumOf(await readSamples(app), 'loadline_repeated_shapes_total')).toBe(2)
  expect(lines).toEqual([
    expect.objectContaining({ operation: 'Screen', paths: ['courses'], runs: 4 }),
  ])
})
