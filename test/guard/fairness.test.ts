import { setImmediate as turn } from 'node:timers/promises'
import { GraphQLInt, GraphQLObjectType, GraphQLSchema, GraphQLString } from 'graphql'
import { expect, test } from 'vitest'
import { startTestApp } from '../support/start-test-app.ts'

/** Who had something done for them, in the order in which it was done. */
const done: string[] = []

const schema = new GraphQLSchema({
  query: new GraphQLObjectType({
    name: 'Query',
    fields: {
      work: {
        type: GraphQLInt,
        args: { of: { type: GraphQLString } },
        async resolve(_root, { of }) {
          for (let left = 20; left > 0; left -= 1) await turn()
          return done.push(of)
        },
      },
    },
  }),
})

test('who asks for hundreds of things holds up nobody by more than a few of them', async () => {
  await using app = await startTestApp({
    schema,
    env: {
      LOADLINE_LIMITS:
        'executions=4,executionsPerViewer=2,queueMs=600000,requestMs=600000,loopDelayMs=600000',
    },
  })
  const greedy = await app.rows.user()
  const others = await Promise.all(Array.from({ length: 10 }, () => app.rows.user()))
  const ask = (as: { readonly id: string }, of: string) =>
    app.query('query ($of: String) { work(of: $of) }', { as, variables: { of } })
  const many = Array.from({ length: 300 }, () => ask(greedy, 'greedy'))
  await Promise.race(many)
  const before = done.length
  const answers = await Promise.all(others.map((one) => ask(one, 'other')))
  const meanwhile = done.slice(before, done.lastIndexOf('other') + 1)
  const statuses = [...answers, ...(await Promise.all(many))].map(({ status }) => status)

  expect(meanwhile.filter((of) => of === 'other')).toHaveLength(10)
  // Two of the greedy one's run at a time; the turns of ten others come in between.
  expect(meanwhile.filter((of) => of === 'greedy').length).toBeLessThan(100)
  expect(done.filter((of) => of === 'greedy')).toHaveLength(300)
  expect(new Set(statuses)).toEqual(new Set([200]))
})

test('who has used up their rate is answered a little later, and nobody waits with them', async () => {
  await using app = await startTestApp({ schema, env: { LOADLINE_LIMITS: 'rate=20' } })
  const [greedy, other] = [await app.rows.user(), await app.rows.user()]
  const answered: string[] = []
  const ask = async (as: { readonly id: string }, of: string) => {
    const { status } = await app.query('{ __typename }', { as })
    answered.push(`${of} ${status}`)
  }
  for (let turn = 0; turn < 20; turn += 1) await ask(greedy, 'greedy')
  const refused = ask(greedy, 'greedy')
  await ask(other, 'other')
  await refused

  expect(answered.slice(-2)).toEqual(['other 200', 'greedy 429'])
})
