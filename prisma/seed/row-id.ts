import { hash32, mix32 } from './random.ts'

/** Makes the id of row number `index` (below 2^32) of one table. */
export type RowId = (index: number, createdAt: number) => string

/**
 * UUIDv7 (RFC 9562, section 5.7) from a creation time in microseconds since 1970: 48 bits of
 * milliseconds, 12 bits of the fraction of a millisecond, and a hash of the table and the row where a
 * living system has random bits. Ids increase with the time of creation; the last 32 bits differ for
 * every row of a table.
 */
export function createRowId(seed: number, table: string): RowId {
  const salt = hash32(table, seed)
  return (index, createdAt) => {
    const ms = Math.floor(createdAt / 1000)
    const fraction = Math.floor(((createdAt - ms * 1000) * 4096) / 1000)
    const unique = mix32(index ^ salt)
    const rest = mix32(unique ^ 0x5bd1e995)
    const time = hex(ms, 12)
    const variant = hex(0x8000 | (rest >>> 18), 4)
    return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(fraction, 3)}-${variant}-${hex(rest & 0xffff, 4)}${hex(unique, 8)}`
  }
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0')
}
