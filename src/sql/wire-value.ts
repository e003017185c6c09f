import { arrayLiteral } from './slots.ts'

export type WireValue = string | Buffer | null

/**
 * Parameters as they go to PostgreSQL: text, bytes or null. Times are sent in UTC, whatever the
 * zone of the process; what is neither of the types that SQL has is sent as JSON.
 */
export function wireValues(values: readonly unknown[]): readonly WireValue[] {
  return values.map(wireValue)
}

function wireValue(value: unknown): WireValue {
  if (typeof value === 'string') return value
  if (value === null || value === undefined) return null
  if (typeof value !== 'object') return String(value)
  if (Array.isArray(value)) return arrayLiteral(value)
  if (value instanceof Date) return value.toISOString()
  if (ArrayBuffer.isView(value)) {
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  }
  return JSON.stringify(value)
}
