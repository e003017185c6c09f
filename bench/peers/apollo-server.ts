/** Apollo Server 5 with DataLoaders by hand over Prisma's `findMany`, as most tutorials have it. */
import { readFileSync } from 'node:fs'
import { ApolloServer } from '@apollo/server'
import { startStandaloneServer } from '@apollo/server/standalone'
import { PrismaPg } from '@prisma/adapter-pg'
import DataLoader from 'dataloader'
import { decodeId, encodeId } from './global-id.ts'

const { PrismaClient } = await import('../generated/include/client/client.ts')
const prisma = new PrismaClient({
  adapter: new PrismaPg({ connectionString: process.env.DATABASE_URL ?? '', max: 10 }),
})
const typeDefs = readFileSync(new URL('schema.graphql', import.meta.url), 'utf8')

function createLoaders() {
  const inOrder = <Row extends { id: string }>(keys: readonly string[], rows: readonly Row[]) => {
    const found = new Map(rows.map((row) => [row.id, row]))
    return keys.map((key) => found.get(key) ?? null)
  }
  const grouped = <Row extends { courseId: string }>(
    keys: readonly string[],
    rows: readonly Row[],
  ) => {
    const groups = new Map<string, Row[]>(keys.map((key) => [key, []]))
    for (const row of rows) groups.get(row.courseId)?.push(row)
    return keys.map((key) => groups.get(key) ?? [])
  }
  const among = (keys: readonly string[]) => ({ in: [...keys] })
  return {
    courses: new DataLoader(async (keys: readonly string[]) =>
      inOrder(keys, await prisma.course.findMany({ where: { id: among(keys) } })),
    ),
    users: new DataLoader(async (keys: readonly string[]) =>
      inOrder(keys, await prisma.user.findMany({ where: { id: among(keys) } })),
    ),
    // All rows of each course: `findMany` cannot take so many of each.
    enrollments: new DataLoader(async (keys: readonly string[]) =>
      grouped(
        keys,
        await prisma.enrollment.findMany({
          where: { courseId: among(keys) },
          orderBy: [{ enrolledAt: 'desc' }, { id: 'desc' }],
        }),
      ),
    ),
    lessons: new DataLoader(async (keys: readonly string[]) =>
      grouped(
        keys,
        await prisma.lesson.findMany({
          where: { courseId: among(keys) },
          orderBy: [{ position: 'asc' }, { id: 'asc' }],
        }),
      ),
    ),
  }
}

interface Context {
  readonly loaders: ReturnType<typeof createLoaders>
}

const server = new ApolloServer<Context>({
  typeDefs,
  resolvers: {
    Node: { __resolveType: () => 'Course' },
    Query: {
      nodes: (_: unknown, { ids }: { ids: readonly string[] }, { loaders }: Context) =>
        loaders.courses.loadMany(ids.map((id) => decodeId(id).key)),
      courses: (_: unknown, { first }: { first: number }) => ({
        nodes: prisma.course.findMany({ orderBy: [{ title: 'asc' }, { id: 'asc' }], take: first }),
      }),
    },
    Course: {
      id: ({ id }: { id: string }) => encodeId('Course', id),
      teacher: ({ teacherId }: { teacherId: string }, _: unknown, { loaders }: Context) =>
        loaders.users.load(teacherId),
      enrollments: async (
        { id }: { id: string },
        { first }: { first: number },
        { loaders }: Context,
      ) => {
        const all = await loaders.enrollments.load(id)
        return { nodes: all.slice(0, first), totalCount: all.length }
      },
      lessons: async (
        { id }: { id: string },
        { first }: { first: number },
        { loaders }: Context,
      ) => ({
        nodes: (await loaders.lessons.load(id)).slice(0, first),
      }),
    },
    Enrollment: {
      student: ({ studentId }: { studentId: string }, _: unknown, { loaders }: Context) =>
        loaders.users.load(studentId),
    },
  },
})
await startStandaloneServer(server, {
  listen: { port: Number(process.env.PORT), host: '127.0.0.1' },
  context: async () => ({ loaders: createLoaders() }),
})
