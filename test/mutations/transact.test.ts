import { expect, test } from 'vitest'
import { lockRows } from '../../src/schema/lock-row.ts'
import { transact } from '../../src/schema/transact.ts'
import { startTestApp } from '../support/start-test-app.ts'
import { testDatabaseKind } from '../support/test-databases.ts'

// PGlite runs one transaction after the other: none can wait for another there.
test.runIf(testDatabaseKind() === 'postgresql')(
  'of two transactions that wait for each other both end well, one of them begun again',
  async () => {
    await using app = await startTestApp()
    const [one, two] = [await app.rows.user(), await app.rows.user()]
    let attempts = 0
    let arrived = 0
    let meet = () => {}
    const bothHaveOne = new Promise<void>((resolve) => {
      meet = resolve
    })

    const rename = (first: string, second: string, name: string) =>
      transact({ prisma: app.prisma, announcer: null }, async (tx) => {
        attempts++
        await lockRows(tx, 'User', [first], 'change')
        if (++arrived === 2) meet()
        await bothHaveOne
        await lockRows(tx, 'User', [second], 'change')
        await tx.user.updateMany({ where: { id: { in: [first, second] } }, data: { name } })
        return name
      })
    const names = await Promise.all([
      rename(one.id, two.id, 'forwards'),
      rename(two.id, one.id, 'backwards'),
    ])

    expect(names).toEqual(['forwards', 'backwards'])
    expect(attempts).toBe(3)
    const [left, right] = await app.prisma.user.findMany()
    expect(left?.name).toBe(right?.name)
  },
)

test('what fails for another reason is tried once', async () => {
  await using app = await startTestApp()
  let attempts = 0
  const failing = transact({ prisma: app.prisma, announcer: null }, async (tx) => {
    attempts++
    await tx.user.create({ data: { email: 'a@example.org', name: 'A' } })
    throw new Error('no')
  })
  await expect(failing).rejects.toThrow('no')
  expect(attempts).toBe(1)
  expect(await app.prisma.user.count()).toBe(0)
})
