import { ApolloClient, CombinedGraphQLErrors, HttpLink, InMemoryCache } from '@apollo/client'
import { CourseListDocument, EnrollDocument } from 'loadline/sdk/documents'
import { show, token, url } from './connection.ts'

// The documents are typed for Apollo Client as they are: data and variables need no types here.
const client = new ApolloClient({
  cache: new InMemoryCache(),
  link: new HttpLink({ uri: url, headers: { authorization: `Bearer ${token}` } }),
})

const variables = { orderBy: 'TITLE', first: 2 } as const
const { data: page } = await client.query({ query: CourseListDocument, variables })
show(
  'titles',
  page?.courses.nodes.map(({ title }) => title),
)

const { data: next } = await client.query({
  query: CourseListDocument,
  variables: { ...variables, after: page?.courses.pageInfo.endCursor ?? null },
})
show(
  'more',
  next?.courses.nodes.map(({ title }) => title),
)

// The answer of the mutation has the course's id: a list that is watched changes by itself.
const before = page?.courses.nodes[0]?.stats.enrollmentCount
const changed = new Promise((resolve) => {
  client.watchQuery({ query: CourseListDocument, variables }).subscribe(({ data }) => {
    const count = data?.courses?.nodes?.[0]?.stats?.enrollmentCount
    if (count !== undefined && count !== before) resolve(count)
  })
})
const courseId = page?.courses.nodes[0]?.id ?? ''
const { data } = await client.mutate({
  mutation: EnrollDocument,
  variables: { input: { courseId } },
})
show('enrolled', data?.enroll?.enrollment?.status)
show('count', await changed)

try {
  await client.mutate({ mutation: EnrollDocument, variables: { input: { courseId } } })
} catch (error) {
  if (!CombinedGraphQLErrors.is(error)) throw error
  show('again', error.errors[0]?.extensions?.code)
}
client.stop()
process.exit()
