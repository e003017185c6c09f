import { expect, test } from 'vitest'
import { createBreaker } from '../../src/cache/breaker.ts'
import { createBudget, OutOfTimeError } from '../../src/cache/budget.ts'

test('a breaker opens after three failures in a row, and closes when the probe succeeds', async () => {
  let isWell = false
  let probes = 0
  let whenClosed = () => {}
  const closed = new Promise<void>((resolve) => {
    whenClosed = resolve
  })
  using breaker = createBreaker({
    probe: async () => {
      probes += 1
      if (!isWell) throw new Error('still ill')
    },
    onOpen: () => {},
    onClose: whenClosed,
    probeEveryMs: 5,
  })
  breaker.failed()
  breaker.failed()
  breaker.succeeded()
  breaker.failed()
  breaker.failed()
  expect(breaker.isOpen).toBe(false)

  breaker.failed()
  expect(breaker.isOpen).toBe(true)
  while (probes < 3) await new Promise(setImmediate)
  expect(breaker.isOpen).toBe(true)

  isWell = true
  await closed
  expect(breaker.isOpen).toBe(false)
})

test('a budget is one for all calls that share it', async () => {
  const budget = createBudget(40)
  const never = () => new Promise<never>(() => {})
  const startedAt = performance.now()

  expect(await budget.spend(async () => 'at once')).toBe('at once')
  await expect(budget.spend(never)).rejects.toThrow(OutOfTimeError)
  // A timer may be early, so that a moment is left.
  await expect(budget.spend(never)).rejects.toThrow(OutOfTimeError)
  await expect(budget.spend(async () => 'too late')).rejects.toThrow(OutOfTimeError)

  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(38)
})

test('who may wait for a part of the time leaves the rest of it to others', async () => {
  const budget = createBudget(45)
  const never = () => new Promise<never>(() => {})
  await expect(budget.spend(never, 20)).rejects.toThrow('No answer within 20 ms')
  const [, ms] = /within (\d+) ms/.exec(String(await budget.spend(never).catch(String))) ?? []

  expect(Number(ms)).toBeLessThanOrEqual(25)
})

test('a call that fails does so with its own error', async () => {
  await expect(createBudget().spend(() => Promise.reject(new Error('its own')))).rejects.toThrow(
    'its own',
  )
})
