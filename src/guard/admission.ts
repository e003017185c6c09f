import { AppError } from '../errors.ts'
import type { Cancellation } from '../sql/cancellation.ts'
import type { Limits } from './limits.ts'
import { createRecentUse } from './recent-use.ts'

/** Decides when an operation may run, so that those that run are not slowed down by those that wait. */
export interface Admission {
  /**
   * Refuses who would be refused a turn now: to be asked before anything that costs something.
   * @throws AppError `SERVICE_UNAVAILABLE`
   */
  expect(viewer: string): void
  /**
   * Waits for a turn; what it gives ends it, and must be called once.
   *
   * @param asked how much it may read at worst
   * @throws AppError `SERVICE_UNAVAILABLE` when there is no turn soon; the reason of the signal when
   * that comes first
   */
  enter(
    viewer: string,
    signal: Cancellation,
    asked?: { readonly rows: number },
  ): Promise<() => void>
  /** Whether as much of the viewer's runs as may. */
  isAtShare(viewer: string): boolean
  readonly running: number
  readonly waiting: number
}

/** What is measured of the process; asked before each operation that would be let in. */
export interface Pressure {
  /** Milliseconds by which the event loop was late lately. */
  loopDelayMs(): number
  /** Statements that wait for a connection. */
  waitingStatements(): number
}

interface Waiting {
  readonly rows: number
  readonly begin: () => void
}

interface Asking {
  readonly viewer: string
  readonly rows: number
}

/** How much of the mean is the newest operation's time. */
const weightOfNewest = 0.05

/** Whose operations ran for half of the last second, one after the other, is not asking now and then. */
const busyFrom = 0.5

/**
 * Lets so many operations run at a time, and of each viewer a part of them. Who has to wait takes
 * turns by viewer, not by operation: somebody who asks for a thousand things waits for their own. Who
 * keeps on asking while others do has a smaller part, as all share one event loop.
 *
 * Those that run may read so many rows together: what they hold is copied by each collection of young
 * objects. Nobody passes who waits for room, or an expensive operation would wait for ever.
 *
 * Whoever would wait too long, by how many wait and how long operations have been taking, is refused
 * at once and not after they have waited: that is what keeps those fast who are let in, however many
 * ask. An operation that waited too long all the same is refused too, as is one that comes while the
 * event loop is late. An idle process lets everybody in, however late its loop was.
 */
