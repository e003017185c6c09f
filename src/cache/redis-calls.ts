import type { Redis } from 'ioredis'
import { createBreaker } from './breaker.ts'
import { type Budget, OutOfTimeError, within } from './budget.ts'
import { connectRedis, type Operands, runScript, type Script } from './redis-connection.ts'
import { StoreUnavailableError } from './store.ts'
import type { TroubleLog } from './trouble-log.ts'

/** Scripts on a server that may be slow, wrong or gone at any time, with what that means to a caller. */
export interface RedisCalls extends Disposable {
  /** A call within a request's time. What goes wrong is the reason why there is no reply. */
  read<T>(budget: Budget, call: (redis: Redis) => Promise<T>): Promise<ReadReply<T>>
  /**
   * A call that must have happened, whether or not reads are being spared.
   * @throws StoreUnavailableError
   */
  write(doing: string, script: Script, operands: Operands): Promise<unknown>
  remove(key: string): void
  readonly isBreakerOpen: boolean
  readonly failures: number
  /** Whether the server could not be reached since this was last set to false. */
  hadOutage: boolean
}

export type ReadReply<T> =
  | { readonly failed: 'slow' | 'unavailable' }
  | { readonly failed: null; readonly reply: T }

/** Announcements and beats are nobody's page load: they may wait for a busy server. */
const writeLimitMs = 500

/** @param consequence what trouble means for whoever reads the log */
export function createRedisCalls(
  url: string,
  trouble: TroubleLog<'redis' | 'policy'>,
  consequence = 'the cache is off',
): RedisCalls {
  let failures = 0
  let lastError: unknown
  let isStarting = true
  const redis: Redis = connectRedis(url, {
    onError: (error) => {
      isStarting = false
      trouble.begin('redis', `Redis cannot be reached: ${consequence}`, error)
    },
    onClose: () => {
      calls.hadOutage = true
    },
  })
  redis.once('ready', () => {
    isStarting = false
  })
  const breaker = createBreaker({
    probe: () => within(writeLimitMs, redis.ping()),
    onOpen: () => {
      calls.hadOutage = true
      trouble.begin('redis', `Redis fails again and again: ${consequence}`, lastError)
    },
    onClose: () => trouble.end('redis'),
  })

  const calls: RedisCalls = {
    hadOutage: false,
    get isBreakerOpen() {
      return breaker.isOpen
    },
    get failures() {
      return failures
    },

    async read(budget, call) {
      if (breaker.isOpen) return { failed: 'unavailable' }
      try {
        const reply = await budget.spend(() => call(redis))
        breaker.succeeded()
        return { failed: null, reply }
      } catch (error) {
        const isSlow = error instanceof OutOfTimeError
        if (!isSlow || error.isTelling) noteFailure(error)
        return { failed: isSlow ? 'slow' : 'unavailable' }
      }
    },

    async write(doing, script, operands) {
      try {
        const reply = await within(writeLimitMs, runScript(redis, script, operands))
        breaker.succeeded()
        trouble.end('redis')
        return reply
      } catch (error) {
        noteFailure(error)
        throw new StoreUnavailableError(doing, error)
      }
    },

    remove(key) {
      redis.unlink(key).catch(noteFailure)
    },

    [Symbol.dispose]() {
      breaker[Symbol.dispose]()
      redis.disconnect()
    },
  }
  return calls

  function noteFailure(error: unknown): void {
    // Nobody is to blame for a call that came before the first connection.
    if (isStarting) return
    failures += 1
    lastError = error
    breaker.failed()
  }
}
