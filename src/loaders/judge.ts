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

/**
 * The row where a rule holds for it, given what of it is left undecided; else null. Rows that arrive
 * together are answered together, also those that need no look-up: else the fields below them would
 * go on at two times, and read everything in two statements.
 */
export function createJudge(
  parts: LoaderParts,
): (rule: Condition, rest: CheckRequest) => Row | null | Promise<Row | null> {
  const check = createCheckLoader(parts)
  const groups = new Map<Condition, Group>()

  function decide(request: CheckRequest): boolean | Promise<boolean> {
    const { kind } = request.condition
    return kind === 'always' || kind === 'never' ? kind === 'always' : check(request)
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

  return (rule, rest) => {
    const { row } = rest
    if (!asksBeyondRow(rule)) {
      const verdict = decide(rest)
      if (typeof verdict === 'boolean') return verdict ? row : null
      return verdict.then((holds) => (holds ? row : null))
    }
    const { requests, verdicts } = groups.get(rule) ?? openGroup(rule)
    const place = requests.push(rest) - 1
    return verdicts.then((all) => {
      const verdict = all[place]
      if (verdict?.status === 'fulfilled') return verdict.value ? row : null
      throw verdict?.reason
    })
  }
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
