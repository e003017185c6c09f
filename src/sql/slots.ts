/**
 * The values of one item of a batch. A batched statement reads them from `unnest($1, $2, ...) AS k`,
 * one array per slot and one element per item, so that items with different values share its text.
 */
export interface Slots {
  /** Adds a value and returns the SQL that refers to it. */
  add(sqlType: string, value: unknown): string
  readonly types: readonly string[]
  readonly values: readonly unknown[]
}

/** `prefix` keeps the slots of a statement's parts apart. */
export function createSlots(prefix: string): Slots {
  const types: string[] = []
  const values: unknown[] = []
  return {
    types,
    values,
    add(sqlType, value) {
      types.push(sqlType)
      values.push(value)
      return `k.${prefix}${values.length}`
    },
  }
}

/**
 * A parameter that is an array, as a statement reads it. PostgreSQL is not to see that it is one: it
 * would find that an array of one value takes a cheaper plan than an unknown one, and so plan a
 * prepared statement anew each time, which takes about as long as to run it. There is nothing to gain,
 * as the plan is the same.
 */
export function arrayParameter(number: number, type: string): string {
  return `(SELECT $${number}::${type}[])`
}

/** A value of an item, so that two are equal if they are to PostgreSQL: null is no text. */
export function slotText(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value)
}

/** An array as PostgreSQL's text literal: the same for every driver, whatever the element type. */
export function arrayLiteral(values: readonly unknown[]): string {
  return `{${values.map(elementLiteral).join(',')}}`
}

function elementLiteral(value: unknown): string {
  if (value === null || value === undefined) return 'NULL'
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  const text =
    value instanceof Uint8Array ? `\\x${Buffer.from(value).toString('hex')}` : String(value)
  return /["\\]/.test(text) ? `"${text.replace(/["\\]/g, '\\$&')}"` : `"${text}"`
}
