import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TalliedStatement } from '../../src/sql/tally.ts'
import { globalId } from '../support/global-id.ts'
import { startTestApp, type TestApp } from '../support/start-test-app.ts'

let app: TestApp
let course: { readonly id: string; readonly slug: string }
let student: { readonly id: string }
let lesson: { readonly id: string }

beforeAll(async () => {
  app = await startTestApp()
  course = await app.rows.course({ slug: 'stars', title: 'Stars' })
  lesson = await app.rows.lesson({ courseId: course.id })
  student = await app.rows.user()
  await app.rows.enrollment({ courseId: course.id, studentId: student.id })
})

afterAll(() => app[Symbol.asyncDispose]())

/** The columns of rows that a statement gives back; of its own table, or of joined ones too. */
function columnsOf({ sql }: TalliedStatement, alias = '[tr]'): readonly string[] {
  const list = /^SELECT (.*?) FROM /.exec(sql)?.[1] ?? ''
  return [...list.matchAll(new RegExp(`(?<!\\w)${alias}\\."(\\w+)"`, 'g'))].map(
    (match) => `${match[1]}`,
  )
}

async function statementsOf(document: string, variables: Readonly<Record<string, unknown>> = {}) {
  const { errors, statements } = await app.query(document, { as: student, variables })
  expect(errors).toBeUndefined()
  return statements
}

/** The columns of the rows that were read for one field, by one statement. */
async function columnsRead(
  document: string,
  path: string,
  variables: Readonly<Record<string, unknown>> = {},
): Promise<readonly string[]> {
  const statements = await statementsOf(document, variables)
  const [columns = [], ...others] = statements
    .filter(({ paths }) => paths.includes(path))
    .map((statement) => columnsOf(statement))
    .filter((list) => list.length > 0)
  expect(others).toEqual([])
  return columns
}

describe('long texts', () => {
  const ways: Readonly<Record<string, string>> = {
    'a course by its slug': '{ course(slug: "stars") { title summary } }',
    'the node of a course': `{ node(id: "ID") { id ... on Course { title } } }`,
    'nodes of courses and lessons':
      '{ nodes(ids: ["ID", "LESSON"]) { id ... on Course { title } ... on Lesson { title } } }',
    'a list of courses': '{ courses { totalCount nodes { title teacher { name } } } }',
    'edges of courses': '{ courses { edges { cursor node { slug } } } }',
    'a list by title': '{ courses(orderBy: TITLE) { edges { cursor } } }',
    'a list by the number of enrollments':
      '{ courses(orderBy: MOST_ENROLLED) { edges { cursor node { title } } } }',
    'courses found by a word': '{ courses(filter: { search: "star" }) { nodes { title } } }',
    'lessons of a course': '{ course(slug: "stars") { lessons { nodes { title position } } } }',
    'courses and lessons joined to others':
      '{ viewer { enrollments { nodes { course { title lessons { nodes { id course { slug } } } } } } } }',
    'figures of a course': '{ course(slug: "stars") { stats { enrollmentCount } } }',
    'a field that is skipped':
      'query ($long: Boolean = false) { course(slug: "stars") { title description @include(if: $long) lessons { nodes { title body @skip(if: true) } } } }',
    'a fragment that is not included':
      'query ($long: Boolean = false) { course(slug: "stars") { title ...Long @include(if: $long) } } fragment Long on Course { description }',
    'a fragment on another type':
      '{ node(id: "LESSON") { ... on Course { description } ... on Lesson { title } } }',
  }

  test.for(Object.entries(ways))('are not read for %s', async ([_, document]) => {
    const statements = await statementsOf(withIds(document))
    const columns = statements.flatMap((statement) => columnsOf(statement, '\\w+'))
    expect(columns).not.toContain('description')
    expect(columns).not.toContain('body')
    for (const { sql } of statements) {
      expect(sql).not.toMatch(/SELECT[^()]*"(description|body)"/)
    }
  })

  test('are read where they are asked for', async () => {
    const document = withIds(
      '{ course(slug: "stars") { description lessons { nodes { body } } } node(id: "LESSON") { ... on Lesson { body } } }',
    )
    const columns = (await statementsOf(document)).flatMap((statement) => columnsOf(statement))
    expect(columns.filter((name) => name === 'description')).toHaveLength(1)
    expect(columns.filter((name) => name === 'body')).toHaveLength(2)
  })

  function withIds(document: string): string {
    return document
      .replaceAll('"ID"', `"${globalId('Course', course.id)}"`)
      .replaceAll('"LESSON"', `"${globalId('Lesson', lesson.id)}"`)
  }
})

describe('the columns that are read', () => {
  test('are those of all names and fragments that ask for a row, each once', async () => {
    const columns = await columnsRead(
      `{
        course(slug: "stars") { title ...A }
        other: course(slug: "stars") { currency ... on Node { id } ... { ...B } }
      }
      fragment A on Course { priceCents ...B }
      fragment B on Course { summary title }`,
      'course',
    )
    const asked = ['title', 'slug', 'summary', 'priceCents', 'currency']
    expect(columns.toSorted()).toEqual([...asked, 'id', 'status', 'teacherId'].toSorted())
  })

  test('of a page are those of its nodes and of its edges together', async () => {
    const columns = await columnsRead(
      '{ courses { nodes { title } edges { node { slug } } again: edges { node { s: summary } } } }',
      'courses',
    )
    expect(columns).toEqual(['id', 'title', 'slug', 'summary'])
  })

  test('of pages under several names are those of all of them', async () => {
    const columns = await columnsRead(
      '{ courses { nodes { title } } two: courses(first: 2) { nodes { currency } } }',
      'courses',
    )
    expect(columns).toEqual(['id', 'title', 'currency'])
  })

  test('follow @include and @skip of the field and of what is around it', async () => {
    const document = `query ($a: Boolean!, $b: Boolean!) {
      courses {
        nodes @include(if: $a) { title summary @skip(if: $b) }
        edges @skip(if: $a) { node { slug } }
      }
    }`
    const read = (a: boolean, b: boolean) => columnsRead(document, 'courses', { a, b })
    expect(await read(true, true)).toEqual(['id', 'title'])
    expect(await read(true, false)).toEqual(['id', 'title', 'summary'])
    expect(await read(false, true)).toEqual(['id', 'slug'])
  })

  test('of a computed figure are those that it says it is made of', async () => {
    const columns = await columnsRead(
      '{ courses { nodes { stats { enrollmentCount } } } }',
      'courses',
    )
    // The status decides whether the number is public, the teacher who else may read it.
    expect(columns).toEqual(['id', 'teacherId', 'status'])
  })

  test('of a count are none', async () => {
    const [statement, ...others] = await statementsOf('{ courses { totalCount } }')
    expect(others).toEqual([])
    expect(statement && columnsOf(statement, '\\w+')).toEqual([])
    expect(statement?.rows).toBe(1)
  })

  test('of a page that only says whether it goes on are its keys', async () => {
    const columns = await columnsRead('{ courses { pageInfo { hasNextPage } } }', 'courses')
    expect(columns).toEqual(['id'])
  })

  test('of __typename alone are the keys and what decides who sees the row', async () => {
    const columns = await columnsRead('{ course(slug: "stars") { __typename } }', 'course')
    expect(columns).toEqual(['id', 'teacherId', 'slug', 'status'])
  })
})
