import { GraphQLList, GraphQLObjectType, GraphQLSchema, GraphQLString } from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Context } from '../../src/context.ts'
import { datamodel } from '../../src/generated/datamodel.ts'
import { getModel } from '../../src/sql/datamodel.ts'
import { createStatement } from '../../src/sql/statements.ts'
import { createTally } from '../../src/sql/tally.ts'
import { startTestApp, type TestApp } from '../support/start-test-app.ts'

let app: TestApp
let student: { readonly id: string }
let admin: { readonly id: string }

beforeAll(async () => {
  app = await startTestApp()
  const course = await app.rows.course()
  const other = await app.rows.course()
  student = await app.rows.user()
  admin = await app.rows.admin()
  for (const { id } of [course, other]) {
    await app.rows.lesson({ courseId: id })
    await app.rows.lesson({ courseId: id })
    await app.rows.enrollment({ courseId: id, studentId: student.id })
  }
})

afterAll(() => app[Symbol.asyncDispose]())

const document = '{ courses { nodes { lessons(first: 1) { nodes { title } } } } }'

describe('an explanation', () => {
  test('tells each statement with its rows, its batch, its time and the fields that asked', async () => {
    const { extensions, statements } = await app.query(
      '{ courses { totalCount nodes { a: lessons(first: 1) { nodes { title } } b: lessons { nodes { title } } } } }',
    )

    expect(statements.map(({ paths, rows, batch }) => ({ paths, rows, batch }))).toEqual(
      expect.arrayContaining([
        { paths: ['courses.totalCount'], rows: 1, batch: 1 },
        { paths: ['courses'], rows: 2, batch: 1 },
        // Two lessons of each course twice: the one beyond the page was read too.
        { paths: ['courses.nodes.a', 'courses.nodes.b'], rows: 8, batch: 4 },
      ]),
    )
    expect(statements).toHaveLength(3)
    expect(statements.map(({ sql }) => sql).join()).toContain('FROM "Lesson" t')
    expect(statements.every(({ ms }) => ms > 0)).toBe(true)
    const { rowsRead, sqlMs } = extensions?.loadline ?? { rowsRead: 0, sqlMs: 0 }
    expect(rowsRead).toBe(11)
    expect(sqlMs).toBeCloseTo(statements.reduce((sum, { ms }) => sum + ms, 0))
  })

  test('holds the statement that finds who asks, which no field asked for', async () => {
    const { extensions } = await app.query('{ viewer { id } }', { as: student })
    const [first, ...others] = extensions?.loadline?.statements ?? []
    expect(first).toMatchObject({ paths: [], rows: 1, batch: 0 })
    expect(others).toHaveLength(1)
  })

  test('says whether the operation ran as a compiled function, from the fourth time on', async () => {
    const runs = []
    for (let n = 0; n < 5; n += 1) {
      const { extensions } = await app.query('{ courses { totalCount } }')
      runs.push(extensions?.loadline?.compiled)
    }
    expect(runs).toEqual([false, false, false, true, true])
  })

  test('says that a compiled run which ended in errors was interpreted, and what both cost', async () => {
    await using other = await startTestApp({
      database: app.database,
      compiledExecution: { compileAfter: 0 },
    })
    const ask = () => other.query('{ courses { totalCount } user(id: "x") { id } }')
    const first = await ask()
    expect(first.errors).toHaveLength(1)
    expect(first.extensions?.loadline?.compiled).toBe(false)
    expect(first.statements).toHaveLength(2)
    expect((await ask()).statements).toHaveLength(1)
  })

  test('counts the same rows and statements for a compiled run as for an interpreted one', async () => {
    const [first, ...others] = await Promise.all(
      Array.from({ length: 6 }, () => app.query(document)),
    )
    const figures = (result: typeof first) =>
      result?.statements.map(({ sql, rows, batch, paths }) => ({ sql, rows, batch, paths }))
    for (const other of others) expect(figures(other)).toEqual(figures(first))
    expect(others.at(-1)?.extensions?.loadline?.compiled).toBe(true)
  })

  test('is given only when asked for; in production only to admins', async () => {
    const unasked = await app.query(document, { headers: { 'loadline-explain': '0' } })
    expect(unasked.extensions).toBeUndefined()

    await using production = await startTestApp({
      database: app.database,
      env: { NODE_ENV: 'production' },
    })
    expect((await production.query(document, { as: student })).extensions).toBeUndefined()
    expect((await production.query(document)).extensions).toBeUndefined()
    const { extensions } = await production.query(document, { as: admin })
    expect(extensions?.loadline).toMatchObject({ rowsRead: 7, compiled: false })
  })
})

/** Finds people one after the other, as a resolver does that awaits in a loop. */
const careless = new GraphQLSchema({
  query: new GraphQLObjectType<unknown, Context>({
    name: 'Query',
    fields: {
      names: {
        type: new GraphQLList(GraphQLString),
        args: { ids: { type: new GraphQLList(GraphQLString) } },
        async resolve(_, { ids }, { loaders }, info) {
          const needs = { columns: new Set(['name']), joins: new Map() }
          const plan = { model: getModel(datamodel, 'User'), key: ['id'], needs }
          const names = []
          for (const id of ids) {
            const row = await loaders.findRow({ plan, values: [id], asker: info })
            names.push(row?.name)
          }
          return names
        },
      },
    },
  }),
})

describe('the guard against N+1', () => {
  const ask = (asked: TestApp, count: number) =>
    asked.query('query ($ids: [String]) { people: names(ids: $ids) }', {
      variables: { ids: Array.from({ length: count }, () => crypto.randomUUID()) },
    })

  test('fails an operation that runs one statement more than three times for a field, and names it', async () => {
    await using development = await startTestApp({ schema: careless, database: app.database })

    const three = await ask(development, 3)
    expect(three.errors).toBeUndefined()
    expect(three.statements).toHaveLength(3)

    const four = await ask(development, 4)
    expect(four.data).toEqual({ people: null })
    expect(four.errors).toMatchObject([
      { path: ['people'], extensions: { code: 'INTERNAL_SERVER_ERROR' } },
    ])
    const [line] = development.logged.filter(({ level }) => level === 50)
    expect(JSON.stringify(line)).toContain(
      'N+1: \\"people\\" ran the same statement 4 times in one operation: SELECT t.',
    )
  })

  test('is off in production, where a slow answer is better than none', async () => {
    await using production = await startTestApp({
      schema: careless,
      database: app.database,
      env: { NODE_ENV: 'production' },
    })
    const { data, errors } = await ask(production, 10)
    expect(errors).toBeUndefined()
    expect(data.people).toHaveLength(10)
  })

  test('lets other fields run the same statement as often', () => {
    const tally = createTally({ watchesShapes: true })
    const statement = createStatement('SELECT 1')
    const figures = { ms: 1, rows: 1, batch: 1 }
    for (const path of ['a', 'b', 'c', 'd', 'e']) {
      tally.record(statement, { ...figures, paths: [path] })
      tally.record(statement, { ...figures, paths: [path] })
      tally.record(statement, { ...figures, paths: [path] })
    }
    expect(tally.rowsRead).toBe(15)
    expect(() => tally.record(statement, { ...figures, paths: ['c'] })).toThrow(/^N\+1: "c" ran/)
  })
})
