import SchemaBuilder from '@pothos/core'
import { expect, test } from 'vitest'
import type { Context } from '../../src/context.ts'
import { startTestApp } from '../support/start-test-app.ts'
import { watchReads } from '../support/watch-reads.ts'

/** Fields that each touch one thing of the context. */
function createTouchingSchema() {
  const builder = new SchemaBuilder<{ Context: Context }>({})
  builder.queryType({
    fields: (t) => ({
      nothing: t.int({ resolve: () => 1 }),
      prisma: t.int({ resolve: (_root, _args, { prisma }) => prisma.user.count() }),
      groups: t.int({
        resolve: async (_root, _args, { loaders }, info) =>
          (await loaders.groups({ model: 'User', by: 'role' }, info)).length,
      }),
      minute: t.string({ resolve: (_root, _args, { now }) => now('minute') }),
    }),
  })
  return builder.toSchema()
}

test('a query that reads through Prisma may not be stored, whatever else it reads', async () => {
  const reads = watchReads()
  await using app = await startTestApp({ schema: createTouchingSchema(), plugins: [reads.plugin] })

  expect((await app.query('{ groups prisma }')).data).toEqual({ groups: 0, prisma: 0 })

  expect(reads.last.readSet.forbidden).toContain('context.prisma')
})

test('a query that leaves Prisma alone may be stored, also when it runs compiled', async () => {
  const reads = watchReads()
  await using app = await startTestApp({
    schema: createTouchingSchema(),
    plugins: [reads.plugin],
    compiledExecution: { compileAfter: 1 },
  })

  for (let run = 0; run < 3; run += 1) {
    await app.query('{ nothing groups }')
    expect(reads.last.readSet.forbidden).toBeNull()
    expect(reads.last.readSet.endsAtMs).toBeNull()
    expect([...reads.last.readSet.tags].sort()).toEqual(['User.*', 'User.*/role'])
  }
})

test('resolvers are handed nothing that runs statements past the loaders', async () => {
  const reads = watchReads()
  await using app = await startTestApp({ schema: createTouchingSchema(), plugins: [reads.plugin] })
  await app.query('{ nothing }')
  const { prisma: _, ...handed } = reads.last
  const things = Object.entries(handed).flatMap(([name, thing]) => [
    [name, thing] as const,
    ...Object.entries(Object(thing)).map(([part, inner]) => [`${name}.${part}`, inner] as const),
  ])

  expect(things.map(([name]) => name)).toContain('guard.admit')
  const runs = (thing: unknown) => typeof Object(thing).query === 'function'
  expect(things.filter(([, thing]) => runs(thing)).map(([name]) => name)).toEqual([])
})

test('a query that looks at the time ends at the next boundary', async () => {
  const reads = watchReads()
  await using app = await startTestApp({ schema: createTouchingSchema(), plugins: [reads.plugin] })

  const { data } = await app.query('{ minute }')

  expect(data.minute).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:00Z$/)
  expect(reads.last.readSet.endsAtMs).toBe(Date.parse(data.minute) + 60_000)
})
