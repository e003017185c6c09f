import fc from 'fast-check'
import { getOperationAST, parse, validate } from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createCostCheck } from '../../src/guard/check-cost.ts'
import type { Cost } from '../../src/guard/cost.ts'
import { createLimits } from '../../src/guard/limits.ts'
import { domain } from '../../src/schema/domain.ts'
import manifest from '../../src/sdk/generated/persisted-documents.json' with { type: 'json' }
import { authorId, texts } from '../foreign/catalogue-rows.ts'
import { idOf, openFilledCatalogue } from '../loaders/open-filled-catalogue.ts'
import { drawDocument } from '../loaders/random-document.ts'
import { startTestApp, type TestApp } from '../support/start-test-app.ts'

const limits = createLimits({ production: true })
const unlimited = { ...limits, cost: Infinity, values: Infinity }
const measure = createMeter(domain.schema)

describe('the rows that an operation may read at worst', () => {
  test.for<readonly [what: string, document: string, rows: number, variables?: object]>([
    ['one row, and whether it may be seen', '{ viewer { name email } }', 2],
    ['a page, and whether there are others', '{ courses(first: 10) { nodes { title } } }', 12],
    ['the page of edges', '{ courses(last: 10) { edges { cursor node { title } } } }', 12],
    ['a page of 20 unless asked', '{ courses { nodes { title } } }', 22],
    ['20 for null', '{ courses(first: null) { nodes { title } } }', 22],
    [
      'a page by a variable',
      'query ($n: Int) { courses(first: $n) { nodes { id } } }',
      9,
      { n: 7 },
    ],
    ['its default', 'query ($n: Int = 3) { courses(first: $n) { nodes { id } } }', 5],
    [
      'null for a variable with a default',
      'query ($n: Int = 3) { courses(first: $n) { nodes { id } } }',
      22,
      { n: null },
    ],
    [
      'at most a page of 100, as larger ones are refused',
      '{ courses(first: 2147483647) { nodes { id } } }',
      102,
    ],
    [
      'a size that is none like the largest',
      'query ($n: Int) { courses(first: $n) { nodes { id } } }',
      102,
      { n: '5' },
    ],
    [
      'pages in pages',
      '{ courses(first: 10) { nodes { lessons(first: 5) { nodes { id } } } } }',
      12 + 10 * 7,
    ],
    [
      'two for each that leads to one',
      '{ courses(first: 10) { nodes { teacher { name } } } }',
      12 + 20,
    ],
    [
      'nothing for another view of a row',
      '{ courses(first: 10) { nodes { stats { __typename } } } }',
      12,
    ],
    ['a count as ten', '{ courses { totalCount } }', 10],
    [
      'a figure of each row as ten',
      '{ courses(first: 10) { nodes { stats { enrollmentCount } } } }',
      12 + 100,
    ],
    ['both aliases', '{ a: viewer { id } b: viewer { id } }', 4],
    [
      'a field that is merged once',
      '{ viewer { id } ...F } fragment F on Query { viewer { name } }',
      2,
    ],
    [
      'only what is included',
      'query ($no: Boolean!) { viewer { id } courses @include(if: $no) { nodes { id } } }',
      2,
      { no: false },
    ],
    ['only what is not skipped', '{ viewer { id } courses @skip(if: true) { nodes { id } } }', 2],
    [
      'the most expensive type that a node may have',
      '{ node(id: "x") { ... on Course { lessons(first: 5) { nodes { id } } } ... on Meeting { host { id } } } }',
      2 + 7,
    ],
    [
      'twice as many for nodes as there are ids',
      'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }',
      6,
      { ids: ['a', 'b', 'c'] },
    ],
    ['ids that are spelled out', '{ nodes(ids: ["a", "b"]) { id } }', 4],
    [
      'ten for a mutation, and what it shows',
      'mutation { archiveCourse(input: { id: "x" }) { course { title } } }',
      12,
    ],
    [
      'one for each item that it is given',
      'mutation ($rows: [ProgressRow!]!) { bulkUpdateProgress(input: { rows: $rows }) { enrollments { id course { id } } } }',
      10 + 5 + 10 + 10,
      { rows: [1, 2, 3, 4, 5] },
    ],
    [
      'nothing for the schema',
      '{ __schema { types { name } } __type(name: "User") { name } __typename }',
      0,
    ],
  ])('counts %s', ([, document, rows, variables]) => {
    expect(measure(document, variables).rows).toBe(rows)
  })

  test('counts the values of the answer too', () => {
    expect(measure('{ courses(first: 10) { nodes { id title teacher { id } } } }').values).toBe(
      1 + 10 + 10 * (1 + 1 + 1 + 1),
    )
    expect(measure('{ __schema { types { name } } }').values).toBeGreaterThan(100)
  })

  test('names the path that adds most', () => {
    const document =
      '{ mine: viewer { id } list: courses(first: 50) { nodes { lessons(first: 20) { nodes { id } } teacher { id } } } }'

    expect(measure(document).worst).toEqual({ path: 'list.nodes.lessons', rows: 50 * 22 })
  })

  test('is measured anew for other variables, and remembered for the same', () => {
    const check = createCostCheck(domain.schema, unlimited)
    const document = parse(
      'query ($a: Int, $b: Int, $c: Boolean!) { courses(first: $a) { nodes { id } } x: courses(first: $b) @skip(if: $c) { nodes { id } } }',
    )
    const operation = getOperationAST(document)
    if (!operation) throw new Error('There is one')
    const rows = (variables: Readonly<Record<string, unknown>>) =>
      check({ document, operation, variables })

    for (let turn = 0; turn < 2; turn += 1) {
      expect(rows({ a: 1, b: 5, c: true }).rows).toBe(3)
      expect(rows({ a: 2, b: 5, c: true }).rows).toBe(4)
      expect(rows({ a: 1, b: 5, c: false }).rows).toBe(3 + 7)
      expect(rows({ a: 1, b: 6, c: false }).rows).toBe(3 + 8)
      expect(rows({ c: false }).rows).toBe(22 + 22)
    }
    expect(rows({ a: 1, b: 5, c: true })).toBe(rows({ a: 1, b: 5, c: true }))
  })

  test('of a document that would take too long to measure is endless', () => {
    const levels = Array.from(
      { length: 40 },
      (_, level) =>
        `fragment F${level} on User { a: courses { nodes { teacher { ...F${level + 1} } } } b: courses { nodes { teacher { ...F${level + 1} } } } }`,
    )
    const bomb = `{ viewer { ...F0 } } ${levels.join(' ')} fragment F40 on User { id }`

    expect(measure(bomb).rows).toBe(Infinity)
  })

  test('of every document of the SDK is far from the limit, even with the largest pages', () => {
    for (const text of Object.values(manifest)) {
      const usual = measure(text)
      const largest = measure(text, { first: 100, last: 100, lessons: 100 })

      expect(usual.rows, text).toBeLessThan(limits.cost / 5)
      expect(largest.rows, text).toBeLessThan(limits.cost)
      expect(largest.values, text).toBeLessThan(limits.values / 5)
    }
  })

  test('allows an import of 1,000 rows', () => {
    const text = Object.values(manifest).find((one) => one.includes('importStudents')) ?? ''
    const rows = Array(1_000).fill({ name: 'a', email: 'b' })

    expect(measure(text, { input: { rows } }).rows).toBeLessThan(limits.cost)
  })
})

