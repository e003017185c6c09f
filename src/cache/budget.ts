import { performance } from 'node:perf_hooks'

/**
 * The time that one request may spend waiting for Redis, shared by all its calls. What this process
 * does meanwhile is no waiting: thousands who ask at once are not to find their time used up before
 * anything was sent.
 */
export interface Budget {
  /**
   * Waits for the call as long as anything is left, and not longer than `mostMs`.
   * @throws OutOfTimeError
   */
  spend<T>(call: () => Promise<T>, mostMs?: number): Promise<T>
}

/** Below the 50 ms that are promised, because a timer may be late. */
const defaultLimitMs = 45

/** A wait that was cut short after less than this says nothing about the server's health. */
const tellingWaitMs = 20

export class OutOfTimeError extends Error {
  /** Whether the server had time enough, so that it is to blame. */
  readonly isTelling: boolean

  constructor(waitedMs: number) {
    super(`No answer within ${Math.round(waitedMs)} ms`)
    this.name = 'OutOfTimeError'
    this.isTelling = waitedMs >= tellingWaitMs
  }
}

export function createBudget(limitMs = defaultLimitMs): Budget {
  let spentMs = 0
  return {
    async spend(call, mostMs = limitMs) {
      const leftMs = Math.min(limitMs - spentMs, mostMs)
      if (leftMs < 1) throw new OutOfTimeError(0)
      const idleBefore = nodeTiming.idleTime
      let isOver = false
      try {
        return await within(leftMs, call())
      } catch (error) {
        isOver = error instanceof OutOfTimeError
        throw error
      } finally {
        spentMs += isOver ? leftMs : Math.min(leftMs, nodeTiming.idleTime - idleBefore)
      }
    },
  }
}

/**
 * The call's outcome, or an OutOfTimeError. Time counts from the end of the turn of the event loop,
 * when what was called in it goes out. When the loop was busy for longer than that, the answer may
 * have arrived but not been read: so what is there is read before time is up.
 */
export function within<T>(limitMs: number, call: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined
    const start = setImmediate(() => {
      timer = setTimeout(() => {
        setImmediate(() => reject(new OutOfTimeError(limitMs)))
      }, limitMs)
    })
    call.then(resolve, reject).finally(() => {
      clearImmediate(start)
      clearTimeout(timer)
    })
  })
}

const { nodeTiming } = performance
