import type { Listener } from './events.ts'
import { createLogHistogram, type LogHistogram } from './log-histogram.ts'
import type { NamedOperation } from './name-operation.ts'
import { outcomeOf } from './outcome-of.ts'

export interface OperationFigures {
  readonly name: string
  readonly requests: number
  readonly failed: number
  readonly hits: number
  readonly p50Ms: number
  readonly p95Ms: number
  readonly totalMs: number
  /** Of one that was computed, in the middle of all. */
  readonly statements: number
}

export interface OperationKeeper {
  readonly listener: Listener
  /** Those that took the most time lately, all their requests together. */
  slowest(count: number): readonly OperationFigures[]
}

interface Kept {
  requests: number
  failed: number
  hits: number
  statements: number
  computed: number
  readonly ms: LogHistogram
}

/** "Lately" is the last one to two of these. */
const windowMs = 5 * 60_000

export function createOperationFigures(
  labelOf: (operation: NamedOperation | null) => string,
  nowMs: () => number = () => performance.now(),
): OperationKeeper {
  let current = new Map<string, Kept>()
  let before = new Map<string, Kept>()
  let beganMs = nowMs()

  function turnOver(): void {
    const now = nowMs()
    if (now < beganMs + windowMs) return
    before = now < beganMs + 2 * windowMs ? current : new Map()
    current = new Map()
    beganMs = now
  }

  return {
    listener: {
      requestEnded(facts) {
        if (facts.route !== 'graphql') return
        turnOver()
        const label = labelOf(facts.operation)
        const kept = current.get(label) ?? createKept()
        current.set(label, kept)
        kept.requests += 1
        kept.ms.add(facts.ms)
        if (outcomeOf(facts) === 'failed') kept.failed += 1
        const isHit = facts.cache?.outcome === 'hit' || facts.cache?.outcome === 'joined'
        if (isHit) kept.hits += 1
        if (isHit || !facts.tally) return
        kept.computed += 1
        kept.statements += facts.tally.statements.length
      },
    },
    slowest(count) {
      turnOver()
      const names = new Set([...current.keys(), ...before.keys()])
      return [...names]
        .map((name) => describe(name, [current.get(name), before.get(name)]))
        .sort((a, b) => b.totalMs - a.totalMs)
        .slice(0, count)
    },
  }
}

function createKept(): Kept {
  return { requests: 0, failed: 0, hits: 0, statements: 0, computed: 0, ms: createLogHistogram() }
}

function describe(name: string, parts: readonly (Kept | undefined)[]): OperationFigures {
  const sum = createKept()
  for (const part of parts) {
    if (!part) continue
    sum.requests += part.requests
    sum.failed += part.failed
    sum.hits += part.hits
    sum.statements += part.statements
    sum.computed += part.computed
    sum.ms.include(part.ms)
  }
  return {
    name,
    requests: sum.requests,
    failed: sum.failed,
    hits: sum.hits,
    p50Ms: sum.ms.quantile(0.5),
    p95Ms: sum.ms.quantile(0.95),
    totalMs: sum.ms.sumMs,
    statements: sum.computed === 0 ? 0 : sum.statements / sum.computed,
  }
}
