import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type QueryResult, startTestApp, type TestApp } from '../support/start-test-app.ts'
import { createSchool, type School } from './create-school.ts'
import { type Answer, course, lessonBody, node, sections } from './permission-table.ts'

let app: TestApp
let school: School

beforeAll(async () => {
  app = await startTestApp()
  school = await createSchool(app.rows)
})

afterAll(() => app[Symbol.asyncDispose]())

describe.each(sections)('%s', (_section, rows) => {
  describe.each(rows)('%s', (_what, query, anonymous, student, teacher, admin) => {
    test.each(Object.entries({ anonymous, student, teacher, admin }))(
      '%s is answered %s',
      async (who, expected) => {
        const as = school.people[who as keyof School['people']] // the four keys above
        const result = await app.query(query(school), { as })

        expect(result.status).toBe(200)
        expect(answerOf(result, expected)).toBe(expected)
      },
    )
  })
})

describe('a student who has left', () => {
  const formerStudent = () => ({ as: school.people.formerStudent })

  test('keeps the enrollment, not the text of the lessons', async () => {
    const enrollment = await app.query(node(school.leftEnrollment, '__typename'), formerStudent())
    const lesson = await app.query(lessonBody(school.active.lesson), formerStudent())

    expect(answerOf(enrollment, 'yes')).toBe('yes')
    expect(answerOf(lesson, 'yes')).toBe('FORBIDDEN')
  })

  test('does not see an ARCHIVED course any more, neither by its id nor through the enrollment', async () => {
    const byId = await app.query(course(school.archived.course, 'title'), formerStudent())
    const { data, errors } = await app.query(
      '{ viewer { enrollments { nodes { status course { status } } } } }',
      formerStudent(),
    )

    expect(answerOf(byId, 'null')).toBe('null')
    expect(errors).toBeUndefined()
    expect(data.viewer.enrollments.nodes).toEqual([
      { status: 'CANCELLED', course: null },
      { status: 'CANCELLED', course: { status: 'ACTIVE' } },
    ])
  })
})

test('a person reached through a row that is seen shows the name and keeps the rest', async () => {
  const { data, errors } = await app.query(course(school.active.course, 'teacher { name email }'))

  expect(data.course.teacher).toEqual({ name: expect.any(String), email: null })
  expect(errors).toMatchObject([
    { path: ['course', 'teacher', 'email'], extensions: { code: 'FORBIDDEN' } },
  ])
})

test('a place on the leaderboard says a name, a rank and credits and nothing else', async () => {
  const { data } = await app.query('{ __type(name: "LeaderboardEntry") { fields { name } } }')

  const names = data.__type.fields.map(({ name }: { name: string }) => name).sort()
  expect(names).toEqual(['credits', 'name', 'rank'])
})

test('what does not exist is answered like what may not be seen', async () => {
  const { data, errors } = await app.query(
    `{ hidden: course(id: "${school.draft.course}") { title } missing: course(slug: "nowhere") { title } }`,
  )

  expect(errors).toBeUndefined()
  expect(data).toEqual({ hidden: null, missing: null })
})

/** Follows the only field at each level to what was asked for. */
function answerOf({ data, errors }: QueryResult, expected: Answer): unknown {
  const value = innermost(data)
  if (errors) {
    expect(errors).toHaveLength(1)
    expect(value).toBeNull()
    return errors[0]?.extensions.code
  }
  if (value === null) return 'null'
  return expected === 'yes' ? 'yes' : value
}

function innermost(value: unknown): unknown {
  if (Array.isArray(value)) return value.length
  if (typeof value !== 'object' || value === null) return value
  return innermost(Object.values(value)[0])
}
