/**
 * Yoga with Pothos and its Prisma plugin as documented: `t.relation`, `t.relatedConnection`, `t.prismaField`.
 * PRISMA_VARIANT says whether the client has the preview feature `relationJoins`. With REDIS_URL it has
 * the stock response cache, on its own Redis store, as both say.
 */
import { createServer } from 'node:http'
import { createRedisCache } from '@envelop/response-cache-redis'
import { useResponseCache } from '@graphql-yoga/plugin-response-cache'
import SchemaBuilder from '@pothos/core'
import PrismaPlugin from '@pothos/plugin-prisma'
import RelayPlugin from '@pothos/plugin-relay'
import { PrismaPg } from '@prisma/adapter-pg'
import { createYoga } from 'graphql-yoga'
import { Redis } from 'ioredis'
import { decodeId, encodeId } from './global-id.ts'
import { addStudentDashboard } from './pothos-student.ts'
import { addWrites } from './pothos-writes.ts'

const variant = process.env.PRISMA_VARIANT ?? 'include'
const { PrismaClient } = await import(`../generated/${variant}/client/client.ts`)
const { getDatamodel } = await import(`../generated/${variant}/pothos.ts`)
const prisma = new PrismaClient({
  adapter: new PrismaPg({ connectionString: process.env.DATABASE_URL, max: 10 }),
})

// The two clients have one type each, which only the run knows.
// biome-ignore lint/suspicious/noExplicitAny: see above.
const builder: any = new SchemaBuilder<any>({
  plugins: [PrismaPlugin, RelayPlugin],
  relay: {
    encodeGlobalID: (type: string, id: unknown) => encodeId(type, String(id)),
    decodeGlobalID: (id: string) => ({ typename: decodeId(id).type, id: decodeId(id).key }),
    // As Loadline's connections have it.
    nodesOnConnection: true,
  },
  prisma: { client: prisma, dmmf: getDatamodel() },
} as never)

// biome-ignore lint/suspicious/noExplicitAny: as the builder.
type Fields = any

builder.scalarType('DateTime', {
  serialize: (value: Date) => value.toISOString(),
  parseValue: (value: unknown) => new Date(String(value)),
})
const newest = [{ enrolledAt: 'desc' }, { id: 'desc' }]

builder.prismaNode('User', {
  id: { field: 'id' },
  fields: (t: Fields) => ({
    name: t.exposeString('name'),
    avatarUrl: t.exposeString('avatarUrl', { nullable: true }),
    enrollments: t.relatedConnection('enrollments', {
      cursor: 'id',
      totalCount: true,
      query: { orderBy: newest },
    }),
  }),
})
builder.prismaNode('Course', {
  id: { field: 'id' },
  fields: (t: Fields) => ({
    title: t.exposeString('title'),
    slug: t.exposeString('slug'),
    summary: t.exposeString('summary'),
    description: t.exposeString('description'),
    currency: t.exposeString('currency'),
    status: t.exposeString('status'),
    priceCents: t.exposeInt('priceCents'),
    teacher: t.relation('teacher'),
    enrollments: t.relatedConnection('enrollments', {
      cursor: 'id',
      totalCount: true,
      query: { orderBy: newest },
    }),
    lessons: t.relatedConnection('lessons', {
      cursor: 'id',
      query: { orderBy: [{ position: 'asc' }, { id: 'asc' }] },
    }),
  }),
})
builder.prismaNode('Enrollment', {
  id: { field: 'id' },
  fields: (t: Fields) => ({
    progress: t.exposeFloat('progress'),
    enrolledAt: t.expose('enrolledAt', { type: 'DateTime' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime' }),
    status: t.exposeString('status'),
    course: t.relation('course'),
    student: t.relation('student'),
  }),
})
builder.prismaObject('Lesson', {
  fields: (t: Fields) => ({ title: t.exposeString('title'), position: t.exposeInt('position') }),
})
const CourseFilter = builder.inputType('CourseFilter', {
  fields: (t: Fields) => ({ search: t.string({ required: true }) }),
})
const CourseOrder = builder.enumType('CourseOrder', { values: ['TITLE'] })
builder.queryType({
  fields: (t: Fields) => ({
    course: t.prismaField({
      type: 'Course',
      nullable: true,
      args: { id: t.arg.id({ required: true }) },
      resolve: (query: object, _: unknown, { id }: { id: string }) =>
        prisma.course.findUnique({ ...query, where: { id: decodeId(id).key } }),
    }),
    courses: t.prismaConnection({
      type: 'Course',
      cursor: 'id',
      maxSize: 100,
      args: {
        filter: t.arg({ type: CourseFilter }),
        orderBy: t.arg({ type: CourseOrder, required: true }),
      },
      resolve: (query: object, _: unknown, { filter }: { filter?: { search: string } | null }) =>
        prisma.course.findMany({
          ...query,
          ...(filter && { where: contains(filter.search) }),
          orderBy: [{ title: 'asc' }, { id: 'asc' }],
        }),
    }),
  }),
})
addStudentDashboard(builder, prisma)
addWrites(builder, prisma)

function contains(text: string): object {
  const found = { contains: text, mode: 'insensitive' }
  return { OR: [{ title: found }, { summary: found }] }
}

const { REDIS_URL } = process.env
const session = (request: Request) => request.headers.get('authorization')
const plugins = REDIS_URL
  ? [useResponseCache({ session, cache: createRedisCache({ redis: new Redis(REDIS_URL) }) })]
  : []

const yoga = createYoga({
  schema: builder.toSchema(),
  graphiql: false,
  landingPage: false,
  logging: false,
  cors: false,
  maskedErrors: false,
  plugins,
  context: ({ request }) => ({ viewer: request.headers.get('x-viewer') }),
})
createServer(yoga).listen(Number(process.env.PORT), '127.0.0.1')
