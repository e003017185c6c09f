import { encodeId } from '../peers/global-id.ts'
import type { Workload } from './workload.ts'

interface Keyed {
  readonly id: string
}

/**
 * The dashboard of a student in PostGraphile's schema, with the functions of `prepare.ts` for what the
 * tables alone cannot tell. Those of teachers and admins would be all functions, one for each figure:
 * that would measure SQL by hand once more, so they are left out.
 */
export const screensInPostgraphile = {
  student: {
    query: `query ($key: UUID!, $now: Datetime!) { viewer: userByRowId(rowId: $key) {
      id: rowId name avatarUrl
      activeEnrollments: enrollmentsByStudentId(first: 10, condition: { status: ACTIVE }, orderBy: [ENROLLED_AT_DESC, ROW_ID_DESC]) {
        nodes { id: rowId status progress enrolledAt updatedAt
          course: courseByCourseId { id: rowId slug title teacher: userByTeacherId { id: rowId name avatarUrl } } }
        totalCount
      }
      completed: enrollmentsByStudentId(condition: { status: COMPLETED }) { totalCount }
      averageProgress: benchAverageProgress
      creditBalance: benchCreditBalance
      upcomingMeetings: benchUpcomingMeetings(since: $now, first: 5) { nodes { id: rowId title startsAt endsAt status
        host: userByHostId { id: rowId name avatarUrl } course: courseByCourseId { id: rowId slug title } } }
      nextCalendarEvents: benchNextEvents(since: $now, first: 5) { nodes { id: rowId title startsAt endsAt
        meeting: meetingByMeetingId { id: rowId } } }
    } }`,
    variables: ({ key, byHand }) => ({ key, ...byHand }),
    read: ({ viewer }: StudentInPostgraphile) => ({
      viewer: {
        ...keyed('User', person(viewer)),
        studentDashboard: {
          activeEnrollments: {
            nodes: viewer.activeEnrollments.nodes.map((row) => ({
              ...keyed('Enrollment', row),
              course: {
                ...keyed('Course', row.course),
                teacher: keyed('User', row.course.teacher),
              },
            })),
            totalCount: viewer.activeEnrollments.totalCount,
          },
          completedCount: viewer.completed.totalCount,
          averageProgress: viewer.averageProgress,
          creditBalance: Number(viewer.creditBalance),
          upcomingMeetings: {
            nodes: viewer.upcomingMeetings.nodes.map((row) => ({
              ...keyed('Meeting', row),
              host: keyed('User', row.host),
              course: row.course && keyed('Course', row.course),
            })),
          },
          nextCalendarEvents: {
            nodes: viewer.nextCalendarEvents.nodes.map((row) => ({
              ...keyed('CalendarEvent', row),
              meeting: row.meeting && keyed('Meeting', row.meeting),
            })),
          },
        },
      },
    }),
  },
} satisfies Record<string, Workload['postgraphile']>

interface StudentInPostgraphile {
  readonly viewer: Keyed & {
    readonly name: string
    readonly avatarUrl: string | null
    readonly activeEnrollments: {
      readonly nodes: readonly (Keyed & { course: Keyed & { teacher: Keyed } })[]
      readonly totalCount: number
    }
    readonly completed: { readonly totalCount: number }
    readonly averageProgress: number
    readonly creditBalance: string
    readonly upcomingMeetings: {
      readonly nodes: readonly (Keyed & { host: Keyed; course: Keyed | null })[]
    }
    readonly nextCalendarEvents: { readonly nodes: readonly (Keyed & { meeting: Keyed | null })[] }
  }
}

function person({ id, name, avatarUrl }: StudentInPostgraphile['viewer']) {
  return { id, name, avatarUrl }
}

/** Its own columns, with the id as Loadline has it. */
function keyed(type: string, row: Keyed): object {
  const columns = Object.entries(row).filter(
    ([, value]) => value === null || typeof value !== 'object',
  )
  return { ...Object.fromEntries(columns), id: encodeId(type, row.id) }
}
