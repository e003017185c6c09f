/**
 * Keyset paging: which rows come after a cursor, as ranges that an index on (key, order..., id) can
 * start at, instead of one condition that it would have to filter by. A term is compared in its own
 * direction; NULLs stand where the term says. Adjacent terms of one direction without NULLs become a
 * row value, `(a, b) < (x, y)`, which PostgreSQL seeks to directly.
 */
export interface KeysetTerm {
  /** SQL of the order value. */
  readonly sql: string
  readonly direction: Direction
  readonly nulls: 'first' | 'last'
  readonly isNullable: boolean
}

export type Direction = 'asc' | 'desc'

/** A cursor's value of a term: the SQL that refers to it, and whether it is NULL. */
export interface KeysetValue {
  readonly sql: string
  readonly isNull: boolean
}

/** The terms that read the same list from its other end. */
export function reverseTerms(terms: readonly KeysetTerm[]): readonly KeysetTerm[] {
  return terms.map((term) => ({
    ...term,
    direction: term.direction === 'asc' ? 'desc' : 'asc',
    nulls: term.nulls === 'first' ? 'last' : 'first',
  }))
}

export function orderBy(terms: readonly KeysetTerm[]): string {
  return terms
    .map(({ sql, direction, nulls, isNullable }) => {
      const usual = direction === 'asc' ? 'last' : 'first'
      const placement = isNullable && nulls !== usual ? ` NULLS ${nulls.toUpperCase()}` : ''
      return `${sql}${direction === 'desc' ? ' DESC' : ''}${placement}`
    })
    .join(', ')
}

/**
 * Conditions of which exactly one holds for every row strictly after the values, nearest range last
 * (the order of the ranges carries no meaning; the reader sorts what they give).
 */
export function rangesAfter(
  terms: readonly KeysetTerm[],
  values: readonly KeysetValue[],
): readonly string[] {
  const ranges: string[] = []
  const prefix: string[] = []
  let index = 0
  while (index < terms.length) {
    const run = runLength(terms, values, index)
    const term = at(terms, index)
    if (run === 0) {
      if (term.nulls === 'first') ranges.push(conjunction([...prefix, `${term.sql} IS NOT NULL`]))
      prefix.push(`${term.sql} IS NULL`)
      index += 1
      continue
    }
    const runTerms = terms.slice(index, index + run)
    const runValues = values.slice(index, index + run)
    ranges.push(conjunction([...prefix, compareRun(runTerms, runValues)]))
    for (const [offset, runTerm] of runTerms.entries()) {
      if (runTerm.isNullable && runTerm.nulls === 'last') {
        const equals = runTerms.slice(0, offset).map((t, i) => `${t.sql} = ${at(runValues, i).sql}`)
        ranges.push(conjunction([...prefix, ...equals, `${runTerm.sql} IS NULL`]))
      }
    }
    prefix.push(...runTerms.map((t, i) => `${t.sql} = ${at(runValues, i).sql}`))
    index += run
  }
  return ranges
}

/** How many terms from `index` on have one direction and values that are not NULL. */
function runLength(
  terms: readonly KeysetTerm[],
  values: readonly KeysetValue[],
  index: number,
): number {
  const { direction } = at(terms, index)
  let length = 0
  for (let i = index; i < terms.length; i += 1) {
    if (at(values, i).isNull || at(terms, i).direction !== direction) break
    length += 1
  }
  return length
}

function compareRun(terms: readonly KeysetTerm[], values: readonly KeysetValue[]): string {
  const sign = at(terms, 0).direction === 'asc' ? '>' : '<'
  const left = terms.map(({ sql }) => sql).join(', ')
  const right = values.map(({ sql }) => sql).join(', ')
  return terms.length === 1 ? `${left} ${sign} ${right}` : `(${left}) ${sign} (${right})`
}

function conjunction(parts: readonly string[]): string {
  return parts.join(' AND ')
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index]
  if (item === undefined) throw new Error(`A cursor has no value for order term ${index + 1}`)
  return item
}
