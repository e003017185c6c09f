import { type ActorOptions, type Counts, createActors } from '../workload/actors.ts'
import { createRandom } from '../workload/random.ts'
import type { Arena } from './arena.ts'
import { nowMs, sleep, until } from './clock.ts'
import { createInspector, type Inspector, type Violation } from './inspector.ts'

export interface RunOptions extends ActorOptions {
  /** Reads to check. */
  readonly operations: number
  readonly seed: number
  /** Who read and write at the same time. @default 8 */
  readonly clients?: number
  /** The share of writes among what the clients do, and of those from outside among them. @default 0.04, 0.3 */
  readonly writeShare?: number
  readonly outsideShare?: number
  /** What goes wrong meanwhile; it ends soon after the signal is aborted. @default nothing */
  readonly trouble?: (signal: AbortSignal) => Promise<void>
  /** Ends the run at the first violation: enough to say that there is one. */
  readonly untilViolated?: boolean
  /** However few were checked by then. @default an hour for each million */
  readonly timeoutMs?: number
  readonly onProgress?: (checked: number, violations: number) => void
  /** Called soon after it was found, while the history that explains it is still known. */
  readonly onViolation?: (violation: Violation) => void
  /** Ends the run when it is aborted. */
  readonly signal?: AbortSignal
}

export interface RunResult {
  readonly checked: number
  readonly counts: Counts
  readonly outcomes: Inspector['outcomes']
  readonly violations: readonly Violation[]
  /** Acknowledged mutations and announced writes whose effect never came. */
  readonly lost: readonly string[]
  readonly seconds: number
}

/** Lets clients read and write at random, judges every answer, and in the end reads everything again. */
export async function runWorkload(arena: Arena, options: RunOptions): Promise<RunResult> {
  const { operations, seed, clients = 8, writeShare = 0.04, outsideShare = 0.3 } = options
  const inspector = createInspector(arena)
  const actors = createActors(arena, inspector, options)
  const startMs = nowMs()
  const endMs = startMs + (options.timeoutMs ?? 3_600_000 * Math.max(1, operations / 1e6))
  const controller = new AbortController()
  options.signal?.addEventListener('abort', () => controller.abort())
  const isOver = () =>
    controller.signal.aborted ||
    inspector.checked >= operations ||
    nowMs() > endMs ||
    (options.untilViolated === true && inspector.violations.length > 0)

  await together([
    ...Array.from({ length: clients }, (_, client) => act(client)),
    inspect(),
    options.trouble?.(controller.signal),
  ])
  const lost = options.untilViolated ? [] : await settle()
  const seconds = (nowMs() - startMs) / 1_000
  const { checked, outcomes, violations } = inspector
  return { checked, outcomes, violations, lost, seconds, counts: actors.counts }

  /** Until it is over; whatever fails ends all, and is told when all have ended. */
  async function together(parts: readonly (Promise<void> | undefined)[]) {
    const ended = parts.map((part) =>
      part?.catch((error: unknown) => {
        controller.abort()
        throw error
      }),
    )
    void Promise.allSettled(ended.slice(0, clients)).then(() => controller.abort())
    const results = await Promise.allSettled(ended)
    for (const result of results) if (result.status === 'rejected') throw result.reason
  }

  async function act(client: number) {
    const random = createRandom(seed * 1_000 + client)
    while (!isOver()) {
      if (!random.chance(writeShare)) await actors.readOnce(random)
      else if (random.chance(outsideShare)) await actors.outsideOnce(random)
      else await actors.writeOnce(random)
    }
  }

  async function inspect() {
    let reportedMs = nowMs()
    let told = 0
    while (!isOver()) {
      await inspector.finish().catch(unlessReplaced)
      for (const violation of inspector.violations.slice(told)) options.onViolation?.(violation)
      told = inspector.violations.length
      arena.history.forget(nowMs() - 60_000)
      if (nowMs() - reportedMs > 15_000) {
        reportedMs = nowMs()
        options.onProgress?.(inspector.checked, inspector.violations.length)
      }
      await sleep(50)
    }
  }

  /** When all is quiet, everybody must see everything. */
  async function settle(): Promise<readonly string[]> {
    await inspector.finish()
    const lost: string[] = []
    await until('all writes to be announced', async () => {
      await arena.audit.catchUp()
      return arena.audit.waiting === 0
    }).catch((error: Error) => lost.push(error.message))
    const before = inspector.violations.length
    const random = createRandom(seed)
    for (const server of arena.servers) {
      for (let read = 0; read < 150; read += 1) await actors.readOnce(random, server)
    }
    await inspector.finish()
    for (const operation of actors.counts.acknowledged) {
      if (!arena.audit.hasCommitted(operation)) lost.push(`${operation.what} was never committed`)
    }
    const never = inspector.violations.length - before
    return never === 0 ? lost : [...lost, `${never} answers wrong when all was quiet`]
  }
}

/** The checker's own connection was closed with all others; the next round has a new one. */
async function unlessReplaced(error: unknown): Promise<void> {
  if (!/terminat|closed|ECONNRESET|not queryable/i.test(String(error))) throw error
  await sleep(100)
}
