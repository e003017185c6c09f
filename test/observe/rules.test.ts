import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { judgeTargets, targets } from '../../src/observe/targets.ts'
import { startTestApp } from '../support/start-test-app.ts'
import { metricNames } from './read-metrics.ts'

const rules = readFileSync('ops/loadline.rules.yml', 'utf8')
const alerts = [...rules.matchAll(/- alert: (\w+)\n\s+expr: (.*)\n/g)].map(
  ([, name = '', expression = '']) => ({ name, expression }),
)
const healthy = {
  ...{ p95Ms: 10, errorRate: 0, hitRate: 0.9, memoryBytes: 100_000_000, stale: 0 },
  ...{ poolWaitMs: 1, requests: 1_000 },
}

test('the rules ask for metrics and labels that exist', async () => {
  await using app = await startTestApp()
  const source = readFileSync('src/observe/metrics.ts', 'utf8')
  const names = metricNames(await app.observation.metrics.text())
  const parts = names.flatMap((name) => [name, `${name}_bucket`])
  for (const { expression } of alerts) {
    const asked = [...expression.matchAll(/loadline_\w+/g)].map(([name]) => name)
    expect(asked.length).toBeGreaterThan(0)
    expect(parts).toEqual(expect.arrayContaining(asked))
    for (const [, label = ''] of expression.matchAll(/[{,](\w+)=~?"/g)) {
      expect(source).toMatch(new RegExp(`'${label}'`))
    }
    expect(expression.match(/\(/g)?.length).toBe(expression.match(/\)/g)?.length)
  }
})

test('the rules and the dashboard know the same alerts, by the same targets', () => {
  const thresholds = Object.fromEntries(
    alerts.map(({ name, expression }) => [name, Number(/[<>] ([\d.]+)$/.exec(expression)?.[1])]),
  )

  expect(thresholds).toEqual({
    LoadlineSlow: targets.p95Ms / 1_000,
    LoadlineErrors: targets.errorRate,
    LoadlineColdCache: targets.hitRate,
    LoadlineMemory: targets.memoryBytes,
    LoadlineStale: targets.stale,
    LoadlinePoolWait: targets.poolWaitMs / 1_000,
  })
  expect(judgeTargets(healthy).map(({ name }) => name)).toEqual(Object.keys(thresholds))
})

test.for([
  ['LoadlineSlow', { p95Ms: 101 }],
  ['LoadlineErrors', { errorRate: 0.0011 }],
  ['LoadlineColdCache', { hitRate: 0.79 }],
  ['LoadlineMemory', { memoryBytes: 513 * 1_048_576 }],
  ['LoadlineStale', { stale: 1 }],
  ['LoadlinePoolWait', { poolWaitMs: 10.1 }],
] as const)('%s alone fires when its target is missed', ([name, missed]) => {
  const fires = (measured: object) =>
    judgeTargets({ ...healthy, ...measured })
      .filter(({ state }) => state === 'firing')
      .map((alert) => alert.name)

  expect(fires({})).toEqual([])
  expect(fires(missed)).toEqual([name])
})

test('shares and quantiles of a few requests raise no alarm', () => {
  const poor = { ...healthy, p95Ms: 900, errorRate: 1, hitRate: 0, requests: 5 }

  expect(judgeTargets(poor).filter(({ state }) => state === 'firing')).toEqual([])
})
