import { crc32 } from 'node:zlib'
import { digestBytes } from './tag-digest.ts'

/**
 * An answer as Redis keeps it. The scripts read the first 48 bytes and the tags (`redis-scripts.ts`),
 * so both must agree; numbers are big-endian:
 *
 * | at | what |
 * |---|---|
 * | 0 | `LDL1` |
 * | 4 | CRC-32 of the caller's key and of all that follows, so that no other value passes for this one |
 * | 8 | length of the whole, 4 bytes |
 * | 12 | number of tags, 4 bytes |
 * | 16 | epoch, double |
 * | 24 | captured at, ms, double |
 * | 32 | expires at, ms, double |
 * | 40 | series, 8 bytes |
 * | 48 | tags, 8 bytes each |
 * | … | the answer |
 */
export interface RedisEntry {
  readonly epoch: number
  readonly capturedAtMs: number
  readonly expiresAtMs: number
  readonly series: Buffer
  readonly tags: Buffer
  readonly bytes: Uint8Array
}

const magic = Buffer.from('LDL1')
const headBytes = 48

export function encodeEntry(key: string, entry: RedisEntry): Buffer {
  const head = Buffer.alloc(headBytes)
  const value = Buffer.concat([head, entry.tags, entry.bytes])
  magic.copy(value)
  value.writeUInt32BE(value.length, 8)
  value.writeUInt32BE(entry.tags.length / digestBytes, 12)
  value.writeDoubleBE(entry.epoch, 16)
  value.writeDoubleBE(entry.capturedAtMs, 24)
  value.writeDoubleBE(entry.expiresAtMs, 32)
  entry.series.copy(value, 40)
  value.writeUInt32BE(checksum(key, value), 4)
  return value
}

/** Null when the value is not one that `encodeEntry` made for this key, or not all of it. */
export function decodeEntry(key: string, value: Buffer): RedisEntry | null {
  if (value.length < headBytes || !value.subarray(0, 4).equals(magic)) return null
  if (value.readUInt32BE(8) !== value.length) return null
  const tagsEnd = headBytes + value.readUInt32BE(12) * digestBytes
  if (tagsEnd > value.length || value.readUInt32BE(4) !== checksum(key, value)) return null
  return {
    epoch: value.readDoubleBE(16),
    capturedAtMs: value.readDoubleBE(24),
    expiresAtMs: value.readDoubleBE(32),
    series: value.subarray(40, headBytes),
    tags: value.subarray(headBytes, tagsEnd),
    bytes: value.subarray(tagsEnd),
  }
}

function checksum(key: string, value: Buffer): number {
  return crc32(value.subarray(8), crc32(key))
}
