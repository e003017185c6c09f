import { setImmediate as turn } from 'node:timers/promises'
import { GraphQLInt, GraphQLObjectType, GraphQLSchema, GraphQLString } from 'graphql'
import { describe, expect, test, vi } from 'vitest'
import { createRequestGuard } from '../../src/guard/guard-requests.ts'
import { createRefusalHold } from '../../src/guard/hold-refusals.ts'
import { createLimits } from '../../src/guard/limits.ts'
import { createRateLimit } from '../../src/guard/rate-limit.ts'
import { startTestApp } from '../support/start-test-app.ts'

/** Who had something done for them, in the order in which it was done. */
const done: string[] = []

let begun = 0
let openGate = () => {}
const gate = new Promise<void>((resolve) => {
  openGate = resolve
})

const schema = new GraphQLSchema({
  query: new GraphQLObjectType({
    name: 'Query',
    fields: {
      held: {
        type: GraphQLInt,
        async resolve() {
          begun += 1
          await gate
        },
      },
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

describe('a refusal', () => {
  test('waits the longer the more of the same viewer wait, and keeps nobody else waiting', async () => {
    const hold = createRefusalHold()
    const { signal } = new AbortController()
    const sent: string[] = []
    const many = Array.from({ length: 40 }, (_, i) =>
      hold('greedy', signal).then(() => sent.push(`greedy ${i}`)),
    )
    await hold('other', signal).then(() => sent.push('other'))
    const before = sent.length
    await Promise.all(many)

    expect(before).toBeLessThan(20)
    expect(sent).toHaveLength(41)
    expect(sent.indexOf('greedy 0')).toBeLessThan(sent.indexOf('greedy 39'))
  })

  test('does not wait for a client that has gone', async () => {
    const hold = createRefusalHold()
    const hangUp = new AbortController()
    const held = hold('greedy', hangUp.signal)
    hangUp.abort()
    await held
  })

  test('for want of a turn is sent later to who has their part already, and is no line of the log', async () => {
    const limits = 'executions=1,executionsPerViewer=1,queued=1'
    await using app = await startTestApp({ schema, env: { LOADLINE_LIMITS: limits } })
    const [greedy, other] = [await app.rows.user(), await app.rows.user()]
    const answered: string[] = []
    const ask = async (as: { readonly id: string }, of: string) => {
      const { status } = await app.query('{ held }', { as })
      answered.push(`${of} ${status}`)
    }
    // One runs, and one waits.
    const own = [ask(greedy, 'greedy'), ask(greedy, 'greedy')]
    await vi.waitFor(() => expect(begun).toBe(1))
    const refused = ask(greedy, 'greedy')
    await ask(other, 'other')
    await refused
    openGate()
    await Promise.all(own)

    expect(answered).toEqual(['other 503', 'greedy 503', 'greedy 200', 'greedy 200'])
    expect(app.logged.filter(({ level }) => level >= 40)).toEqual([])
  })

  test('for the cost of an operation is sent later too', async () => {
    const limits = createLimits({ production: true })
    const pressure = { loopDelayMs: () => 0, waitingStatements: () => 0 }
    const database = { query: async () => [] }
    const rateLimit = createRateLimit(100)
    const guard = createRequestGuard({ limits, rateLimit, pressure, database })
    const { signal } = new AbortController()
    using first = await guard.open('greedy', signal)
    using second = await guard.open('greedy', signal)
    const end = await first.admit(90)

    await expect(second.admit(50)).rejects.toMatchObject({ code: 'RATE_LIMITED' })
    expect([first.isTooMuch, second.isTooMuch]).toEqual([false, true])
    end(90)
  })
})
