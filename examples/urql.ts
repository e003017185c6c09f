import { Client, cacheExchange, fetchExchange } from '@urql/core'
import { CourseListDocument, EnrollDocument } from 'loadline/sdk/documents'
import { show, token, url } from './connection.ts'

const client = new Client({
  url,
  exchanges: [cacheExchange, fetchExchange],
  fetchOptions: { headers: { authorization: `Bearer ${token}` } },
  preferGetMethod: false,
})

const variables = { orderBy: 'TITLE', first: 2 } as const
const { data: page } = await client.query(CourseListDocument, variables)
show(
  'titles',
  page?.courses.nodes.map(({ title }) => title),
)

const after = page?.courses.pageInfo.endCursor ?? null
const { data: next } = await client.query(CourseListDocument, { ...variables, after })
show(
  'more',
  next?.courses.nodes.map(({ title }) => title),
)

// The mutation names the types that it changed: lists that show them are asked for again.
const before = page?.courses.nodes[0]?.stats.enrollmentCount
const changed = new Promise((resolve) => {
  client.query(CourseListDocument, variables).subscribe(({ data }) => {
    const count = data?.courses.nodes[0]?.stats.enrollmentCount
    if (count !== undefined && count !== before) resolve(count)
  })
})
const courseId = page?.courses.nodes[0]?.id ?? ''
const { data } = await client.mutation(EnrollDocument, { input: { courseId } })
show('enrolled', data?.enroll?.enrollment?.status)
show('count', await changed)

const { error } = await client.mutation(EnrollDocument, { input: { courseId } })
show('again', error?.graphQLErrors[0]?.extensions.code)
process.exit()
