import type { Plugin } from 'graphql-yoga'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Context } from '../../src/context.ts'
import type { Asked } from '../../src/guard/viewer.ts'
import { startTestApp, type TestApp } from '../support/start-test-app.ts'
import { createSchool, type School } from './create-school.ts'

/** How much each query asks of a signed-in student, and so whom its answer could be kept for. */
const table: readonly (readonly [what: string, query: (school: School) => string, asks: Asked])[] =
  [
    [
      'an ACTIVE course',
      (s) => `{ course(id: "${s.active.course}") { title teacher { name } } }`,
      'nothing',
    ],
    [
      'its lessons and number of students',
      (s) => `{ course(id: "${s.active.course}") {
      lessons { totalCount nodes { title } } stats { enrollmentCount }
    } }`,
      'nothing',
    ],
    [
      'all ACTIVE courses',
      () =>
        '{ courses(filter: { status: ACTIVE, search: "course" }) { totalCount nodes { title } } }',
      'nothing',
    ],
    ['AI models', () => '{ aiModels { nodes { name provider { name } } } }', 'nothing'],
    ['the leaderboard', () => '{ leaderboard { nodes { rank name credits } } }', 'nothing'],
    ['everybody, which is for admins', () => '{ users { totalCount } }', 'role'],
    ['figures of the platform', () => '{ platformStats { activeCourseCount } }', 'role'],
    ['a person by id', (s) => `{ user(id: "${s.teacher}") { name } }`, 'identity'],
    ['all courses', () => '{ courses { nodes { title } } }', 'identity'],
    ['a DRAFT', (s) => `{ course(id: "${s.draft.course}") { title } }`, 'identity'],
    [
      'a lesson body',
      (s) => `{ course(id: "${s.active.course}") { lessons { nodes { body } } } }`,
      'identity',
    ],
    ['a meeting', (s) => `{ meeting(id: "${s.hosted}") { title } }`, 'identity'],
    ['oneself', () => '{ viewer { name } }', 'identity'],
  ]

let app: TestApp
let school: School
let asked: Asked | undefined

beforeAll(async () => {
  const recorder: Plugin = {
    onExecute: ({ args }) => ({
      onExecuteDone() {
        asked = (args.contextValue as unknown as Context).viewer.asked // what the app executes with
      },
    }),
  }
  app = await startTestApp({ plugins: [recorder] })
  school = await createSchool(app.rows)
})

afterAll(() => app[Symbol.asyncDispose]())

test.each(table)('%s asks no more of the viewer than it must', async (_what, query, expected) => {
  await app.query(query(school), { as: school.people.student })

  expect(asked).toBe(expected)
})

test('an admin is asked for the role alone, wherever the role decides', async () => {
  await app.query(
    `{
      course(id: "${school.draft.course}") { title lessons { nodes { body } } stats { revenueCents } }
      meeting(id: "${school.hosted}") { title attendees { nodes { user { email } } } }
      users { nodes { email profile { bio } } }
    }`,
    { as: school.people.admin },
  )

  expect(asked).toBe('role')
})
