import type { BypassReason, FillOutcome } from './store.ts'

/** What the scripts answer, parsed; anything else is a fault of ours and throws. */
export type LookUpReply =
  | { readonly reason: BypassReason }
  | {
      readonly reason: null
      readonly series: string
      readonly order: number
      readonly nowMs: number
      readonly corrupt: number
      /** Which of the keys has an answer that may be served; null when none has. */
      readonly found: number | null
      /** Whether what stands under the key beside them may be used. */
      readonly hasBeside: boolean
    }

export function parseLookUp(reply: unknown): LookUpReply {
  const [outcome, index, series, order, nowUs, corrupt, isBeside] = listOf(reply)
  const word = String(outcome)
  if (isOneOf(bypassReasons, word)) return { reason: word }
  if (!Buffer.isBuffer(series)) throw unexpected(reply)
  return {
    reason: null,
    series: series.toString('hex'),
    order: Number(order),
    nowMs: Number(nowUs) / 1000,
    corrupt: Number(corrupt),
    found: word === 'hit' ? Number(index) : null,
    hasBeside: isBeside === 1,
  }
}

export function parseFill(reply: unknown): FillOutcome {
  const word = String(reply)
  if (!isOneOf(fillOutcomes, word)) throw unexpected(reply)
  return word
}

/** The moment to hand in next time, and the eviction policy when it is one that cannot be used. */
export function parseBeat(reply: unknown): { readonly moment: string; readonly policy: string } {
  const [moment, policy] = listOf(reply)
  return { moment: String(moment), policy: String(policy) }
}

export function parseDescribe(reply: unknown) {
  const [keys, bytes, tags] = listOf(reply).map(Number)
  // Two keys are the store's own, and one member of the set is the series.
  return {
    entries: Math.max(0, (keys ?? 0) - 2),
    bytes: bytes ?? null,
    tags: Math.max(0, (tags ?? 0) - 1),
  }
}

const bypassReasons = ['starting', 'no-heartbeat', 'evicting'] as const satisfies BypassReason[]

const fillOutcomes = [
  ...bypassReasons,
  'accepted',
  'overtaken',
  'expired',
  'full',
] as const satisfies FillOutcome[]

function isOneOf<Word extends string>(words: readonly Word[], word: string): word is Word {
  return words.some((known) => known === word)
}

function listOf(reply: unknown): readonly unknown[] {
  if (!Array.isArray(reply)) throw unexpected(reply)
  return reply
}

function unexpected(reply: unknown): Error {
  return new Error(`A script of the cache answered ${String(reply).slice(0, 100)}`)
}
