import { type Condition, relatedParts } from '../sql/condition.ts'
import type { Row } from '../sql/decode.ts'
import { type CheckRequest, createCheckLoader } from './check-loader.ts'
import type { LoaderParts } from './row-loader.ts'

/** Rows that one rule was asked about in one go. */
interface Group {
  readonly requests: CheckRequest[]
  readonly verdicts: Promise<Verdicts>
}

type Verdicts = readonly PromiseSettledResult<boolean>[]

/** Who may see a row, given what of a rule is left undecided for it. */
export interface Judge {
  /** The row where the rule holds for it, else null: at once where nothing needs to be looked up. */
  one(rule: Condition, rest: CheckRequest): Row | null | Promise<Row | null>
  /** The same for several rows, with one promise for all; an error where one could not be judged. */
  all(rule: Condition, rests: readonly CheckRequest[]): Judged | Promise<Judged>
}

type Judged = readonly (Row | null | Error | Promise<Row | null>)[]

/**
 * Rows that arrive together are answered together, also those that need no look-up: else the fields
 * below them would go on at two times, and read everything in two statements.
 */
export function createJudge(parts: LoaderParts): Judge {
  const check = createCheckLoader(parts)
  const groups = new Map<Condition, Group>()

  function decide(request: CheckRequest): boolean | Promise<boolean> {
    const { kind } = request.condition
    return kind === 'always' || kind === 'never' ? kind === 'always' : check(request)
  }

  function decideAlone(request: CheckRequest): Row | null | Promise<Row | null> {
    const { row } = request
    const verdict = decide(request)
    if (typeof verdict === 'boolean') return verdict ? row : null
    return verdict.then((holds) => (holds ? row : null))
  }

  function openGroup(rule: Condition): Group {
    const requests: CheckRequest[] = []
    // Rows of one statement are handed on one after the other, before anything that they start.
    const verdicts = Promise.resolve().then(() => {
      groups.delete(rule)
      return settle(requests.map(decide))
    })
    const group = { requests, verdicts }
    groups.set(rule, group)
    return group
  }

  return {
    one(rule, rest) {
      if (!asksBeyondRow(rule)) return decideAlone(rest)
      const { requests, verdicts } = groups.get(rule) ?? openGroup(rule)
      const place = requests.push(rest) - 1
      return verdicts.then((all) => {
        const outcome = outcomeOf(all[place], rest)
        if (outcome instanceof Error) throw outcome
        return outcome
      })
    },
    all(rule, rests) {
      if (!asksBeyondRow(rule)) return rests.map(decideAlone)
      const { requests, verdicts } = groups.get(rule) ?? openGroup(rule)
      const start = requests.length
      requests.push(...rests)
      return verdicts.then((all) => rests.map((rest, index) => outcomeOf(all[start + index], rest)))
    },
  }
}

function outcomeOf(verdict: Verdicts[number] | undefined, { row }: CheckRequest) {
  if (verdict?.status === 'fulfilled') return verdict.value ? row : null
  const reason: unknown = verdict?.reason
  return reason instanceof Error ? reason : new Error(String(reason))
}

const asking = new WeakMap<Condition, boolean>()

function asksBeyondRow(rule: Condition): boolean {
  const known = asking.get(rule)
  if (known !== undefined) return known
  const asks = relatedParts(rule).length > 0
  asking.set(rule, asks)
  return asks
}

function settle(verdicts: readonly (boolean | Promise<boolean>)[]): Verdicts | Promise<Verdicts> {
  const known = verdicts.filter((verdict) => typeof verdict === 'boolean')
  if (known.length < verdicts.length) return Promise.allSettled(verdicts)
  return known.map((value) => ({ status: 'fulfilled', value }))
}
