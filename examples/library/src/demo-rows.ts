import type { PrismaClient } from './generated/prisma/client.ts'

const [ada, bob, cyd] = [1, 2, 3].map((n) => `00000000-0000-4000-8000-00000000000${n}`) as [
  string,
  string,
  string,
]

export const people = [
  { id: ada, name: 'Ada', role: 'MAINTAINER' },
  { id: bob, name: 'Bob', role: 'MEMBER' },
  { id: cyd, name: 'Cyd', role: 'MEMBER' },
] as const

/** Something to look at, in a database that has nothing. */
export async function addDemoRows(prisma: PrismaClient): Promise<void> {
  if ((await prisma.person.count()) > 0) return
  await prisma.person.createMany({ data: [...people] })
  for (const [title, ownerId, isPublic] of [
    ['Anchor', ada, true],
    ['Bilge', bob, true],
    ['Cargo', bob, false],
    ['Deck', cyd, true],
  ] as const) {
    const issues = ['Leaks', 'Squeaks', 'Rusts'].map((fault, index) => ({
      title: `${title} ${fault.toLowerCase()}`,
      authorId: people[index]?.id ?? ada,
      openedAt: new Date(Date.UTC(2026, 0, 1 + index)),
      comments: {
        create: people.map(({ id, name }) => ({ authorId: id, text: `So says ${name}` })),
      },
    }))
    const project = await prisma.project.create({ data: { title, ownerId, isPublic } })
    for (const issue of issues) {
      await prisma.issue.create({ data: { ...issue, projectId: project.id } })
    }
  }
  await prisma.project.create({ data: { title: 'Empty', ownerId: cyd } })
}
