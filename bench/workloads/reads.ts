import { encodeId } from '../peers/global-id.ts'
import type { Workload } from './workload.ts'

const one = (type: string, key: string) => ({ key, id: encodeId(type, key) })
const many = (type: string, keys: readonly string[]) => ({
  keys,
  ids: keys.map((key) => encodeId(type, key)),
})

const nestedFields = (count: string) => `nodes(ids: $ids) { ... on Course {
  id title teacher { name }
  enrollments(first: 10) { ${count} nodes { progress student { name } } }
  lessons(first: 5) { nodes { title position } }
} }`

const newestEnrollments = 'orderBy: [ENROLLED_AT_DESC, ROW_ID_DESC]'

const nestedInPostgraphile = (count: string) => `query ($keys: [UUID!]!) {
  nodes: benchCourses(keys: $keys) { nodes {
    id: rowId title teacher: userByTeacherId { name }
    enrollments: enrollmentsByCourseId(first: 10, ${newestEnrollments}) {
      ${count} nodes { progress student: userByStudentId { name } }
    }
    lessons: lessonsByCourseId(first: 5, orderBy: [POSITION_ASC, ROW_ID_ASC]) { nodes { title position } }
  } }
}`

interface Nodes {
  readonly nodes: { readonly nodes: readonly { readonly id: string }[] }
}

const withGlobalIds = (type: string, { nodes }: Nodes) => ({
  nodes: nodes.nodes.map((row) => (row.id ? { ...row, id: encodeId(type, row.id) } : row)),
})

const pages = Array.from({ length: 30 }, (_, index) => index + 1)

/** Rows by ids, lists, pages of relations: what every computed answer is made of. */
export const reads: Readonly<Record<string, Workload>> = {
  node: {
    query: 'query ($id: ID!) { node(id: $id) { ... on Course { id title status summary } } }',
    draw: ({ courses }) => courses.map((key) => one('Course', key)),
    postgraphile: {
      query:
        'query ($key: UUID!) { node: courseByRowId(rowId: $key) { id: rowId title status summary } }',
      read: ({ node }: { node: { id: string } }) => ({
        node: { ...node, id: encodeId('Course', node.id) },
      }),
    },
  },
  list: {
    query: '{ courses(first: 100, orderBy: TITLE) { nodes { id title slug status priceCents } } }',
    draw: () => [{}],
    postgraphile: {
      query:
        '{ nodes: allCourses(first: 100, orderBy: [TITLE_ASC, ROW_ID_ASC]) { nodes { id: rowId title slug status priceCents } } }',
      read: (data: Nodes) => ({ courses: withGlobalIds('Course', data) }),
    },
  },
  nested: {
    query: `query ($ids: [ID!]!) { ${nestedFields('totalCount')} }`,
    draw: ({ fiftyCourses }) => [many('Course', fiftyCourses)],
    postgraphile: {
      query: nestedInPostgraphile('totalCount'),
      read: (data: Nodes) => withGlobalIds('Course', data),
    },
  },
  'nested-uncounted': {
    query: `query ($ids: [ID!]!) { ${nestedFields('')} }`,
    draw: ({ fiftyCourses }) => [many('Course', fiftyCourses)],
    postgraphile: {
      query: nestedInPostgraphile(''),
      read: (data: Nodes) => withGlobalIds('Course', data),
    },
  },
  chain: {
    query:
      'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Enrollment { progress course { title teacher { name } } } } }',
    draw: ({ hundredEnrollments }) => [many('Enrollment', hundredEnrollments)],
    postgraphile: {
      query: `query ($keys: [UUID!]!) { nodes: benchEnrollments(keys: $keys) { nodes {
        progress course: courseByCourseId { title teacher: userByTeacherId { name } }
      } } }`,
      read: (data: Nodes) => withGlobalIds('Enrollment', data),
    },
  },
  deep: {
    query: `query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Course { title
      enrollments(first: 5) { nodes { progress student { name
        enrollments(first: 3) { nodes { status course { title teacher { name } } } }
      } } }
    } } }`,
    draw: ({ fiftyCourses }) => [many('Course', fiftyCourses.slice(0, 10))],
    postgraphile: {
      query: `query ($keys: [UUID!]!) { nodes: benchCourses(keys: $keys) { nodes { title
        enrollments: enrollmentsByCourseId(first: 5, ${newestEnrollments}) { nodes {
          progress student: userByStudentId { name
            enrollments: enrollmentsByStudentId(first: 3, ${newestEnrollments}) { nodes {
              status course: courseByCourseId { title teacher: userByTeacherId { name } }
            } }
          }
        } }
      } } }`,
      read: (data: Nodes) => withGlobalIds('Course', data),
    },
  },
  wide: {
    query: `query ($id: ID!) { course(id: $id) { ${pages
      .map((first) => `page${first}: enrollments(first: ${first}) { nodes { progress } }`)
      .join(' ')} } }`,
    draw: ({ fiftyCourses }) => [one('Course', fiftyCourses[0] ?? '')],
    postgraphile: {
      query: `query ($key: UUID!) { course: courseByRowId(rowId: $key) { ${pages
        .map(
          (first) =>
            `page${first}: enrollmentsByCourseId(first: ${first}, ${newestEnrollments}) { nodes { progress } }`,
        )
        .join(' ')} } }`,
    },
  },
}
