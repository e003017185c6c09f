import fc from 'fast-check'
import { type DocumentNode, execute, getOperationAST, parse, validate } from 'graphql'
import { createYoga } from 'graphql-yoga'
import { describe, expect, test } from 'vitest'
import {
  type CompiledExecutionOptions,
  createCompiledExecution,
  useCompiledExecution,
} from '../../src/http/use-compiled-execution.ts'
import { type ExecutionCase, executionCases } from './execution-cases.ts'
import { executionSchema as schema } from './execution-schema.ts'

interface Call {
  readonly document: DocumentNode
  readonly variables?: Readonly<Record<string, unknown>> | undefined
  readonly operationName?: string | undefined
}

/** Runs documents as the app does, and tells whether a compiled function answered. */
function createRunner(options: CompiledExecutionOptions | null) {
  const plugins = options ? [useCompiledExecution(createCompiledExecution(options))] : []
  const yoga = createYoga({ schema, plugins, logging: false, maskedErrors: false })
  return async ({ document, variables = {}, operationName }: Call) => {
    const tally = { isCompiled: false }
    const enveloped = yoga.getEnveloped({ tally })
    const contextValue = await enveloped.contextFactory({ tally })
    const call = { schema, document, variableValues: variables, operationName, contextValue }
    try {
      return { text: JSON.stringify(await enveloped.execute(call)), isCompiled: tally.isCompiled }
    } catch (error) {
      // An operation that cannot be told from the document: Yoga answers for it before this.
      return { text: String(error), isCompiled: tally.isCompiled }
    }
  }
}

/**
 * What graphql-js itself says. Yoga's executor, a child of it, adds the HTTP status to what it refuses
 * and puts thrown values that are no errors in other words.
 */
async function interpret({ document, variables, operationName }: Call): Promise<string> {
  const call = { schema, document, variableValues: variables, operationName, contextValue: {} }
  return JSON.stringify(await execute(call)).replace(/Unexpected error value: \\"(.*?)\\"/, '$1')
}

function withoutStatus(text: string): string {
  return text.replace(/,?"http":\{"status":400\}/g, '').replaceAll(',"extensions":{}', '')
}

describe('a compiled function answers as graphql-js does, or is not made:', () => {
  test.for(Object.entries(executionCases))('%s', async ([_, given]: [string, ExecutionCase]) => {
    const document = parse(given.document)
    const hasOperation = Boolean(getOperationAST(document, given.operationName))
    expect(validate(schema, document)).toEqual([])
    const runCompiled = createRunner({ compileAfter: 0 })
    const runInterpreted = createRunner(null)

    for (const variables of given.variables ?? [undefined]) {
      const call = { document, variables, operationName: given.operationName }
      const { text: reference } = await runInterpreted(call)
      const first = await runCompiled(call)
      // Again, as what the first run left behind must not be seen.
      const second = await createRunner({ compileAfter: 0 })(call)

      expect(first.text, JSON.stringify(variables)).toBe(reference)
      expect(second.text, JSON.stringify(variables)).toBe(reference)
      if (hasOperation) expect(withoutStatus(reference)).toBe(await interpret(call))
      expect(first.isCompiled, JSON.stringify(variables)).toBe(given.isCompiled)
    }
  })
})

test('documents made up at random are answered the same, and many of them by compiled functions', async () => {
  const runCompiled = createRunner({ compileAfter: 0 })
  const runInterpreted = createRunner(null)
  let compiledCount = 0
  await fc.assert(
    fc.asyncProperty(randomQuery, fc.boolean(), fc.boolean(), async (selection, a, b) => {
      const document = parse(`query ($a: Boolean!, $b: Boolean = false) ${selection} ${fragment}`)
      fc.pre(validate(schema, document).length === 0)
      for (const variables of [{ a, b }, { a: !a }]) {
        const reference = await runInterpreted({ document, variables })
        const { text, isCompiled } = await runCompiled({ document, variables })
        expect(text).toBe(reference.text)
        if (isCompiled) compiledCount += 1
      }
    }),
    { numRuns: 400, seed: 7 },
  )
  expect(compiledCount).toBeGreaterThan(200)
})

const fragment = 'fragment F on Person { name friend @skip(if: $b) { age } }'
const condition = fc.constantFrom(
  ...['', '', '', '@include(if: $a)', '@skip(if: $b)', '@skip(if: $a) @include(if: $b)'],
)

