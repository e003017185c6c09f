/** Mercurius on Fastify with its just-in-time compiler and its loaders, on `pg`. */
import { readFileSync } from 'node:fs'
import Fastify from 'fastify'
import mercurius, { type MercuriusLoaders } from 'mercurius'
import { encodeId } from './global-id.ts'
import { createSql } from './sql.ts'

const sql = createSql(process.env.DATABASE_URL ?? '')
const schema = readFileSync(new URL('schema.graphql', import.meta.url), 'utf8')

interface Query<Parent, Params = unknown> {
  readonly obj: Parent
  readonly params: Params
}
type Keyed = { readonly key: string }
type Page = { readonly parent: string; readonly of: 'courseId' | 'studentId' }

const globalIds = (type: string) => async (queries: readonly Query<Keyed>[]) =>
  queries.map(({ obj }) => encodeId(type, obj.key))

const loaders = {
  Course: {
    id: globalIds('Course'),
    teacher: (queries: readonly Query<{ teacherId: string }>[]) =>
      sql.users(queries.map(({ obj }) => obj.teacherId)),
    lessons: (queries: readonly Query<Keyed, { first: number }>[]) =>
      sql.lessons(queries.map(({ obj, params }) => ({ key: obj.key, first: params.first }))),
    enrollments: (queries: readonly Query<Keyed, { first: number }>[]) =>
      sql.enrollments(
        'courseId',
        queries.map(({ obj, params }) => ({ key: obj.key, first: params.first })),
      ),
  },
  Enrollment: {
    id: globalIds('Enrollment'),
    student: (queries: readonly Query<{ studentId: string }>[]) =>
      sql.users(queries.map(({ obj }) => obj.studentId)),
    course: (queries: readonly Query<{ courseId: string }>[]) =>
      sql.courses(queries.map(({ obj }) => obj.courseId)),
  },
  User: {
    id: globalIds('User'),
    enrollments: (queries: readonly Query<Keyed, { first: number }>[]) =>
      sql.enrollments(
        'studentId',
        queries.map(({ obj, params }) => ({ key: obj.key, first: params.first })),
      ),
  },
  EnrollmentConnection: {
    totalCount: (queries: readonly Query<Page>[]) => sql.counts(queries.map(({ obj }) => obj)),
  },
}

const app = Fastify()
await app.register(mercurius, {
  schema,
  resolvers: {
    Query: {
      node: (_: unknown, { id }: { id: string }) => sql.node(id),
      nodes: (_: unknown, { ids }: { ids: readonly string[] }) => sql.nodes(ids),
      course: (_: unknown, { id }: { id: string }) => sql.node(id),
      courses: async (_: unknown, { first }: { first: number }) => ({
        nodes: await sql.firstCourses(first),
      }),
    },
    Node: { resolveType: ({ __typename }: { __typename: string }) => __typename },
  },
  loaders: loaders as unknown as MercuriusLoaders, // its type knows no parents
  jit: 1,
})
await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' })
