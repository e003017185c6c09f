import { describe, expect, test, vi } from 'vitest'
import { createLogger } from '../../src/observe/logger.ts'
import { nodesOf, parsePlan, printPlan } from '../../src/observe/plan.ts'
import { createPlanSampler } from '../../src/observe/sample-plans.ts'
import { createSlowStatements } from '../../src/observe/slow-statements.ts'
import { createStatementShapes } from '../../src/observe/statement-shapes.ts'
import { explainStatement } from '../../src/sql/explain-statement.ts'
import { createStatement } from '../../src/sql/statements.ts'
import { patience } from '../support/start-cached-apps.ts'
import { startTestApp } from '../support/start-test-app.ts'
import { openTestDatabase } from '../support/test-databases.ts'
import { readSamples, sumOf } from './read-metrics.ts'

const screen = 'query Screen { course(slug: "a-secret") { title teacher { name } } }'

function ended(sql: string, ms: number) {
  const statement = createStatement(sql)
  return {
    statement,
    ms,
    startMs: 0,
    values: [],
    rows: 1,
    batch: 1,
    paths: ['a.b'],
    isFailed: false,
  }
}

describe('a slow statement', () => {
  test('is logged with its field, its operation and no values, and its plan is kept', async () => {
    await using app = await startTestApp({ env: { SLOW_STATEMENT_MS: '0' } })
    await app.rows.course({ slug: 'a-secret' })
    await app.query(screen, { headers: { 'x-request-id': 'mine' } })
    const line = app.logged.find(({ msg }) => msg === 'slow statement')
    const [shape] = await vi.waitFor(() => {
      const found = app.observation.slowestStatements(5).filter(({ plan }) => plan !== null)
      expect(found).not.toHaveLength(0)
      return found
    }, patience)

    expect(line).toMatchObject({
      requestId: 'mine',
      operation: 'Screen',
      sql: expect.stringContaining('FROM "Course"'),
      paths: ['course'],
      rows: 1,
    })
    expect(shape).toMatchObject({ runs: 1, rows: 1, paths: ['course'], operations: ['Screen'] })
    expect(JSON.stringify([app.logged, shape])).not.toContain('secret')
    expect(sumOf(await readSamples(app), 'loadline_slow_statements_total')).toBeGreaterThan(0)
  })

  test('is a warning from ten times as long on, and at most twenty a second are logged', () => {
    const lines: { level: number; ms: number }[] = []
    const log = createLogger('info', { write: (line) => lines.push(JSON.parse(line)) })
    const plans = { offer() {} }
    const slow = createSlowStatements({ log, slowMs: 50, plans, nowMs: () => 0 })
    for (const ms of [49, 50, 499, 500]) slow.statementEnded?.(null, ended('SELECT 1', ms))
    expect(lines.map(({ level, ms }) => [level, ms])).toEqual([
      [30, 50],
      [30, 499],
      [40, 500],
    ])
    for (let time = 0; time < 100; time += 1) slow.statementEnded?.(null, ended('SELECT 1', 50))
    expect(lines).toHaveLength(20)
  })
})

describe('a plan', () => {
  test('is asked for one at a time, with pauses, and of a shape once an hour', async () => {
    const asked: string[] = []
    const clock = { ms: 0 }
    const sampler = createPlanSampler({
      explain:
        () =>
        async ({ text }) =>
          asked.push(text),
      keep() {},
      nowMs: () => clock.ms,
    })
    const offerAt = async (ms: number, sql: string) => {
      clock.ms = ms
      sampler.offer(ended(sql, 100))
      await new Promise((resolve) => setImmediate(resolve))
    }
    sampler.offer(ended('SELECT 1', 100))
    await offerAt(0, 'SELECT 2')
    await offerAt(1_000, 'SELECT 2')
    await offerAt(2_000, 'SELECT 1')
    await offerAt(2_000, 'SELECT 2')
    await offerAt(10_000, 'UPDATE "User" SET "name" = $1')
    await offerAt(10_000, 'WITH gone AS (DELETE FROM "User") SELECT 1')
    await offerAt(3_600_000, 'SELECT 1')

    expect(asked).toEqual(['SELECT 1', 'SELECT 2', 'SELECT 1'])
  })

  test('has no values in it, and runs nothing', async () => {
    await using database = await openTestDatabase()
    const text = `SELECT * FROM "Course" WHERE "slug" = $1 AND "priceCents" > $2
      AND "title" <> 'it''s secret' AND "id" = ANY($3::uuid[]) AND (SELECT setval('loadline.outbox_id_seq', 4711)) > 0`
    const values = ['secret', 4_242, ['00000000-0000-7000-8000-00000000000a']]
    const plan = parsePlan(await explainStatement(database, createStatement(text), values))
    if (!plan) throw new Error('There was to be a plan')
    const printed = printPlan(plan).join('\n')
    const [sequence] = await database.query(
      createStatement('SELECT last_value FROM loadline.outbox_id_seq'),
      [],
    )

    expect(nodesOf(plan).map(({ relation }) => relation)).toContain('Course')
    expect(printed).toMatch(/on Course {2}\(cost \d+, rows \d+\) {2}.*slug/)
    expect(printed).not.toMatch(/secret|4242|4711|00000000/)
    expect(sequence).not.toEqual([4711n])
  })

  test('of what is none is null', () => {
    for (const nothing of [null, undefined, 1, 'x', {}, [], [{}], [{ Plan: 1 }]]) {
      expect(parsePlan(nothing)).toBeNull()
    }
  })
})

test('shapes are added up by their text, and the quick ones are forgotten when there are many', () => {
  const shapes = createStatementShapes(() => 'Screen')
  for (let number = 0; number < 5_000; number += 1) {
    shapes.listener.statementEnded?.(null, ended(`SELECT ${number}`, 1))
    shapes.listener.statementEnded?.(null, ended('SELECT slow', 5))
  }
  const all = shapes.slowest(10_000)

  expect(all.length).toBeLessThanOrEqual(400)
  expect(all[0]).toMatchObject({ sql: 'SELECT slow', runs: 5_000, totalMs: 25_000, rows: 5_000 })
})
