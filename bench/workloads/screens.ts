import { readDocuments } from '../mix/documents.ts'
import { screensInPostgraphile } from './screens-in-postgraphile.ts'
import type { Variables, Workload } from './workload.ts'

/** The clock of all who look at dashboards. */
const now = '2026-11-01T12:00:00.000000Z'

const documents = readDocuments()

/** The dashboards as the SDK asks for them, and what is typed into a search box. */
export const screens: Readonly<Record<string, Workload>> = {
  'student-dashboard': {
    query: documents.get('StudentDashboard') ?? '',
    draw: ({ students }) => students.map((id) => seenBy(id, { now })),
    postgraphile: screensInPostgraphile.student,
  },
  'teacher-dashboard': {
    query: documents.get('TeacherDashboard') ?? '',
    draw: ({ teachers }) => teachers.map((id) => seenBy(id, { now })),
    postgraphile: null,
  },
  'admin-dashboard': {
    query: documents.get('AdminDashboard') ?? '',
    draw: ({ admin }) => [seenBy(admin, {})],
    postgraphile: null,
  },
  search: {
    query:
      'query ($search: String!) { courses(first: 20, filter: { search: $search }, orderBy: TITLE) { nodes { id title slug } } }',
    draw: ({ words }) => words.map((search) => ({ more: { search }, byHand: { search } })),
    postgraphile: null,
  },
}

function seenBy(viewer: string, more: Readonly<Record<string, unknown>>): Variables {
  return { viewer, key: viewer, more, byHand: more }
}
