import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../src/sql/database.ts'
import { type QueryError, startTestApp, type TestApp } from '../support/start-test-app.ts'
import { openTestDatabase } from '../support/test-databases.ts'
import { printStatements } from './print-statements.ts'
import { casesFolder, type GoldenCase, readCases } from './read-cases.ts'

const isUpdate = Boolean(process.env.LOADLINE_UPDATE_GOLDEN)
const cases = readCases()

let database: Database
let apps: Readonly<Record<'batched' | 'single' | 'compiled' | 'singleCompiled', TestApp>>

beforeAll(async () => {
  // One connection: statements of one tick then end in the order in which they were sent.
  database = await openTestDatabase({ poolSize: 1 })
  await loadSchool(database)
  const never = { compileAfter: Number.POSITIVE_INFINITY }
  const atOnce = { compileAfter: 0 }
  apps = {
    batched: await startTestApp({ database, compiledExecution: never }),
    single: await startTestApp({ database, compiledExecution: never, isBatching: false }),
    compiled: await startTestApp({ database, compiledExecution: atOnce }),
    singleCompiled: await startTestApp({ database, compiledExecution: atOnce, isBatching: false }),
  }
})

afterAll(async () => {
  for (const app of Object.values(apps)) await app[Symbol.asyncDispose]()
  await database[Symbol.asyncDispose]()
})

describe('the answer and the statements of', () => {
  test.for(cases.map((one) => [one.name, one] as const))('%s', async ([name, given]) => {
    const batched = await ask(apps.batched, given)
    const answer = `${JSON.stringify(batched.answer, null, 2)}\n`
    const statements = printStatements(batched.statements)

    const compiled = await ask(apps.compiled, given)
    expect((await ask(apps.single, given)).answer, 'one by one').toEqual(batched.answer)
    expect((await ask(apps.singleCompiled, given)).answer, 'both').toEqual(batched.answer)
    expect(compiled.answer, 'compiled').toEqual(batched.answer)
    if (compiled.isCompiled) {
      expect(printStatements(compiled.statements), 'compiled').toBe(statements)
    }

    if (isUpdate) {
      writeFileSync(join(casesFolder, `${name}.json`), answer)
      writeFileSync(join(casesFolder, `${name}.sql`), statements)
    }
    expect(answer).toBe(readFileSync(join(casesFolder, `${name}.json`), 'utf8'))
    expect(statements).toBe(readFileSync(join(casesFolder, `${name}.sql`), 'utf8'))
  })
})

test('there are at least forty cases, and each consists of three files', () => {
  const names = cases.map(({ name }) => name)
  expect(names.length).toBeGreaterThanOrEqual(40)
  const files = readdirSync(casesFolder)
  expect(files.filter((file) => extname(file) === '.json')).toEqual(names.map((n) => `${n}.json`))
  expect(files.filter((file) => extname(file) === '.sql')).toEqual(names.map((n) => `${n}.sql`))
})

test('every case without errors runs as a compiled function', async () => {
  const interpreted = []
  for (const given of cases) {
    const { answer, isCompiled } = await ask(apps.singleCompiled, given)
    if (!isCompiled && !answer.errors) interpreted.push(given.name)
  }
  expect(interpreted).toEqual([])
})

async function ask(app: TestApp, { document, variables, viewerId }: GoldenCase) {
  const { data, errors, statements, extensions } = await app.query(document, {
    variables,
    as: viewerId,
  })
  const answer = { data, ...(errors ? { errors: errors.toSorted(byPath) } : {}) }
  return { answer, statements, isCompiled: extensions?.loadline?.compiled === true }
}

/** Errors come in the order in which fields failed, which is nobody's promise. */
function byPath(left: QueryError, right: QueryError): number {
  return JSON.stringify(left.path) < JSON.stringify(right.path) ? -1 : 1
}

async function loadSchool(target: Database): Promise<void> {
  const script = readFileSync(join(import.meta.dirname, 'school.sql'), 'utf8')
  const statements = script.split(/;\n/).filter((text) => text.includes('INSERT'))
  for (const [index, text] of statements.entries()) {
    await target.query({ name: `school_${index}`, text }, [])
  }
}
