/**
 * Yoga with Pothos and its Prisma plugin as documented: `t.relation`, `t.relatedConnection`, `t.prismaField`.
 * PRISMA_VARIANT says whether the client has the preview feature `relationJoins`.
 */
import { createServer } from 'node:http'
import SchemaBuilder from '@pothos/core'
import PrismaPlugin from '@pothos/plugin-prisma'
import RelayPlugin from '@pothos/plugin-relay'
import { PrismaPg } from '@prisma/adapter-pg'
import { createYoga } from 'graphql-yoga'
import { decodeId, encodeId } from './global-id.ts'

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

const newest = [{ enrolledAt: 'desc' }, { id: 'desc' }]

builder.prismaNode('User', {
  id: { field: 'id' },
  fields: (t: Fields) => ({
    name: t.exposeString('name'),
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
    status: t.exposeString('status'),
    course: t.relation('course'),
    student: t.relation('student'),
  }),
})
builder.prismaObject('Lesson', {
  fields: (t: Fields) => ({ title: t.exposeString('title'), position: t.exposeInt('position') }),
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
      args: { orderBy: t.arg({ type: CourseOrder, required: true }) },
      resolve: (query: object) =>
        prisma.course.findMany({ ...query, orderBy: [{ title: 'asc' }, { id: 'asc' }] }),
    }),
  }),
})

const yoga = createYoga({
  schema: builder.toSchema(),
  graphiql: false,
  landingPage: false,
  logging: false,
  cors: false,
  maskedErrors: false,
})
createServer(yoga).listen(Number(process.env.PORT), '127.0.0.1')
