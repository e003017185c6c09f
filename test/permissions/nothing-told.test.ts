import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createRateLimit, type RateLimit } from '../../src/guard/rate-limit.ts'
import { globalId } from '../support/global-id.ts'
import { startCachedApp } from '../support/start-cached-apps.ts'
import { startTestApp, type TestApp } from '../support/start-test-app.ts'
import { createSchool, type School } from './create-school.ts'

/** Rows that were taken and given back so far: what a client could work out of the headers. */
let charged = 0
let app: TestApp
let school: School

beforeAll(async () => {
  app = await startTestApp({ rateLimit: watchCharges(createRateLimit(1e9)) })
  school = await createSchool(app.rows)
})
afterAll(() => app[Symbol.asyncDispose]())

const askers = ['anonymous', 'stranger', 'teacher'] as const

/** What none of the askers may see, one of each type that has such things. */
function hiddenIds(): readonly string[] {
  const { otherDraft, otherArchived, personal } = school
  return [
    ...[otherDraft, otherArchived].flatMap(({ course, lesson }) => [course, lesson]),
    school.foreignEnrollment,
    school.foreignPayment,
    school.foreignMeeting,
    school.foreignAttendance,
    school.admin,
    ...Object.values(personal.admin),
  ]
}

/** The same id but for its key, which no row has. */
function missingLike(id: string): string {
  return globalId(typeOf(id), crypto.randomUUID())
}

function typeOf(id: string): string {
  return Buffer.from(id, 'base64url').toString().split(':')[0] ?? ''
}

/** Cheap ones: a charge above ten rows follows the time of the statements. */
const ways: Readonly<Record<string, (id: string) => string>> = {
  node: (id) => `{ node(id: "${id}") { id ... on ${typeOf(id)} { createdAt } } }`,
  nodes: (id) => `{ nodes(ids: ["${id}"]) { id } }`,
  course: (id) => `{ course(id: "${id}") { title } }`,
  user: (id) => `{ user(id: "${id}") { name email } }`,
  meeting: (id) => `{ meeting(id: "${id}") { title } }`,
  conversation: (id) => `{ conversation(id: "${id}") { title } }`,
}

describe.each(askers)('%s', (asker) => {
  test.each(Object.keys(ways))(
    'cannot tell by "%s" what is hidden from what does not exist',
    async (way) => {
      const ids = hiddenIds().filter(
        (id) => way.startsWith('node') || way === typeOf(id).toLowerCase(),
      )
      for (const id of ids) {
        const [hidden, missing] = [await ask(way, id), await ask(way, missingLike(id))]

        expect({ type: typeOf(id), ...hidden }).toEqual({ type: typeOf(id), ...missing })
        expect(hidden.data).toEqual({ [way]: way === 'nodes' ? [null] : null })
      }
      expect(ids.length).toBeGreaterThan(0)
    },
  )

  test('cannot tell a hidden course by its slug', async () => {
    const { slug } = await app.prisma.course.findUniqueOrThrow({
      where: { id: school.otherDraft.courseId },
    })
    const bySlug = (name: string) => send(`{ course(slug: "${name}") { title } }`)

    expect(await bySlug(slug)).toEqual(await bySlug('no-such-slug'))
  })

  async function ask(way: string, id: string) {
    return send(ways[way]?.(id) ?? '')
  }

  /** All that a client can see or measure of an answer, times apart. */
  async function send(document: string) {
    const before = charged
    const { status, headers, data, errors, statements } = await app.query(document, {
      as: school.people[asker],
      headers: { 'if-none-match': '*' },
    })
    // The explanation, which a developer gets, is as long as the statements.
    const names = [...headers.keys()].filter((name) => !/^(content-length|vary)$/.test(name))
    return {
      status,
      names: names.sort(),
      data,
      errors,
      statements: statements.length,
      charged: charged - before,
      etag: headers.get('etag'),
    }
  }
})

test('nor do ETags, conditions and headers for caches tell, by GET and with answers kept', async () => {
  await using cached = await startCachedApp({
    database: app.database,
    redisUrl: null,
    env: { CACHE_SHARED_SECONDS: '60' },
  })
  await cached.untilServing()
  for (const asker of askers) {
    const userId = school.people[asker]
    const token = userId === null ? {} : { authorization: `Bearer ${await app.tokenFor(userId)}` }
    const get = async (id: string, condition: Readonly<Record<string, string>> = {}) => {
      const path = `/graphql?query=${encodeURIComponent(ways.node?.(id) ?? '')}`
      const headers = { 'graphql-require-preflight': '1', ...token, ...condition }
      const response = await cached.fetch(path, { headers })
      const told = ['etag', 'cache-control', 'vary', 'age', 'content-length', 'x-cache']
      return [response.status, ...told.map((name) => response.headers.get(name))]
    }
    for (const id of hiddenIds()) {
      const [hidden, missing] = [id, missingLike(id)]
      const computed = [await get(hidden), await get(missing)]
      const kept = [await get(hidden), await get(missing)]
      const condition = { 'if-none-match': String(kept[0]?.[1]) }
      const asked = [await get(hidden, condition), await get(missing, condition)]

      for (const [one, other] of [computed, kept, asked]) {
        expect({ asker, type: typeOf(id), told: one }).toEqual({
          asker,
          type: typeOf(id),
          told: other,
        })
      }
    }
  }
})

test('a cursor of a hidden row pages as if the row did not exist', async () => {
  const draft = await app.rows.course({ status: 'DRAFT', publishedAt: '2026-01-02T03:04:05Z' })
  const { data } = await app.query('{ courses { edges { cursor node { id } } } }', {
    as: school.people.admin,
  })
  const edge = data.courses.edges.find(
    (one: { node: { id: string } }) => one.node.id === globalId('Course', draft.id),
  )
  const page = async () => {
    const document = `{ courses(first: 2, after: "${edge.cursor}") {
      totalCount pageInfo { hasNextPage hasPreviousPage } edges { cursor } } }`
    const { data: answer, errors, statements } = await app.query(document)
    return { answer, errors, statements: statements.map(({ rows }) => rows) }
  }
  const whileThere = await page()
  await app.prisma.course.delete({ where: { id: draft.id } })

  expect(await page()).toEqual(whileThere)
})

test('lists leave out in the database what may not be seen: no row of it is read', async () => {
  const { id: courseId } = await app.rows.course()
  for (let turn = 0; turn < 30; turn += 1) {
    await app.rows.course({ status: 'DRAFT' })
    await app.rows.enrollment({ courseId })
  }
  await app.rows.enrollment({ courseId, studentId: school.people.stranger })
  const course = globalId('Course', courseId)
  const read = async (document: string) => {
    const { data, statements } = await app.query(document, { as: school.people.stranger })
    return { data, rows: statements.reduce((sum, { rows }) => sum + rows, 0) }
  }
  const drafts = await read('{ courses(filter: { status: DRAFT }) { totalCount nodes { id } } }')
  const others = await read(
    `{ course(id: "${course}") { enrollments { totalCount nodes { id } } } }`,
  )

  expect(drafts).toEqual({ data: { courses: { totalCount: 0, nodes: [] } }, rows: 1 })
  expect(others.data.course.enrollments).toMatchObject({ totalCount: 1, nodes: [{}] })
  // The course, the own enrollment and the count.
  expect(others.rows).toBe(3)
})

function watchCharges(limit: RateLimit): RateLimit {
  return {
    ...limit,
    takeAtOnce(viewer, rows) {
      charged += rows
      return limit.takeAtOnce(viewer, rows)
    },
    give(viewer, rows) {
      charged -= rows
      limit.give(viewer, rows)
    },
  }
}