export function createAdmission(
  limits: Pick<
    Limits,
    'executions' | 'executionsPerViewer' | 'rowsAtATime' | 'queued' | 'queueMs' | 'loopDelayMs'
  >,
  pressure: Pressure,
  nowMs: () => number = () => performance.now(),
): Admission {
  const { executions, executionsPerViewer, rowsAtATime, queued, queueMs, loopDelayMs } = limits
  const recent = createRecentUse(nowMs)
  const runningOf = new Map<string, number>()
  /** Whose turn is next stands first. */
  const queues = new Map<string, Waiting[]>()
  let running = 0
  let runningRows = 0
  let waiting = 0
  let meanMs = 0

  return {
    get running() {
      return running
    },
    get waiting() {
      return waiting
    },
    expect,
    isAtShare: (viewer) => (runningOf.get(viewer) ?? 0) >= shareOf(viewer),
    async enter(viewer, signal, { rows } = { rows: 0 }) {
      signal.throwIfAborted()
      recent.asks(viewer)
      if (!expect(viewer, rows)) await turn({ viewer, rows }, signal)
      else begin(viewer, rows)
      return leave(viewer, rows)
    },
  }

  /** Whether it may begin now; if not, it would get a turn soon. */
  function expect(viewer: string, rows = 0): boolean {
    if (running > 0 && pressure.loopDelayMs() > loopDelayMs) {
      throw overloaded('The server has too much to do')
    }
    if (isNext(viewer, rows)) return true
    if (waiting >= queued || expectedWaitMs(viewer) > queueMs) {
      throw overloaded('Too many requests wait already')
    }
    return false
  }

  function isNext(viewer: string, rows: number): boolean {
    return mayRun(viewer) && !queues.has(viewer) && hasRoom(rows) && !isRoomAwaited()
  }

  function hasRoom(rows: number): boolean {
    return running === 0 || runningRows + rows <= rowsAtATime
  }

  function isRoomAwaited(): boolean {
    for (const [viewer, [next]] of queues) {
      if (next && mayRun(viewer) && !hasRoom(next.rows)) return true
    }
    return false
  }

  function mayRun(viewer: string): boolean {
    if (running === 0) return true
    if (running >= executions || pressure.waitingStatements() >= executions) return false
    return (runningOf.get(viewer) ?? 0) < shareOf(viewer)
  }

  /**
   * All that one may have, for whoever asks now and then, and as long as nobody else does. Who keeps
   * the process busy shares it with the others: what runs already cannot be put off for them.
   */
  function shareOf(viewer: string): number {
    if (recent.concurrencyOf(viewer) < busyFrom) return executionsPerViewer
    return Math.max(1, Math.floor(executionsPerViewer / Math.max(1, recent.viewers)))
  }

  /** Until it is the turn of the next to come: behind all others, and behind the viewer's own. */
  function expectedWaitMs(viewer: string): number {
    const ahead = waiting / executions
    const aheadOfOwn = (queues.get(viewer)?.length ?? 0) / shareOf(viewer)
    return meanMs * Math.max(ahead, aheadOfOwn)
  }

  function begin(viewer: string, rows: number): void {
    running += 1
    runningRows += rows
    runningOf.set(viewer, (runningOf.get(viewer) ?? 0) + 1)
  }

  function leave(viewer: string, rows: number): () => void {
    const startMs = nowMs()
    let hasLeft = false
    return () => {
      if (hasLeft) return
      hasLeft = true
      const ms = nowMs() - startMs
      meanMs += (ms - meanMs) * weightOfNewest
      recent.ran(viewer, ms)
      running -= 1
      runningRows -= rows
      const own = (runningOf.get(viewer) ?? 1) - 1
      if (own > 0) runningOf.set(viewer, own)
      else runningOf.delete(viewer)
      letIn()
    }
  }

  function turn({ viewer, rows }: Asking, signal: Cancellation): Promise<void> {
    return new Promise((resolve, reject) => {
      const own: Waiting = {
        rows,
        begin: () => {
          stop()
          begin(viewer, rows)
          resolve()
        },
      }
      const giveUp = (reason: unknown) => {
        stop()
        reject(reason)
      }
      const onAbort = () => giveUp(signal.reason)
      const timer = setTimeout(() => giveUp(overloaded('No turn came in time')), queueMs)
      const stop = () => {
        clearTimeout(timer)
        signal.removeEventListener('abort', onAbort)
        remove(viewer, own)
      }
      signal.addEventListener('abort', onAbort, { once: true })
      const queue = queues.get(viewer)
      if (queue) queue.push(own)
      else queues.set(viewer, [own])
      waiting += 1
    })
  }

  function remove(viewer: string, one: Waiting): void {
    const queue = queues.get(viewer)
    const index = queue?.indexOf(one) ?? -1
    if (!queue || index < 0) return
    queue.splice(index, 1)
    waiting -= 1
    if (queue.length === 0) queues.delete(viewer)
  }

  function letIn(): void {
    while (running < executions && letInNext());
  }

  /** The first whose viewer may have one more; whether there was one. */
  function letInNext(): boolean {
    for (const [viewer, [next]] of queues) {
      if (!next || !mayRun(viewer)) continue
      if (!hasRoom(next.rows)) return false
      next.begin()
      const rest = queues.get(viewer)
      if (rest) {
        // To the end: the others come first now.
        queues.delete(viewer)
        queues.set(viewer, rest)
      }
      return true
    }
    return false
  }
}

function overloaded(message: string): AppError {
  return new AppError('SERVICE_UNAVAILABLE', `${message}: try again in a moment`)
}
