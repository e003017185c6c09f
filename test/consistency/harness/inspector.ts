import type { Answer, Fault } from '../model/bench.ts'
import { judge } from '../model/judge.ts'
import type { Window } from '../model/view.ts'
import type { Arena } from './arena.ts'
import type { CacheOutcome } from './client.ts'
import { nowMs, sleep } from './clock.ts'

/** An answer, when it was asked for, and by whom it was given. */
export interface Observation {
  readonly question: string
  readonly answer: Answer
  readonly window: Window
  readonly server: number
  readonly cache: CacheOutcome | null
}

/**
 * - `stale`: right some time ago, before a write that had been acknowledged
 * - `foreign`: never right for this viewer; somebody else's, or nobody's
 */
export interface Violation {
  readonly kind: 'stale' | 'foreign'
  /** By how much earlier the answer would have been right; null when never. */
  readonly behindMs: number | null
  readonly observation: Observation
  readonly faults: readonly Fault[]
}

/** Judges answers as soon as all that could explain them is known. */
export interface Inspector {
  add(observation: Observation): void
  /** Judges all that was added until now. */
  finish(): Promise<void>
  readonly checked: number
  /** Answers of each kind: `hit public`, `miss own`, ... */
  readonly outcomes: ReadonlyMap<string, number>
  readonly violations: readonly Violation[]
}

const stepsBackMs = [20, 100, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 600_000, 1e12]

export function createInspector({ audit, history }: Pick<Arena, 'audit' | 'history'>): Inspector {
  const queue: Observation[] = []
  const violations: Violation[] = []
  const outcomes = new Map<string, number>()
  let checked = 0

  async function inspect() {
    const completeMs = await audit.catchUp()
    const ripe = queue.filter(({ window }) => window.endMs <= completeMs)
    queue.splice(0, queue.length, ...queue.filter(({ window }) => window.endMs > completeMs))
    for (const observation of ripe) {
      check(observation)
      // Answers that come meanwhile must not wait for long: their windows would grow.
      await new Promise(setImmediate)
    }
  }

  function check(observation: Observation) {
    const { answer, window, cache } = observation
    checked += 1
    const outcome = [cache?.outcome ?? 'none', cache?.scope ?? cache?.reason ?? ''].join(' ').trim()
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
    const faults = judge(answer, history, window)
    if (faults.length === 0) return
    const behindMs = stepsBackMs.find(
      (ms) => judge(answer, history, { ...window, startMs: window.startMs - ms }).length === 0,
    )
    const kind = behindMs === undefined ? 'foreign' : 'stale'
    violations.push({ kind, behindMs: behindMs ?? null, observation, faults })
  }

  return {
    add: (observation) => void queue.push(observation),
    async finish() {
      while (queue.length > 0) {
        await inspect()
        if (queue.length > 0) await sleep(20)
      }
    },
    get checked() {
      return checked
    },
    outcomes,
    violations,
  }
}

/** When the window of a request that has just been answered began and ended. */
export function windowSince(startMs: number): Window {
  return { startMs, endMs: nowMs() }
}
