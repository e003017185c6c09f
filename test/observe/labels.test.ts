import { expect, test } from 'vitest'
import { createDice, fuzzRequest } from '../guard/fuzzed-request.ts'
import { startTestApp } from '../support/start-test-app.ts'
import { readSamples } from './read-metrics.ts'

const trusted = 'query Screen { courses(first: 1) { nodes { title } } }'
const manifest = new Map([['sha256:0', trusted]])

test('names that clients make up make no more than fifty series, and none that is trusted', async () => {
  await using app = await startTestApp({ manifest })
  const dice = createDice(3)
  const ask = (request: object) =>
    app.fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(request),
    })
  await ask({ query: 'query Screen { __typename }' })
  for (let turn = 0; turn < 500; turn += 1) {
    await ask({ ...fuzzRequest(app.schema, dice), operationName: `Name${turn}` })
    await ask({ query: `query Made${turn} { __typename }` })
    await ask({ query: `query ${'Long'.repeat(turn)} { __typename }` })
  }
  const before = await readSamples(app)
  await ask({ query: trusted })
  const samples = await readSamples(app)
  const operations = new Set(samples.map(({ labels }) => labels.operation ?? ''))
  const labels = samples.flatMap((sample) => Object.values(sample.labels))

  expect(before.map(({ labels }) => labels.operation)).not.toContain('Screen')
  expect(operations).toContain('Screen')
  expect(operations).toContain('other')
  expect(operations.size).toBeLessThanOrEqual(
    50 + ['', 'none', 'unnamed', 'other', 'Screen'].length,
  )
  expect(samples.length).toBeLessThan(3_000)
  expect(Math.max(...labels.map((label) => label.length))).toBeLessThanOrEqual(80)
})
