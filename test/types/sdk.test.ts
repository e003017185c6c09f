import { describe, expectTypeOf, test } from 'vitest'
import { createClient, type Result } from '../../src/sdk/client.ts'
import type { ErrorCode, LoadlineError } from '../../src/sdk/client-error.ts'
import type { DateTime } from '../../src/sdk/date-time.ts'
import {
  AiModelsDocument,
  type CourseCardFragment,
  CourseListDocument,
  type CourseListQuery,
  CoursePageDocument,
  type CourseStatus,
  EnrollDocument,
  LessonPageDocument,
  StudentDashboardDocument,
  ViewerDocument,
} from '../../src/sdk/generated/graphql.ts'
import { createOperations } from '../../src/sdk/generated/operations.ts'

const client = createClient({ url: 'http://localhost/graphql' })
const operations = createOperations(client)

/** Only its types are looked at: it is never called. */
function uncalled(_: () => unknown): void {}

describe('variables', () => {
  test('can be left out only if all of them can', () => {
    uncalled(() => client.query(ViewerDocument))
    uncalled(() => client.query(CourseListDocument))
    uncalled(() => client.query(CourseListDocument, { first: 5, orderBy: 'TITLE' }))
    // @ts-expect-error a course page needs a slug
    uncalled(() => client.query(CoursePageDocument))
    // @ts-expect-error the slug is missing
    uncalled(() => client.query(CoursePageDocument, { lessons: 5 }))
    // @ts-expect-error so it is in the method of the operation
    uncalled(() => operations.coursePage())
  })

  test('have the types of the schema', () => {
    // @ts-expect-error no such variable
    uncalled(() => client.query(CourseListDocument, { limit: 5 }))
    // @ts-expect-error a number
    uncalled(() => client.query(CourseListDocument, { first: '5' }))
    // @ts-expect-error no such order
    uncalled(() => client.query(CourseListDocument, { orderBy: 'OLDEST' }))
    // @ts-expect-error the input must name a course
    uncalled(() => client.mutate(EnrollDocument, { input: {} }))
    // @ts-expect-error any text might not be a time
    uncalled(() => client.query(StudentDashboardDocument, { now: 'yesterday' }))
  })
})

describe('an answer', () => {
  type Data<Call extends (...args: never[]) => Promise<Result<unknown>>> = Awaited<
    ReturnType<Call>
  >['data']
  type Page = NonNullable<Data<typeof operations.coursePage>['course']>

  test('has the fields that were asked for, and no others', () => {
    expectTypeOf<Page['lessons']['nodes'][number]['position']>().toEqualTypeOf<number>()
    // @ts-expect-error the body of a lesson is not on the page of the course
    expectTypeOf<Page['lessons']['nodes'][number]['body']>().toBeString()
    uncalled(async () => {
      const { data } = await client.query(ViewerDocument)
      // @ts-expect-error no such field
      return data.viewer?.password
    })
  })

  test('is null where the schema says so, and only there', () => {
    expectTypeOf<Data<typeof operations.coursePage>['course']>().toBeNullable()
    expectTypeOf<Page['publishedAt']>().toEqualTypeOf<DateTime | null>()
    expectTypeOf<Page['title']>().toEqualTypeOf<string>()
    expectTypeOf<Page['stats']['enrollmentCount']>().toEqualTypeOf<number | null>()
    uncalled(async () => {
      const { data } = await client.query(ViewerDocument)
      // @ts-expect-error nobody may be signed in
      return data.viewer.name
    })
  })

  test('has enums as unions, times as their own kind of text, and named fragments', () => {
    expectTypeOf<CourseStatus>().toEqualTypeOf<'ACTIVE' | 'ARCHIVED' | 'DRAFT'>()
    expectTypeOf<DateTime>().toExtend<string>()
    expectTypeOf<string>().not.toExtend<DateTime>()
    expectTypeOf<CourseListQuery['courses']['nodes'][number]>().toExtend<CourseCardFragment>()
  })

  test('is narrowed by __typename', () => {
    type Node = NonNullable<Data<typeof operations.lessonPage>['node']>
    type Lesson = Extract<Node, { readonly __typename: 'Lesson' }>

    expectTypeOf<Lesson['body']>().toEqualTypeOf<string | null>()
    uncalled(async () => {
      const { data } = await client.query(LessonPageDocument, { id: 'x' })
      if (data.node?.__typename === 'Lesson') return data.node.body
      // @ts-expect-error only a lesson has one
      return data.node?.body
    })
  })
})

describe('pages', () => {
  test('give the items of the list', () => {
    const pages = () => client.pages(CourseListDocument, { first: 5 })
    type Item = ReturnType<typeof pages> extends AsyncIterable<infer T> ? T : never

    expectTypeOf<Item['title']>().toEqualTypeOf<string>()
    expectTypeOf<Item>().toEqualTypeOf<CourseListQuery['courses']['nodes'][number]>()
    uncalled(() => client.pages(AiModelsDocument, { enabledOnly: false }, { prefetch: 2 }))
  })

  test('need a list with pageInfo', () => {
    // @ts-expect-error there is none
    uncalled(() => client.pages(ViewerDocument))
    // @ts-expect-error its list of lessons has no pageInfo
    uncalled(() => client.pages(CoursePageDocument, { slug: 'x' }))
  })
})

test('codes are known, and others possible', () => {
  expectTypeOf<'CONFLICT'>().toExtend<ErrorCode>()
  expectTypeOf<LoadlineError['code']>().toEqualTypeOf<ErrorCode>()
  uncalled(() => ({}) as LoadlineError['code'] satisfies string)
})
