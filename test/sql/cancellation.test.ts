import { describe, expect, test } from 'vitest'
import {
  type Cancellation,
  Canceller,
  orAborted,
  toAbortSignal,
} from '../../src/sql/cancellation.ts'

/** Ours, and what it stands for: both must behave alike. */
const kinds: Readonly<Record<string, () => Cancellation & { abort(reason: unknown): void }>> = {
  'a canceller': () => new Canceller(),
  'an AbortController': () => {
    const controller = new AbortController()
    return Object.assign(controller.signal, { abort: (why: unknown) => controller.abort(why) })
  },
}

describe.each(Object.entries(kinds))('%s', (_, create) => {
  test('tells each listener once, with the first reason', () => {
    const signal = create()
    const told: unknown[] = []
    const removed = () => told.push('removed')
    signal.addEventListener('abort', () => told.push(signal.reason), { once: true })
    signal.addEventListener('abort', removed, { once: true })
    signal.removeEventListener('abort', removed)
    signal.throwIfAborted()

    signal.abort('first')
    signal.abort('second')

    expect(told).toEqual(['first'])
    expect(signal.aborted).toBe(true)
    expect(() => signal.throwIfAborted()).toThrow('first')
  })

  test('rejects what would take longer, and nothing that was there before', async () => {
    const signal = create()
    const never = orAborted(new Promise(() => {}), signal)
    const failed = orAborted(Promise.reject(new Error('failed')), signal)
    expect(await orAborted(Promise.resolve(1), signal)).toBe(1)
    await expect(failed).rejects.toThrow('failed')

    signal.abort(new Error('too late'))

    await expect(never).rejects.toThrow('too late')
  })

  test('aborts the signals that were made of it, before and after', () => {
    const signal = create()
    const before = toAbortSignal(signal)
    expect(before.aborted).toBe(false)

    signal.abort('over')

    expect([before, toAbortSignal(signal)].map(({ aborted, reason }) => [aborted, reason])).toEqual(
      [
        [true, 'over'],
        [true, 'over'],
      ],
    )
  })
})