test('no operation reads more rows than it was said to cost', async () => {
  await using catalogue = await openFilledCatalogue({ authors: 20, books: 40 })
  const meter = createMeter(catalogue.schema)
  const pools = {
    texts: texts.slice(0, 20),
    times: ['2026-01-01T00:00:00Z'],
    ids: [authorId(1), authorId(2), authorId(3)].map((id) => idOf('Author', id)),
  }
  const viewers = [null, { id: authorId(0), role: 'WRITER' }, { id: authorId(1), role: 'EDITOR' }]
  let read = 0
  let said = 0
  const property = fc.asyncProperty(fc.gen(), fc.constantFrom(...viewers), async (g, viewer) => {
    const { text, variables } = drawDocument(catalogue.schema, pools, g).print()
    // Fragments on different types may give one name to fields of different types.
    fc.pre(validate(catalogue.schema, parse(text)).length === 0)
    const { tally, errors } = await catalogue.ask(text, { variables, viewer })
    const cost = meter(text, variables)
    read += tally.rowsRead
    said += cost.rows
    expect(tally.rowsRead, `${text} ${JSON.stringify([variables, errors])}`).toBeLessThanOrEqual(
      cost.rows,
    )
  })
  await fc.assert(property, { numRuns: 400, seed: 11, endOnFailure: true })

  expect(read).toBeGreaterThan(said / 50)
}, 120_000)

