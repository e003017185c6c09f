import { InfiniteQueryObserver, MutationObserver, QueryClient } from '@tanstack/query-core'
import { createClient, LoadlineError } from 'loadline/sdk'
import {
  CourseListDocument,
  EnrollDocument,
  type EnrollMutationVariables,
} from 'loadline/sdk/documents'
import { show, token, url } from './connection.ts'

const loadline = createClient({ url, token })
const queries = new QueryClient({
  // The client itself repeats what may be repeated, and knows what may not.
  defaultOptions: { queries: { retry: false } },
})

// What `useInfiniteQuery` and `useMutation` of the adapters for React, Vue and others take.
const courses = new InfiniteQueryObserver(queries, {
  queryKey: ['courses'],
  initialPageParam: null as string | null,
  queryFn: async ({ pageParam, signal }) => {
    const variables = { orderBy: 'TITLE', first: 2, after: pageParam } as const
    return (await loadline.query(CourseListDocument, variables, { signal })).data.courses
  },
  getNextPageParam: ({ pageInfo }) => (pageInfo.hasNextPage ? pageInfo.endCursor : undefined),
})
const enroll = new MutationObserver(queries, {
  mutationFn: (variables: EnrollMutationVariables) => loadline.mutate(EnrollDocument, variables),
  onSuccess: () => queries.invalidateQueries({ queryKey: ['courses'] }),
})

const stop = courses.subscribe(() => {})
const { data: first } = await courses.refetch()
show(
  'titles',
  first?.pages[0]?.nodes.map(({ title }) => title),
)

const { data: both } = await courses.fetchNextPage()
show(
  'more',
  both?.pages[1]?.nodes.map(({ title }) => title),
)

const courseId = first?.pages[0]?.nodes[0]?.id ?? ''
const { data } = await enroll.mutate({ input: { courseId } })
show('enrolled', data.enroll?.enrollment?.status)
show('count', courses.getCurrentResult().data?.pages[0]?.nodes[0]?.stats.enrollmentCount)

try {
  await enroll.mutate({ input: { courseId } })
} catch (error) {
  if (!(error instanceof LoadlineError)) throw error
  show('again', error.code)
}
stop()
queries.clear()
