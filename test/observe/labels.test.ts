import { readFileSync } from 'node:fs'
import { parse } from 'graphql'
import { expect, test } from 'vitest'
import { nameOperation } from '../../src/observe/name-operation.ts'
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

test.for([
  ['{ a }', null, null, 'query'],
  ['query A { a }', null, 'A', 'query'],
  ['# query B\n,\ufeff mutation\n A($a: Int) { a }', null, 'A', 'mutation'],
  ['fragment F on T { query mutation A: b }\nquery Screen { ...F }', null, 'Screen', 'query'],
  ['fragment F on T { a } mutation Do { b }', null, 'Do', 'mutation'],
  ['query A { a } mutation B { b }', 'B', 'B', 'mutation'],
  ['query A { a } mutation B { b }', 'A', 'A', 'query'],
  ['query A { a }', 'C(', 'C(', 'query'],
  ['nonsense', null, null, 'query'],
] as const)('of %j asked for %s the name is %s, and it is a %s', ([query, asked, name, kind]) => {
  expect(nameOperation({ query, isTrusted: false }, asked)).toEqual({
    name,
    kind,
    isTrusted: false,
  })
})

test('every operation of the manifest has its name', () => {
  const documents: readonly string[] = Object.values(
    JSON.parse(readFileSync('src/sdk/generated/persisted-documents.json', 'utf8')),
  )
  expect(documents.length).toBeGreaterThan(40)
  for (const query of documents) {
    const definition = parse(query).definitions.find(({ kind }) => kind === 'OperationDefinition')
    const { name, kind } = nameOperation({ query, isTrusted: true }, null)
    expect(definition).toMatchObject({ name: { value: name }, operation: kind })
  }
})
