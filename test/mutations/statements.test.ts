import type { SqlDriverAdapterFactory, SqlQueryable } from '@prisma/driver-adapter-utils'
import { expect, test } from 'vitest'
import type { Database } from '../../src/sql/database.ts'
import { startTestApp, type TestApp } from '../support/start-test-app.ts'
import { openTestDatabase } from '../support/test-databases.ts'
import { call, gid } from './call.ts'

/** Counts what Prisma sends: a mutation's own statements. */
function countingStatements(database: Database) {
  const counter = { count: 0 }
  const counted = <Client extends SqlQueryable>(client: Client): Client => {
    const { queryRaw, executeRaw } = client
    return Object.assign(client, {
      queryRaw: (...args: Parameters<typeof queryRaw>) => {
        counter.count++
        return queryRaw.apply(client, args)
      },
      executeRaw: (...args: Parameters<typeof executeRaw>) => {
        counter.count++
        return executeRaw.apply(client, args)
      },
    })
  }
  const adapter: SqlDriverAdapterFactory = {
    ...database.adapter,
    connect: async () => {
      const connected = await database.adapter.connect()
      const startTransaction = connected.startTransaction.bind(connected)
      return Object.assign(counted(connected), {
        startTransaction: async (...args: Parameters<typeof startTransaction>) =>
          counted(await startTransaction(...args)),
      })
    },
  }
  return Object.assign(counter, { database: { ...database, adapter } })
}

/** Statements of a call for one row, and for a thousand. */
async function costs(run: (app: TestApp, rows: number) => Promise<() => Promise<unknown>>) {
  await using database = await openTestDatabase()
  const counter = countingStatements(database)
  await using app = await startTestApp({ database: counter.database })
  const costs: number[] = []
  for (const rows of [1, 1_000]) {
    const mutate = await run(app, rows)
    const before = counter.count
    await mutate()
    costs.push(counter.count - before)
  }
  return costs
}

test('an import of a thousand students costs as many statements as of one', async () => {
  const [one, thousand] = await costs(async (app, count) => {
    const [admin, course] = [await app.rows.admin(), await app.rows.course()]
    const rows = Array.from({ length: count }, (_, index) => ({
      email: `student-${count}-${index}@example.org`,
      name: 'S',
    }))
    return async () => {
      const input = { rows, courseId: gid('Course', course) }
      const { code } = await call(app, admin, 'importStudents', input)
      expect(code).toBeUndefined()
    }
  })
  expect(one).toBeGreaterThan(3)
  expect(thousand).toBe(one)
})

test('the progress of a thousand students costs as many statements as of one', async () => {
  const [one, thousand] = await costs(async (app, count) => {
    const course = await app.rows.course()
    const students = await app.prisma.user.createManyAndReturn({
      data: Array.from({ length: count }, (_, index) => ({
        email: `student-${count}-${index}@example.org`,
        name: 'S',
      })),
    })
    const enrollments = await app.prisma.enrollment.createManyAndReturn({
      data: students.map(({ id }) => ({ courseId: course.id, studentId: id })),
    })
    const rows = enrollments.map((row) => ({ enrollmentId: gid('Enrollment', row), progress: 1 }))
    return async () => {
      const teacher = { id: course.teacherId }
      const { code } = await call(app, teacher, 'bulkUpdateProgress', { rows })
      expect(code).toBeUndefined()
    }
  })
  expect(one).toBeGreaterThan(3)
  expect(thousand).toBe(one)
})