describe('over HTTP', () => {
  let app: TestApp

  beforeAll(async () => {
    app = await startTestApp({ env: { LOADLINE_LIMITS: 'cost=200,values=500' } })
  })
  afterAll(() => app[Symbol.asyncDispose]())

  test('what costs too much is refused with its cost, the limit and the most expensive path', async () => {
    const { status, data, errors, statements } = await app.query(
      '{ courses(first: 20) { nodes { lessons(first: 20) { nodes { id } } } } }',
    )

    expect(status).toBe(400)
    expect(data).toBeUndefined()
    expect(statements).toEqual([])
    expect(errors).toEqual([
      {
        message:
          'The limit "cost" is 200 rows that the operation may read at worst, got 462; "courses.nodes.lessons" alone has 440: ask for smaller pages',
        extensions: {
          code: 'COST_LIMIT_EXCEEDED',
          limit: 'cost',
          max: 200,
          got: 462,
          path: 'courses.nodes.lessons',
        },
      },
    ])
  })

  test('so is an answer that would have too many values', async () => {
    const fields = Array.from({ length: 30 }, (_, index) => `a${index}: title`).join(' ')
    const { errors } = await app.query(`{ courses(first: 20) { nodes { ${fields} } } }`)

    expect(errors?.[0]?.extensions).toMatchObject({ code: 'COST_LIMIT_EXCEEDED', limit: 'values' })
  })

  test('a mutation that costs too much changes nothing', async () => {
    const teacher = await app.rows.teacher()
    const course = await app.rows.course({ teacherId: teacher.id })
    const id = Buffer.from(`Course:${course.id}`).toString('base64url')
    const { errors } = await app.query(
      `mutation { updateCourse(input: { id: "${id}", title: "Changed" }) { course { lessons(first: 100) { nodes { course { lessons(first: 100) { nodes { id } } } } } } } }`,
      { as: teacher },
    )

    expect(errors?.[0]?.extensions.code).toBe('COST_LIMIT_EXCEEDED')
    expect(await app.prisma.course.findUnique({ where: { id: course.id } })).toEqual(course)
  })

  test('it is refused however often it is asked for', async () => {
    const codes: unknown[] = []
    for (let turn = 0; turn < 6; turn += 1) {
      const { errors } = await app.query(
        '{ courses(first: 100) { nodes { teacher { id } } totalCount } }',
      )
      codes.push(errors?.[0]?.extensions.code)
    }

    expect(codes).toEqual(Array(6).fill('COST_LIMIT_EXCEEDED'))
  })
})

function createMeter(schema: Parameters<typeof createCostCheck>[0]) {
  const check = createCostCheck(schema, unlimited)
  return (text: string, variables: object = {}): Cost => {
    const document = parse(text)
    const operation = getOperationAST(document)
    if (!operation) throw new Error('The document has one operation')
    return check({ document, operation, variables: { ...variables } })
  }
}
