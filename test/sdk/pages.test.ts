import { parse } from 'graphql'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createClient } from '../../src/sdk/client.ts'
import { ConversationDocument, CourseListDocument } from '../../src/sdk/generated/graphql.ts'
import type { TypedDocument } from '../../src/sdk/typed-document.ts'
import type { Database } from '../../src/sql/database.ts'
import { globalId } from '../support/global-id.ts'
import { startTestApp, type TestApp } from '../support/start-test-app.ts'
import { openTestDatabase } from '../support/test-databases.ts'
import { recordFetch } from './record-fetch.ts'
import { answers, serveWithTrouble, type TroubledServer } from './serve-with-trouble.ts'

const titles = Array.from({ length: 11 }, (_, index) => `Course ${String(index).padStart(2, '0')}`)
const orderBy = 'TITLE'

let database: Database
let app: TestApp
let server: TroubledServer

beforeAll(async () => {
  database = await openTestDatabase()
  app = await startTestApp({ database })
  for (const title of titles) await app.rows.course({ title })
  server = await serveWithTrouble(app.handler)
})

afterAll(async () => {
  await server?.[Symbol.asyncDispose]()
  await app?.[Symbol.asyncDispose]()
  await database?.[Symbol.asyncDispose]()
})

function connect(token?: string) {
  const { fetch, sent } = recordFetch()
  const client = createClient({
    url: server.url,
    documentIds: false,
    retryDelayMs: 20,
    fetch,
    token,
  })
  return { client, sent }
}

const titleOf = ({ title }: { readonly title: string }) => title

test('items come one by one from all pages', async () => {
  const { client, sent } = connect()
  const found: string[] = []
  for await (const course of client.pages(CourseListDocument, { orderBy, first: 4 })) {
    found.push(course.title)
  }

  expect(found).toEqual(titles)
  expect(sent).toHaveLength(3)
})

test('backward they come from the end, the pages in the order of the list', async () => {
  const { client } = connect()
  const pages = client.pages(CourseListDocument, { orderBy, last: 4 })
  const found: string[] = []
  for await (const course of pages) found.push(course.title)
  const byPage: string[][] = []
  for await (const { items } of pages.byPage()) byPage.push(items.map(titleOf))

  expect(found).toEqual(titles.toReversed())
  expect(byPage).toEqual([titles.slice(7), titles.slice(3, 7), titles.slice(0, 3)])
})

test('a document that only goes backward needs no word of it', async () => {
  const { id, userId } = await app.rows.conversation()
  const contents = ['a', 'b', 'c', 'd', 'e']
  for (const [index, content] of contents.entries()) {
    const createdAt = new Date(Date.UTC(2026, 0, 1, 0, index))
    await app.rows.message({ conversationId: id, content, createdAt })
  }
  const { client } = connect(await app.tokenFor(userId))
  const found: string[] = []
  const variables = { id: globalId('Conversation', id), last: undefined }
  for await (const page of client.pages(ConversationDocument, variables).byPage()) {
    found.push(...page.items.map(({ content }) => content))
  }

  expect(found).toEqual(contents)
})

test('a page has its counts, and the cursor at which another client goes on', async () => {
  const { client } = connect()
  const pages = client.pages(CourseListDocument, { orderBy, first: 4 })
  let after: string | undefined
  for await (const page of pages.byPage()) {
    expect(page.data.courses.totalCount).toBe(titles.length)
    expect(page.hasMore).toBe(true)
    after = page.cursor
    break
  }
  const rest: string[] = []
  const later = connect().client.pages(CourseListDocument, { orderBy, first: 4, after })
  for await (const course of later) rest.push(course.title)

  expect(rest).toEqual(titles.slice(4))
})

