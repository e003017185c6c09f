import type { Database } from '../sql/database.ts'
import { listen } from '../sql/listen.ts'
import { type Announce, drainOutbox } from './outbox.ts'
import { channel } from './trigger-body.ts'
import { createOutboxVacuum } from './vacuum-outbox.ts'

export interface DrainerOptions<Token = void> {
  readonly database: Pick<Database, 'kind' | 'query'>
  readonly announce: Announce
  /**
   * The longest that a write from outside stays unannounced while all is well.
   * @default 50
   */
  readonly pollMs?: number
  /** A direct URL to LISTEN on, so that a write from outside wakes the drainer. @default only polls */
  readonly listenUrl?: string
  /**
   * Called before the outbox is read; what it gives is handed to `onHeartbeat`. A heartbeat must
   * carry a time of before the read: a process that stops between the two confirms nothing newer.
   */
  readonly beforeRead?: () => Promise<Token>
  /** Called each time that the outbox was read to its end and all that was found is announced. */
  readonly onHeartbeat?: (token: Token) => Promise<void>
  /** Called with what a pass failed by; it is tried again, after a pause that grows to a second. */
  readonly onError?: (error: unknown) => void
}

const longestPauseMs = 1_000

/**
 * Announces what others wrote, and what our own mutations left when their process died: reads the
 * outbox every `pollMs` until disposed, which waits for the pass that is running.
 */
export function createDrainer<Token = void>(options: DrainerOptions<Token>): AsyncDisposable {
  const { database, announce, pollMs = 50, listenUrl, beforeRead, onHeartbeat, onError } = options
  const vacuum = createOutboxVacuum(database)
  const alarm = createAlarm()
  let isClosed = false

  async function drainOnce() {
    const token = await beforeRead?.()
    await drainOutbox(database, announce)
    // What beforeRead gave; without it there is nothing to hand on, and Token is void.
    await onHeartbeat?.(token as Token)
    await vacuum()
  }

  async function run() {
    let failures = 0
    while (!isClosed) {
      try {
        await drainOnce()
        failures = 0
      } catch (error) {
        failures += 1
        onError?.(error)
      }
      const pauseMs = failures === 0 ? pollMs : Math.min(longestPauseMs, pollMs * 2 ** failures)
      if (!isClosed) await alarm.wait(pauseMs)
    }
  }

  const running = run()
  const listening =
    listenUrl === undefined ? null : listen({ url: listenUrl, channel, onNotify: alarm.ring })
  return {
    [Symbol.asyncDispose]: async () => {
      isClosed = true
      alarm.ring()
      await Promise.all([running, listening?.[Symbol.asyncDispose]()])
    },
  }
}

/** A pause that can be cut short; ringing while nobody waits cuts the next pause short. */
function createAlarm() {
  let isRung = false
  let wake = () => {}
  return {
    ring() {
      isRung = true
      wake()
    },
    async wait(ms: number) {
      if (!isRung) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms)
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      }
      isRung = false
    },
  }
}
