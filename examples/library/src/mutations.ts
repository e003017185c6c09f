import { parseGlobalIdOf } from 'loadline/loaders'
import { AppError, type LoadlineContext } from 'loadline/yoga'
import { builder, entity } from './builder.ts'
import { datamodel } from './generated/datamodel.ts'
import type { PrismaClient } from './generated/prisma/client.ts'
import { Issue, Project, Status } from './types.ts'

type Context = LoadlineContext<PrismaClient>

// Plain Prisma: what is written is captured by the database, and announced before it is answered.

builder.mutationField('openIssue', (t) =>
  t.field({
    type: entity.payload<{ id: number }>('OpenIssuePayload', {
      description: 'The new issue.',
      fields: (p) => ({ issue: p.one(Issue, { description: 'It.', by: ({ id }) => ({ id }) }) }),
    }),
    args: { projectId: t.arg.id({ required: true }), title: t.arg.string({ required: true }) },
    resolve: async (_, { projectId: globalId, title }, context) => {
      const projectId = parseGlobalIdOf(datamodel, globalId, 'Project', 'projectId')
      const authorId = await demandWriter(context, projectId)
      return context.prisma.issue.create({ data: { title, projectId, authorId } })
    },
  }),
)

builder.mutationField('setStatus', (t) =>
  t.field({
    description: 'Closes an issue, or opens it again.',
    type: entity.payload<{ id: number }>('SetStatusPayload', {
      description: 'The issue.',
      fields: (p) => ({ issue: p.one(Issue, { description: 'It.', by: ({ id }) => ({ id }) }) }),
    }),
    args: { id: t.arg.id({ required: true }), status: t.arg({ type: Status, required: true }) },
    resolve: async (_, { id: globalId, status }, context) => {
      const id = Number(parseGlobalIdOf(datamodel, globalId, 'Issue', 'id'))
      const issue = await context.prisma.issue.findUnique({ where: { id } })
      if (!issue) throw new AppError('NOT_FOUND', 'There is no such issue', { field: 'id' })
      await demandWriter(context, issue.projectId)
      return context.prisma.issue.update({ where: { id }, data: { status } })
    },
  }),
)

builder.mutationField('closeIssues', (t) =>
  t.field({
    description: 'Closes all issues of a project.',
    type: entity.payload<{ id: string }>('CloseIssuesPayload', {
      description: 'The project.',
      fields: (p) => ({
        project: p.one(Project, { description: 'It.', by: ({ id }) => ({ id }) }),
      }),
    }),
    args: { projectId: t.arg.id({ required: true }) },
    resolve: async (_, { projectId: globalId }, context) => {
      const id = parseGlobalIdOf(datamodel, globalId, 'Project', 'projectId')
      await demandWriter(context, id)
      await context.prisma.$executeRaw`
        UPDATE issues SET status = 'CLOSED' WHERE project_id = ${id}::uuid`
      return { id }
    },
  }),
)

/** The id of who may write in a project. */
async function demandWriter({ viewer, prisma }: Context, projectId: string): Promise<string> {
  const id = viewer.id()
  if (id === null) throw new AppError('UNAUTHENTICATED', 'Send a token first')
  const visible =
    viewer.role() === 'MAINTAINER' ? {} : { OR: [{ isPublic: true }, { ownerId: id }] }
  const project = await prisma.project.findFirst({ where: { id: projectId, ...visible } })
  if (!project) throw new AppError('NOT_FOUND', 'There is no such project', { field: 'projectId' })
  return id
}
