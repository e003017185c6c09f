import { setTimeout as pause } from 'node:timers/promises'
import { type Connection, open, type RawRequest } from './http-load.ts'

export interface ArrivalOptions {
  readonly port: number
  readonly perSecond: number
  readonly ms: number
  readonly next: () => RawRequest
  readonly random: () => number
  /** Connections at most; who finds none waits, and that counts. */
  readonly connections: number
}

export interface ArrivalResult {
  readonly sent: number
  readonly seconds: number
  /** Answers by their status. */
  readonly statuses: ReadonlyMap<number, number>
  /** Of the answers that are not refusals, in ms since the request should have been sent. */
  readonly latencies: readonly number[]
}

/**
 * Requests that arrive by chance (Poisson) whether or not those before are answered, as those of many
 * people do: a server that is late makes nobody ask less, and what waited is counted as late.
 */
export async function arrive(options: ArrivalOptions): Promise<ArrivalResult> {
  const { port, perSecond, ms, next, random, connections } = options
  const idle: Connection[] = []
  const waiting: ((connection: Connection) => void)[] = []
  let opened = 0
  const statuses = new Map<number, number>()
  const latencies: number[] = []
  const pending = new Set<Promise<void>>()
  const start = performance.now()
  let sent = 0
  let dueMs = 0

  while (dueMs < ms) {
    const lateMs = performance.now() - start - dueMs
    if (lateMs < 0) await pause(Math.max(1, -lateMs))
    while (dueMs < ms && performance.now() - start >= dueMs) {
      const one = ask(start + dueMs)
      pending.add(one)
      void one.finally(() => pending.delete(one))
      sent += 1
      dueMs += (-Math.log(1 - random()) * 1_000) / perSecond
    }
  }
  await Promise.all(pending)
  for (const connection of idle) connection.close()
  return { sent, seconds: (performance.now() - start) / 1_000, statuses, latencies }

  async function ask(due: number): Promise<void> {
    const connection = await take()
    try {
      const { status } = await connection.ask(next())
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
      if (status < 400) latencies.push(performance.now() - due)
      giveBack(connection)
    } catch {
      statuses.set(0, (statuses.get(0) ?? 0) + 1)
      opened -= 1
    }
  }

  async function take(): Promise<Connection> {
    const free = idle.pop()
    if (free) return free
    if (opened < connections) {
      opened += 1
      return open(port)
    }
    return new Promise((resolve) => waiting.push(resolve))
  }

  function giveBack(connection: Connection): void {
    const first = waiting.shift()
    if (first) first(connection)
    else idle.push(connection)
  }
}
