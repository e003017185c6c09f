import { expect, test } from 'vitest'
import { startTestApp, type TestApp } from '../support/start-test-app.ts'
import { type As, call, checksum, gid } from './call.ts'

const fields = 'user { creditBalance } creditEntry { id amount }'

async function granting(app: TestApp) {
  const [admin, user] = [await app.rows.admin(), await app.rows.user()]
  const input = { userId: gid('User', user), amount: 5, reason: 'R' }
  const grant = (changes: object, as: As = admin) =>
    call(app, as, 'grantCredits', { ...input, idempotencyKey: 'key', ...changes }, fields)
  return { admin, user, grant }
}

test('a repeat changes nothing and reads the payload anew', async () => {
  await using app = await startTestApp()
  const { user, grant } = await granting(app)
  const first = await grant({})
  await app.rows.creditEntry({ userId: user.id, amount: 100 })
  const before = await checksum(app)

  const again = await grant({ reason: '  R ' })

  expect(again.payload.creditEntry).toEqual(first.payload.creditEntry)
  expect(again.payload.user).toEqual({ creditBalance: 105 })
  expect(await checksum(app)).toBe(before)
})

test('ten calls at once with the same key write once and answer the same', async () => {
  await using app = await startTestApp()
  const { user, grant } = await granting(app)

  const answers = await Promise.all(Array.from({ length: 10 }, () => grant({})))

  const [first] = answers
  expect(first?.payload.user).toEqual({ creditBalance: 5 })
  expect(answers).toEqual(answers.map(() => first))
  expect(await app.prisma.creditEntry.count({ where: { userId: user.id } })).toBe(1)
})

test('the same key with another input is a conflict, and writes nothing', async () => {
  await using app = await startTestApp()
  const { grant } = await granting(app)
  await grant({})
  const before = await checksum(app)

  expect(await grant({ amount: 6 })).toMatchObject({
    code: 'CONFLICT',
    field: 'input.idempotencyKey',
    payload: null,
  })
  expect(await checksum(app)).toBe(before)
})

test('a key is one person’s and one mutation’s', async () => {
  await using app = await startTestApp()
  const { user, grant } = await granting(app)
  await grant({})
  await grant({}, await app.rows.admin())
  expect(await app.prisma.creditEntry.count({ where: { userId: user.id } })).toBe(2)

  const profile = await call(app, user, 'updateProfile', { name: 'N', idempotencyKey: 'key' })
  const plan = await call(app, user, 'changePlan', { plan: 'PRO', idempotencyKey: 'key' })
  expect([profile.code, plan.code]).toEqual([undefined, undefined])
})

test('a call that failed leaves its key free', async () => {
  await using app = await startTestApp()
  const [student, course] = [await app.rows.user(), await app.rows.course({ status: 'ARCHIVED' })]
  const input = { courseId: gid('Course', course), idempotencyKey: 'key' }
  expect((await call(app, student, 'enroll', input)).code).toBe('NOT_FOUND')
  expect(await app.prisma.idempotencyKey.count()).toBe(0)

  await app.prisma.course.update({ where: { id: course.id }, data: { status: 'ACTIVE' } })
  const { payload } = await call(app, student, 'enroll', input, 'enrollment { status }')
  expect(payload).toEqual({ enrollment: { status: 'ACTIVE' } })
})

test('after 24 hours a key is new, and old ones go with later calls', async () => {
  await using app = await startTestApp()
  const { user, grant } = await granting(app)
  await grant({})
  await grant({ idempotencyKey: 'another' })
  await app.prisma.$executeRaw`
    UPDATE "IdempotencyKey" SET "createdAt" = now() - interval '24 hours'`

  await grant({})

  expect(await app.prisma.creditEntry.count({ where: { userId: user.id } })).toBe(3)
  const keys = await app.prisma.idempotencyKey.findMany({ select: { key: true } })
  expect(keys).toEqual([{ key: 'key' }])
})

test('a repeat of an import answers with every row', async () => {
  await using app = await startTestApp()
  const admin = await app.rows.admin()
  const rows = ['a', 'b'].map((name) => ({ email: `${name}@example.org`, name }))
  const input = { rows, idempotencyKey: 'import' }
  const selection = 'results { status user { id name } }'
  const first = await call(app, admin, 'importStudents', input, selection)
  const again = await call(app, admin, 'importStudents', input, selection)
  expect(first.payload.results).toHaveLength(2)
  expect(again).toEqual(first)
})
