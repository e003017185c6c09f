import { parseGlobalIdOf } from 'loadline/loaders'
import { entity } from './builder.ts'
import { datamodel } from './generated/datamodel.ts'
import { Issue, Person, Project, Status } from './types.ts'

entity.query((t) => ({
  viewer: t.one(Person, {
    description: 'Who asks; null for nobody.',
    by: (_, { viewer }) => {
      const id = viewer.id()
      return id === null ? null : { id }
    },
  }),
  projects: t.connection(Project, {
    description: 'The projects that the viewer may see.',
    orderBy: [{ title: 'asc' }],
  }),
  personCount: t.field({
    type: 'Int',
    description: 'How many people there are; by Prisma, which leaves no tags, so it is not kept.',
    resolve: (_, _args, { prisma }) => prisma.person.count(),
  }),
  issue: t.one(Issue, {
    description: 'An issue; null when there is none, or none for the viewer.',
    args: { id: { type: 'ID', required: true, description: 'Its id.' } },
    by: ({ id }) => ({ id: Number(parseGlobalIdOf(datamodel, id, 'Issue', 'id')) }),
  }),
  issues: t.connection(Issue, {
    description: 'The issues that the viewer may see.',
    args: { status: { type: Status, description: 'Only with this status.' } },
    where: ({ status }) => ({ status: status ?? undefined }),
    orderBy: [{ openedAt: 'desc' }],
  }),
}))
