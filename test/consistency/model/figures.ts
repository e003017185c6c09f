import type { Row } from './history.ts'
import { maybe, no, type Tri } from './kleene.ts'
import type { View } from './view.ts'

/** The values that a figure may have; said in words for a report. */
export interface Possible {
  has(value: unknown): boolean
  /** Whether there is only one. */
  readonly isCertain: boolean
  readonly words: string
}

/** Rows that a figure is made of: those that may be there, and what each may be. */
export interface Rows {
  readonly model: string
  readonly ids: Iterable<string>
  readonly where: (row: Row) => Tri
}

export function countOf(view: View, { model, ids, where }: Rows): Possible {
  let least = 0
  let most = 0
  for (const id of ids) {
    const found = view.one(model, id, where)
    if (found !== no) most += 1
    if (found !== no && found !== maybe) least += 1
  }
  return between(least, most)
}

function between(least: number, most: number): Possible {
  return {
    has: (value) => typeof value === 'number' && value >= least && value <= most,
    isCertain: least === most,
    words: least === most ? String(least) : `${least} to ${most}`,
  }
}

/**
 * A figure over sums: `terms` says what a row adds to each, `figure` what they make. All combinations
 * are tried; when writes have left too many open, any number is taken for possible.
 */
export function sumsOf(
  view: View,
  rows: Rows,
  how: {
    readonly terms: (row: Row) => readonly number[]
    readonly figure: (sums: readonly number[]) => number | null
  },
): Possible {
  const { model, ids, where } = rows
  let sums = new Map<string, readonly number[]>()
  for (const id of ids) {
    const options: (readonly number[])[] = []
    for (const row of view.possible(model, id)) {
      const found = row === null ? no : where(row)
      if (found !== 2) options.push([])
      if (row !== null && found !== no) options.push(how.terms(row))
    }
    sums = combine(sums, options)
    if (sums.size > 500) return { has: () => true, isCertain: false, words: 'anything' }
  }
  const none = how.figure([])
  const values = sums.size === 0 ? [none] : [...sums.values()].map((sum) => how.figure(sum))
  return {
    has: (value) => values.some((possible) => isSame(possible, value)),
    isCertain: new Set(values).size === 1,
    words: [...new Set(values)].join(' or '),
  }
}

function combine(
  sums: ReadonlyMap<string, readonly number[]>,
  options: readonly (readonly number[])[],
): Map<string, readonly number[]> {
  const combined = new Map<string, readonly number[]>()
  for (const sum of sums.size === 0 ? [[]] : sums.values()) {
    for (const terms of options) {
      const next = terms.length === 0 ? sum : terms.map((term, place) => term + (sum[place] ?? 0))
      combined.set(next.join(), next)
    }
  }
  return combined
}

/** PostgreSQL adds floats in another order than we do. */
function isSame(possible: number | null, value: unknown): boolean {
  if (possible === null || typeof value !== 'number') return possible === value
  return Math.abs(possible - value) < 1e-9 * Math.max(1, Math.abs(possible))
}
