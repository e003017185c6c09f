import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PrismaClient } from '../../src/generated/prisma/client.ts'
import type { Database } from '../../src/sql/database.ts'
import { explainDatabaseError } from '../../src/sql/explain-database-error.ts'
import { createRows, type Rows } from '../support/rows.ts'
import { openTestDatabase } from '../support/test-databases.ts'

let database: Database
let prisma: PrismaClient
let rows: Rows

beforeAll(async () => {
  database = await openTestDatabase()
  prisma = new PrismaClient({ adapter: database.adapter })
  rows = createRows(prisma)
})
afterAll(async () => {
  await prisma.$disconnect()
  await database[Symbol.asyncDispose]()
})

const nobody = '018cc400-0000-7000-8000-000000000000'

describe('what Prisma cannot write', () => {
  test('for another row with the same key is a CONFLICT that names the field', async () => {
    const { email } = await rows.user()

    expect(await explained(rows.user({ email }))).toEqual(['CONFLICT', 'email'])
  })

  test('for another row with the same two keys names both', async () => {
    const { courseId, studentId } = await rows.enrollment()

    expect(await explained(rows.enrollment({ courseId, studentId }))).toEqual([
      'CONFLICT',
      'courseId,studentId',
    ])
  })

  test('because it refers to nothing is bad input that names the field', async () => {
    expect(await explained(prisma.profile.create({ data: { userId: nobody } }))).toEqual([
      'BAD_USER_INPUT',
      'userId',
    ])
  })

  test('because a rule of the table forbids the value is bad input that names the field', async () => {
    expect(await explained(rows.course({ priceCents: -1 }))).toEqual([
      'BAD_USER_INPUT',
      'priceCents',
    ])
  })

  test('because others refer to the row is a CONFLICT', async () => {
    const { teacherId } = await rows.course()

    expect(await explained(prisma.user.delete({ where: { id: teacherId } }))).toEqual([
      'CONFLICT',
      undefined,
    ])
  })

  test('because the row is gone is NOT_FOUND', async () => {
    const renaming = prisma.user.update({ where: { id: nobody }, data: { name: 'x' } })

    expect(await explained(renaming)).toEqual(['NOT_FOUND', undefined])
  })

  test.for([
    ['a NUL character', { name: 'a\0b' }],
    ['an id that is none', { id: 'not-a-uuid' }],
  ] as const)('because of %s is bad input', async ([, values]) => {
    expect(await explained(rows.user(values))).toEqual(['BAD_USER_INPUT', undefined])
  })
})

describe('what a statement of our own cannot do', () => {
  test.for([
    ['a NUL character', 'SELECT $1::text', ['a\0b'], 'BAD_USER_INPUT'],
    ['an id that is none', 'SELECT $1::uuid', ['not-a-uuid'], 'BAD_USER_INPUT'],
    ['a number out of range', 'SELECT $1::numeric::int4', ['99999999999'], 'BAD_USER_INPUT'],
    ['a date that is none', 'SELECT $1::date', ['2026-02-30'], 'BAD_USER_INPUT'],
    ['a serialisation failure', raise('40001'), [], 'CONFLICT'],
    ['a deadlock', raise('40P01'), [], 'CONFLICT'],
    ['a statement that was ended', raise('57014'), [], 'REQUEST_TIMEOUT'],
    ['a server that shuts down', raise('57P01'), [], 'SERVICE_UNAVAILABLE'],
    ['too many connections', raise('53300'), [], 'SERVICE_UNAVAILABLE'],
  ] as const)('because of %s', async ([, text, values, code]) => {
    const [found] = await explained(database.query({ name: '', text }, values))

    expect(found).toBe(code)
  })

  test('because it is wrong is a bug, and nothing to tell a client', async () => {
    const asking = database.query({ name: '', text: 'SELECT nothing' }, [])

    expect(explainDatabaseError(await failureOf(asking))).toBeNull()
  })
})

test('no word of the driver or of the data is in a message', async () => {
  const { email } = await rows.user({ email: 'hidden@example.org' })
  const failures = [
    await failureOf(rows.user({ email })),
    await failureOf(prisma.profile.create({ data: { userId: nobody } })),
    await failureOf(rows.course({ priceCents: -1 })),
    await failureOf(rows.user({ id: 'not-a-uuid' })),
  ]
  for (const failure of failures) {
    expect(explainDatabaseError(failure)?.message).not.toMatch(
      /hidden|constraint|relation|prisma|syntax|not-a-uuid|_key|_fkey/i,
    )
  }
})

test.for([
  ['55000', 'database "prod" is not currently accepting connections'],
  ['3D000', 'database "prod" does not exist'],
  [undefined, 'Client has encountered a connection error and is not queryable'],
])('a database that is being replaced is one that cannot be reached now: %s %s', ([code, text]) => {
  const error = Object.assign(new Error(text), { code })

  expect(explainDatabaseError(error)?.code).toBe('SERVICE_UNAVAILABLE')
})

test('another object that is not ready is a bug', () => {
  const error = Object.assign(new Error('sequence "x" is not yet defined'), { code: '55000' })

  expect(explainDatabaseError(error)).toBeNull()
})

test('what is not from the database is left alone', () => {
  expect(explainDatabaseError(new TypeError('x is not a function'))).toBeNull()
  expect(explainDatabaseError('text')).toBeNull()
})

async function explained(writing: PromiseLike<unknown>) {
  const explanation = explainDatabaseError(await failureOf(writing))
  return [explanation?.code, explanation?.extensions.field]
}

async function failureOf(promise: PromiseLike<unknown>): Promise<unknown> {
  try {
    await promise
  } catch (error) {
    return error
  }
  throw new Error('It was to fail')
}

function raise(state: string): string {
  return `DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '${state}'; END $$`
}
