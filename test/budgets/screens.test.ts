import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { globalId } from '../support/global-id.ts'
import { startTestApp, type TestApp } from '../support/start-test-app.ts'
import { conversationId, fillSchool, people } from './fill-school.ts'
import { readOperation } from './read-operation.ts'

interface Screen {
  /** The SDK's operation. */
  readonly operation: string
  readonly as: string | null
  readonly variables?: Readonly<Record<string, unknown>>
  /** Statements that the screen costs, whatever there is to show. */
  readonly statements: number
  /** Rows read at most where there is one of everything, and where there are a hundred. */
  readonly rows: readonly [one: number, hundred: number]
}

const now = '2026-01-01T00:00:00Z'
const { admin, teacher, student } = people

const screens: Readonly<Record<string, Screen>> = {
  'the dashboard of a student': {
    operation: 'student-dashboard',
    as: student,
    variables: { now },
    statements: 6,
    rows: [9, 33],
  },
  'the dashboard of a teacher': {
    operation: 'teacher-dashboard',
    as: teacher,
    variables: { now },
    statements: 8,
    rows: [15, 152],
  },
  'the dashboard of an admin': {
    operation: 'admin-dashboard',
    as: admin,
    statements: 7,
    rows: [12, 29],
  },
  'the page of a course for nobody': {
    operation: 'course-page',
    as: null,
    variables: { slug: 'course-1', lessons: 100 },
    statements: 3,
    rows: [4, 103],
  },
  'the page of a course for a student': {
    operation: 'course-page',
    as: student,
    variables: { slug: 'course-1', lessons: 100 },
    statements: 4,
    rows: [5, 104],
  },
  'the page of a course for its teacher': {
    operation: 'course-page',
    as: teacher,
    variables: { slug: 'course-1', lessons: 100 },
    statements: 4,
    rows: [6, 105],
  },
  'the list of courses for nobody': {
    operation: 'course-list',
    as: null,
    variables: { first: 100 },
    statements: 3,
    rows: [3, 201],
  },
  'the list of courses by enrollments for a student': {
    operation: 'course-list',
    as: student,
    variables: { first: 100, filter: {}, orderBy: 'MOST_ENROLLED' },
    statements: 3,
    rows: [3, 201],
  },
  'the list of meetings of a student': {
    operation: 'meeting-list',
    as: student,
    variables: { first: 100 },
    statements: 5,
    rows: [6, 802],
  },
  'the list of meetings of a teacher': {
    operation: 'meeting-list',
    as: teacher,
    variables: { first: 100 },
    statements: 5,
    rows: [6, 802],
  },
  'a conversation': {
    operation: 'conversation',
    as: student,
    variables: { id: globalId('Conversation', conversationId), last: 100 },
    statements: 3,
    rows: [3, 102],
  },
  'the leaderboard': {
    operation: 'leaderboard',
    as: null,
    variables: { first: 100 },
    statements: 3,
    rows: [9, 202],
  },
}

let small: TestApp
let large: TestApp

beforeAll(async () => {
  small = await startTestApp()
  await fillSchool(small.database, 1)
  large = await startTestApp()
  await fillSchool(large.database, 100)
})

afterAll(async () => {
  await small[Symbol.asyncDispose]()
  await large[Symbol.asyncDispose]()
})

describe('as many statements for a hundred parents as for one, and no more rows than shown:', () => {
  test.for(Object.entries(screens))('%s', async ([_, screen]: [string, Screen]) => {
    const one = await measure(small, screen)
    const hundred = await measure(large, screen)

    expect([one.statements, hundred.statements]).toEqual([screen.statements, screen.statements])
    expect(one.rows).toBeLessThanOrEqual(screen.rows[0])
    expect(hundred.rows).toBeLessThanOrEqual(screen.rows[1])
  })
})

test('every screen runs as a compiled function', async () => {
  await using app = await startTestApp({
    database: small.database,
    compiledExecution: { compileAfter: 0 },
  })
  for (const [name, { operation, as, variables = {} }] of Object.entries(screens)) {
    const { extensions } = await app.query(readOperation(operation), { as, variables })
    expect(extensions?.loadline?.compiled, name).toBe(true)
  }
})

// `npm run budgets` records them, for production to watch.
test('budgets.json has the most statements that each operation runs', async () => {
  const budgets: Record<string, number> = {}
  for (const screen of Object.values(screens)) {
    const [, name = ''] = /^query (\w+)/m.exec(readOperation(screen.operation)) ?? []
    const { statements } = await measure(large, screen)
    budgets[name] = Math.max(budgets[name] ?? 0, statements)
  }
  const sorted = Object.fromEntries(Object.entries(budgets).sort(([a], [b]) => (a < b ? -1 : 1)))

  await expect(`${JSON.stringify(sorted, null, 2)}\n`).toMatchFileSnapshot('../../budgets.json')
})

async function measure(app: TestApp, { operation, as, variables = {} }: Screen) {
  const { errors, statements } = await app.query(readOperation(operation), { as, variables })
  expect(errors).toBeUndefined()
  const rows = statements.reduce((sum, statement) => sum + statement.rows, 0)
  return { statements: statements.length, rows }
}