test('whoever stops in the middle goes on there where the document has edges', async () => {
  const document = parse(`query Edges($first: Int, $after: String) {
    courses(first: $first, after: $after, orderBy: TITLE) {
      edges { cursor node { title } }
      pageInfo { hasNextPage endCursor }
    }
  }`) as TypedDocument<Edges, { readonly first?: number; readonly after?: string | undefined }>
  const { client } = connect()
  const pages = client.pages(document, { first: 4 })
  const found: string[] = []
  for await (const { title } of pages) {
    found.push(title)
    if (found.length === 6) break
  }
  const later = client.pages(document, { first: 4, after: pages.cursor })
  for await (const { title } of later) found.push(title)

  expect(found).toEqual(titles)
})

test.for([
  { prefetch: 0, ahead: 0 },
  { prefetch: 1, ahead: 1 },
  { prefetch: -1, ahead: 0 },
  { prefetch: Number.NaN, ahead: 0 },
])(
  'while a page is looked at, a prefetch of $prefetch has asked for $ahead more',
  async ({ prefetch, ahead }) => {
    const { client, sent } = connect()
    const pages = client.pages(CourseListDocument, { orderBy, first: 2 }, { prefetch })
    const found: string[] = []
    for await (const { items } of pages.byPage()) {
      found.push(...items.map(titleOf))
      // What is under way has been sent when another answer has come back.
      await connect().client.query(CourseListDocument, { first: 1 })
      const seen = Math.ceil(found.length / 2)
      expect(sent).toHaveLength(Math.min(seen + ahead, Math.ceil(titles.length / 2)))
    }

    expect(found).toEqual(titles)
  },
)

test('a large prefetch asks for each page once', async () => {
  const { client, sent } = connect()
  const pages = client.pages(CourseListDocument, { orderBy, first: 2 }, { prefetch: 1e9 })
  const found: string[] = []
  for await (const { title } of pages) found.push(title)

  expect(found).toEqual(titles)
  expect(sent).toHaveLength(Math.ceil(titles.length / 2))
})

test('leaving early ends what is under way', async () => {
  const { client } = connect()
  const pages = client.pages(CourseListDocument, { orderBy, first: 2 }, { prefetch: 3 })
  for await (const _ of pages) break

  expect(pages.cursor).toBeUndefined()
})

test('a page that fails for the moment is asked for again, one that fails is an error', async () => {
  const { client } = connect()
  server.trouble((handler) => handler, answers(503))
  const found: string[] = []
  for await (const { title } of client.pages(CourseListDocument, { orderBy, first: 6 })) {
    found.push(title)
  }
  const broken = client.pages(CourseListDocument, { orderBy, first: 6, after: 'no cursor' })

  expect(found).toEqual(titles)
  await expect(broken.byPage().next()).rejects.toMatchObject({ code: 'INVALID_CURSOR' })
})

test('a signal ends the iteration with its reason', async () => {
  const { client } = connect()
  const leave = new AbortController()
  const pages = client.pages(CourseListDocument, { orderBy, first: 2 }, { signal: leave.signal })
  const walk = async () => {
    for await (const _ of pages) leave.abort('enough')
  }

  await expect(walk()).rejects.toBe('enough')
})

test('a list that cannot be paged says so instead of giving its first page for ever', async () => {
  const document = parse(`query Stuck($after: String = null) {
    courses(first: 2) { nodes { title } pageInfo { hasNextPage endCursor } }
    again: courses(first: 1, after: $after) { totalCount }
  }`) as TypedDocument<Stuck, Record<string, never>>
  const { client } = connect()
  const walk = async () => {
    for await (const _ of client.pages(document));
  }

  await expect(walk()).rejects.toThrow('No way to page')
})

interface PageInfo {
  readonly hasNextPage: boolean
  readonly endCursor: string | null
}

interface Stuck {
  readonly courses: { readonly nodes: readonly { title: string }[]; readonly pageInfo: PageInfo }
}

interface Edges {
  readonly courses: {
    readonly edges: readonly {
      readonly cursor: string
      readonly node: { readonly title: string }
    }[]
    readonly pageInfo: PageInfo
  }
}
