import { type NaiveRow, rank } from './naive-tables.ts'

/** One term of an order: what it goes by, which way, and where NULLs stand. */
export interface NaiveTerm {
  readonly by: (row: NaiveRow) => number | bigint | null
  readonly isDescending: boolean
  readonly nullsFirst: boolean
}

export function asc(column: string | NaiveTerm['by'], nulls: 'first' | 'last' = 'last'): NaiveTerm {
  return { by: termValue(column), isDescending: false, nullsFirst: nulls === 'first' }
}

export function desc(
  column: string | NaiveTerm['by'],
  nulls: 'first' | 'last' = 'first',
): NaiveTerm {
  return { by: termValue(column), isDescending: true, nullsFirst: nulls === 'first' }
}

function termValue(column: string | NaiveTerm['by']): NaiveTerm['by'] {
  return typeof column === 'string' ? (row) => rank(row, column) : column
}

export interface NaivePageArguments {
  readonly first?: number | null
  readonly last?: number | null
  readonly after?: string | null
  readonly before?: string | null
}

export interface NaiveConnection {
  readonly kind: 'connection'
  readonly all: readonly NaiveRow[]
  readonly page: readonly NaiveRow[]
  readonly hasNextPage: boolean
  readonly hasPreviousPage: boolean
  readonly order: readonly NaiveTerm[]
}

/**
 * The whole list, sorted and sliced: `first` (20 by default) from the start or `last` from the end of
 * what lies strictly between the cursors. Of the flags, the one in the direction of reading tells if
 * the slice left something over; the other, if rows lie beyond or at the cursor that it started from.
 */
export function paginate(
  rows: readonly NaiveRow[],
  terms: readonly NaiveTerm[],
  args: NaivePageArguments,
  rowOf: (cursor: string) => NaiveRow,
): NaiveConnection {
  const order = withKey(rows[0], terms)
  const all = [...rows].sort((a, b) => compare(a, b, order))
  const after = args.after == null ? null : rowOf(args.after)
  const before = args.before == null ? null : rowOf(args.before)
  const between = all.filter(
    (row) =>
      (!after || compare(row, after, order) > 0) && (!before || compare(row, before, order) < 0),
  )
  const shared = { kind: 'connection', all, order } as const
  if (args.last != null) {
    return {
      ...shared,
      page: between.slice(Math.max(0, between.length - args.last)),
      hasPreviousPage: between.length > args.last,
      hasNextPage: before !== null && all.some((row) => compare(row, before, order) >= 0),
    }
  }
  const first = args.first ?? 20
  return {
    ...shared,
    page: between.slice(0, first),
    hasNextPage: between.length > first,
    hasPreviousPage: after !== null && all.some((row) => compare(row, after, order) <= 0),
  }
}

/** 1 + the number of rows that come strictly before by the first term. */
export function placeOf(row: NaiveRow, { all, order }: NaiveConnection): number {
  const first = order.slice(0, 1)
  return 1 + all.filter((other) => compare(other, row, first) < 0).length
}

/** Every order ends with the key, in the direction of the last term. */
function withKey(row: NaiveRow | undefined, terms: readonly NaiveTerm[]): readonly NaiveTerm[] {
  const key = row?.table.key ?? []
  const isDescending = terms.at(-1)?.isDescending ?? false
  return [...terms, ...key.map((column) => (isDescending ? desc(column) : asc(column)))]
}

function compare(a: NaiveRow, b: NaiveRow, terms: readonly NaiveTerm[]): number {
  for (const { by, isDescending, nullsFirst } of terms) {
    const left = by(a)
    const right = by(b)
    if (left === right) continue
    if (left === null) return nullsFirst ? -1 : 1
    if (right === null) return nullsFirst ? 1 : -1
    return left < right === isDescending ? 1 : -1
  }
  return 0
}
