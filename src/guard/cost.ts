/** What an operation may cost at worst. */
export interface Cost {
  /** Rows that it may read; a figure counts as ten, a mutation as ten and one for each item given. */
  readonly rows: number
  /** Values that its answer may have. */
  readonly values: number
  /** The field that adds most to `rows`, and how much. */
  readonly worst: { readonly path: string; readonly rows: number }
}

export const free: Cost = { rows: 0, values: 0, worst: { path: '', rows: 0 } }

/** For what cannot be measured in reasonable time. */
export function endless(path: string): Cost {
  return { rows: Infinity, values: Infinity, worst: { path, rows: Infinity } }
}

/** Both. */
export function beside(left: Cost, right: Cost): Cost {
  return {
    rows: left.rows + right.rows,
    values: left.values + right.values,
    worst: right.worst.rows > left.worst.rows ? right.worst : left.worst,
  }
}

/** Either. */
export function atMost(left: Cost, right: Cost): Cost {
  const { rows, worst } = right.rows > left.rows ? right : left
  return { rows, worst, values: Math.max(left.values, right.values) }
}

/** A field that reads `rows` by itself, and what is selected in it. */
export function paid(rows: number, path: string, inner: Cost): Cost {
  const worst = rows > inner.worst.rows ? { path, rows } : inner.worst
  return { rows: inner.rows + rows, values: inner.values, worst }
}
