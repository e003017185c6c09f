import { anyOf, hours, role, viewerId, type Where } from 'loadline/loaders'
import { builder, entity } from './builder.ts'
import type { Models } from './generated/datamodel.ts'

export const Status = builder.enumType('Status', { values: ['OPEN', 'CLOSED'] as const })
entity.enum('Status', Status)

/** Everybody sees what is public, so answers about it are everybody's too. */
const projectVisible: Where<Models, 'Project'> = anyOf({ isPublic: true }, role('MAINTAINER'), {
  ownerId: viewerId,
})

export const Person = entity.object('Person', {
  model: 'Person',
  description: 'Somebody who writes here.',
  fields: (t) => ({
    name: t.column('name', { description: 'Their name.' }),
    openIssueCount: t.count('issues', {
      description: 'How many open issues they wrote.',
      where: { status: 'OPEN' },
    }),
  }),
})

export const Project = entity.object('Project', {
  model: 'Project',
  description: 'Something that is worked on.',
  maxAge: hours(1),
  visible: projectVisible,
  fields: (t) => ({
    title: t.column('title', { description: 'Its name.' }),
    owner: t.one('owner', { description: 'Who runs it.' }),
    issues: t.many('issues', {
      description: 'Its issues, newest first.',
      inherits: true,
      args: { status: { type: Status, description: 'Only with this status.' } },
      where: ({ status }) => ({ status: status ?? undefined }),
      orderBy: [{ openedAt: 'desc' }],
    }),
    openCount: t.count('issues', { description: 'Its open issues.', where: { status: 'OPEN' } }),
  }),
})

export const Issue = entity.object('Issue', {
  model: 'Issue',
  description: 'Something to be done.',
  visible: { project: projectVisible },
  fields: (t) => ({
    title: t.column('title', { description: 'What is to be done.' }),
    status: t.column('status', { description: 'Whether it is done.' }),
    openedAt: t.column('openedAt', { description: 'Since when it is known.' }),
    project: t.one('project', { description: 'Where.' }),
    author: t.one('author', { description: 'Who wrote it.' }),
    comments: t.many('comments', {
      description: 'What was said, oldest first.',
      inherits: true,
      orderBy: [{ id: 'asc' }],
    }),
  }),
})

export const Comment = entity.object('Comment', {
  model: 'Comment',
  description: 'What somebody said of an issue.',
  visible: { issue: { project: projectVisible } },
  fields: (t) => ({
    text: t.column('text', { description: 'The words.' }),
    author: t.one('author', { description: 'Who said it.' }),
  }),
})