/** Selections of a person, of things and of the root, with clashes that validation sorts out. */
const { randomQuery } = fc.letrec<Record<'randomQuery' | 'person' | 'thing', string>>((tie) => {
  const leaf = fc.constantFrom('name', 'age', 'email', 'n: name', 'tags', 'born', '__typename')
  const rare = fc.constantFrom('rejects', 'mustBeThere', 'someFail', 'n: age')
  const conditional = (inner: fc.Arbitrary<string>) =>
    fc.tuple(inner, condition).map(([field, directives]) => `${field} ${directives}`)
  const below = (names: readonly string[], inner: fc.Arbitrary<string>) =>
    fc
      .tuple(fc.constantFrom(...names), condition, inner)
      .map(([name, directives, selection]) => `${name} ${directives} ${selection}`)
  const selection = (...fields: readonly fc.WeightedArbitrary<string>[]) =>
    fc
      .array(fc.oneof({ maxDepth: 4 }, ...fields), { minLength: 1, maxLength: 4 })
      .map((all) => `{ ${all.join(' ')} }`)
  const parts = ['...', '... on Person', '... on Living', '... on Named']
  return {
    person: selection(
      { arbitrary: conditional(leaf), weight: 8 },
      { arbitrary: conditional(rare), weight: 1 },
      { arbitrary: conditional(fc.constant('...F')), weight: 2 },
      {
        arbitrary: below(['friend', 'x: friend', 'pairs', '... on Person'], tie('person')),
        weight: 3,
      },
      { arbitrary: below(['friends', 'few: friends(first: 2)'], tie('thing')), weight: 2 },
    ),
    thing: selection(
      { arbitrary: conditional(fc.constant('__typename')), weight: 2 },
      { arbitrary: below(['... on Named'], fc.constant('{ name }')), weight: 2 },
      { arbitrary: below(parts.slice(1, 2), tie('person')), weight: 2 },
      { arbitrary: below(parts, tie('thing')), weight: 1 },
    ),
    randomQuery: selection(
      { arbitrary: below(['person', 'p: person', 'required', 'nobody'], tie('person')), weight: 3 },
      { arbitrary: below(['things', 'named', 't: things'], tie('thing')), weight: 2 },
    ),
  }
})

describe('what is compiled', () => {
  const document = (text = '{ person { name } }') => parse(text)

  test('is an operation that was seen more than three times', async () => {
    const run = createRunner({})
    const call = { document: document() }
    const runs = []
    for (let n = 0; n < 5; n += 1) runs.push((await run(call)).isCompiled)
    expect(runs).toEqual([false, false, false, true, true])
  })

  test('is each operation of a document by itself, under whichever names it is asked for', async () => {
    const run = createRunner({ compileAfter: 1 })
    const both = document('query A { person { name } } query B { person { age } }')
    const ask = async (operationName: string) =>
      (await run({ document: both, operationName })).isCompiled
    const runs = []
    for (const name of ['A', 'B', 'C', 'C', 'C', 'A', 'B']) runs.push(await ask(name))
    expect(runs).toEqual([false, false, false, false, false, true, true])
  })

  test('is bounded: what was not used for longest goes, and has to prove hot again', async () => {
    const run = createRunner({ compileAfter: 1, mostCompiled: 2 })
    const [a, b, c] = [document(), document(), document()]
    const ask = async (one: DocumentNode) => (await run({ document: one })).isCompiled
    for (const one of [a, b, c]) await ask(one)
    expect([await ask(a), await ask(b), await ask(a), await ask(c)]).toEqual([
      true,
      true,
      true,
      true,
    ])
    expect(await ask(a)).toBe(true)
    // b went when c came.
    expect([await ask(b), await ask(b)]).toEqual([false, true])
    // And c when b came back.
    expect([await ask(a), await ask(c)]).toEqual([true, false])
  })

  test('is at most sixteen combinations of conditions of one operation', async () => {
    const run = createRunner({ compileAfter: 0 })
    const names = ['a', 'b', 'c', 'd', 'e']
    const parameters = names.map((name) => `$${name}: Boolean!`).join(' ')
    const fields = names.map((name) => `${name}: name @include(if: $${name})`).join(' ')
    const many = document(`query (${parameters}) { person { id: name ${fields} } }`)
    const runs = []
    for (let bits = 0; bits < 32; bits += 1) {
      const variables = Object.fromEntries(names.map((name, at) => [name, (bits & (1 << at)) > 0]))
      runs.push((await run({ document: many, variables })).isCompiled)
    }
    expect(runs.filter(Boolean)).toHaveLength(16)
  })

  test('is left to the interpreter twice as long after each run with errors, until one has none', async () => {
    const run = createRunner({ compileAfter: 1 })
    const failing = document('query ($n: Int) { person { name echo(times: $n) } }')
    const ask = async (n: number | null) =>
      (await run({ document: failing, variables: { n } })).isCompiled
    await ask(null)
    // Compiled, but with errors, which are the interpreter's: now it waits for two.
    expect(await ask(null)).toBe(false)
    expect([await ask(1), await ask(1), await ask(1)]).toEqual([false, false, true])
    // And again for two, as the last one was without errors.
    expect(await ask(null)).toBe(false)
    expect([await ask(1), await ask(1), await ask(null)]).toEqual([false, false, false])
    // For four after two in a row.
    const runs = []
    for (let n = 0; n < 5; n += 1) runs.push(await ask(n))
    expect(runs).toEqual([false, false, false, false, true])
  })
})
