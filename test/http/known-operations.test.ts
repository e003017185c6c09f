import type { ExecutionResult } from 'graphql'
import { createYoga } from 'graphql-yoga'
import { expect, test } from 'vitest'
import type { CachedContext } from '../../src/cache/use-response-cache.ts'
import { AppError } from '../../src/errors.ts'
import { createKnownOperations } from '../../src/http/known-operations.ts'
import { createCompiledExecution } from '../../src/http/use-compiled-execution.ts'
import type { ExecutionGuard, GuardedContext } from '../../src/http/use-execution-guard.ts'
import { createSmallSchema } from './small-schema.ts'

const guarded = {} as GuardedContext // the guard below asks for nothing
const context = { cache: null } as unknown as CachedContext // no answers are kept

/** Yoga with the plugin that learns, and what the guard was asked. */
function open() {
  const asked: string[] = []
  const guard: ExecutionGuard = {
    check({ variableValues }) {
      if (variableValues?.text === 'too much') throw new AppError('COST_LIMIT_EXCEEDED', 'too much')
      asked.push('check')
      return 1
    },
    async run(_, { rows }, execute) {
      asked.push(`run ${rows}`)
      return execute()
    },
  }
  const known = createKnownOperations({
    ...{ responseCache: undefined, findCompiled: createCompiledExecution({ compileAfter: 1 }) },
    guard,
  })
  const yoga = createYoga({
    schema: createSmallSchema(),
    plugins: [known.plugin],
    logging: false,
    maskedErrors: false,
  })
  const paramsOf = (query: string, operationName?: string, variables = {}) => ({
    ...{ query, variables },
    ...(operationName === undefined ? {} : { operationName }),
  })
  const request = new Request('http://localhost/graphql', { method: 'POST' })
  const run = async (...asking: Parameters<typeof paramsOf>) =>
    (await yoga.getResultForParams({ params: paramsOf(...asking), request }, {})) as ExecutionResult // nothing here streams
  const answer = (...asking: Parameters<typeof paramsOf>) => {
    const found = known.find(paramsOf(...asking))
    return found?.answer<CachedContext, ExecutionResult>({
      ...{ cache: null, guarded, patience: {} },
      async enter() {
        asked.push('enter')
        return context
      },
      finish: async (result) => result,
      serve: () => Promise.reject(new Error('Nothing is kept')),
    })
  }
  return { run, answer, asked }
}

const echo = 'query Echo($text: String!) { echo(text: $text) }'

test('a query that was answered is answered again, interpreted and compiled, past the guard', async () => {
  const { run, answer, asked } = open()
  expect(answer(echo, undefined, { text: 'a' })).toBeUndefined()
  const first = await run(echo, undefined, { text: 'a' })

  for (const text of ['a', 'b', 'c', 'd']) {
    expect(await answer(echo, undefined, { text })).toEqual({ data: { echo: text } })
  }
  expect(first).toEqual({ data: { echo: 'a' } })
  expect(asked).toEqual(Array.from({ length: 4 }, () => ['check', 'run 1', 'enter']).flat())
})

test('what the guard refuses is not executed, and a wrong variable is told as Yoga tells it', async () => {
  const { run, answer, asked } = open()
  await run(echo, undefined, { text: 'a' })

  await expect(answer(echo, undefined, { text: 'too much' })).rejects.toMatchObject({
    code: 'COST_LIMIT_EXCEEDED',
  })
  expect(asked).toEqual([])
  expect(JSON.stringify(await answer(echo, undefined, { text: 7 }))).toBe(
    JSON.stringify(await run(echo, undefined, { text: 7 })),
  )
})

test.for([
  ['an invalid one', '{ nothing }'],
  ['one that does not parse', '{ hello'],
  ['one that ends in errors', echo],
  ['one with an error in a field', '{ hello refused }'],
  ['a mutation', 'mutation { add }'],
])('%s is not learnt', async ([, query = '']) => {
  const { run, answer } = open()
  await run(query)

  expect(answer(query)).toBeUndefined()
})

test('operations of one document are known each by its name', async () => {
  const { run, answer } = open()
  const query = 'query A { hello } query B { other: hello }'
  await run(query, 'A')

  expect(Object.keys((await answer(query, 'A'))?.data ?? {})).toEqual(['hello'])
  expect([answer(query, 'B'), answer(query)]).toEqual([undefined, undefined])
})
