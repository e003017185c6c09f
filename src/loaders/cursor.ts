import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { AppError } from '../errors.ts'
import { isPrintedValue, type ValueType } from '../sql/printed-value.ts'

/** A place in an ordering: the order values as PostgreSQL prints them, the primary key last. */
export type CursorValues = readonly (string | null)[]

/** What cursors of an ordering are made and checked by. */
export interface CursorOrdering {
  /** Tells one ordering of one list from every other. */
  readonly digest: string
  readonly types: readonly ValueType[]
  /** Which values may be shortened to fit: texts that are no part of the key. */
  readonly shortens: readonly boolean[]
}

/** A place as a cursor tells it. */
export interface CursorPlace {
  readonly values: CursorValues
  /** The digests of the texts of which only the beginnings are among the values, by index. */
  readonly shortened: ReadonlyMap<number, string>
}

/** Longest cursor that is made and read. */
const longestCursor = 400

/** Eight characters that tell one ordering of one list from every other. */
export function digestOrdering(description: string): string {
  return digestText(description).slice(0, 8)
}

/**
 * Opaque to clients: base64url of a checksum, the ordering's digest and the values. Where that is too
 * long, texts stand there by their beginnings and digests: the row itself has the rest.
 *
 * @throws Error for a key that is too long for any cursor
 */
export function encodeCursor({ digest, shortens }: CursorOrdering, values: CursorValues): string {
  const whole = pack([digest, ...values])
  if (whole.length <= longestCursor) return whole
  for (const length of beginnings) {
    const shorter = values.map((value, index) =>
      shortens[index] && value !== null && value.length > length ? shorten(value, length) : value,
    )
    const cursor = pack([digest, ...shorter])
    if (cursor.length <= longestCursor) return cursor
  }
  throw new Error(`A key of ${whole.length} characters is too long for a cursor`)
}

/** Characters that are tried to keep of each long text. */
const beginnings = [160, 80, 40, 20, 10, 5]

/**
 * @throws AppError `INVALID_CURSOR` when the text is no cursor, was changed, is one of another list or
 * ordering, or holds what PostgreSQL would refuse as a value of that type.
 */
export function decodeCursor(
  cursor: string,
  argument: string,
  ordering: CursorOrdering,
): CursorPlace {
  const parts = cursor.length <= longestCursor ? unpack(cursor) : undefined
  if (!parts) throw refuse(argument, 'is not a cursor')
  const [digest, ...values] = parts
  if (digest !== ordering.digest || values.length !== ordering.types.length) {
    throw refuse(argument, 'comes from another list or ordering')
  }
  const shortened = new Map<number, string>()
  const place = ordering.types.map((type, index) => {
    const part = values[index] ?? null
    if (part === null && type.isNullable) return null
    if (typeof part === 'string' && isPrintedValue(part, type)) return part
    const [text, digestOfText] = isShortened(part) && ordering.shortens[index] ? part : []
    if (text === undefined || digestOfText === undefined || !isPrintedValue(text, type)) {
      throw refuse(argument, 'holds a value that this ordering cannot have')
    }
    shortened.set(index, digestOfText)
    return text
  })
  return { values: place, shortened }
}

/** The text that a shortened value stands for, if `text` is it; else its beginning has to do. */
export function lengthen(beginning: string, digest: string, text: unknown): string {
  return typeof text === 'string' && digestText(text) === digest ? text : beginning
}

function shorten(text: string, length: number): readonly [string, string] {
  const beginning = [...text.slice(0, 2 * length)].slice(0, length).join('')
  return [beginning, digestText(text)]
}

function isShortened(part: unknown): part is readonly [string, string] {
  return Array.isArray(part) && part.length === 2 && part.every((item) => typeof item === 'string')
}

function digestText(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22)
}

const checksumBytes = 4

function pack(parts: readonly unknown[]): string {
  const json = Buffer.from(`0000${JSON.stringify(parts)}`)
  json.writeUInt32BE(crc32(json.subarray(checksumBytes)))
  return json.toString('base64url')
}

function unpack(cursor: string): readonly unknown[] | undefined {
  const bytes = Buffer.from(cursor, 'base64url')
  // Only one text stands for the bytes: base64 leaves bits unused at the end.
  if (bytes.length < checksumBytes || bytes.toString('base64url') !== cursor) return undefined
  const json = bytes.subarray(checksumBytes)
  if (bytes.readUInt32BE() !== crc32(json)) return undefined
  try {
    const parts: unknown = JSON.parse(json.toString('utf8'))
    return Array.isArray(parts) ? parts : undefined
  } catch {
    return undefined
  }
}

function refuse(argument: string, why: string): AppError {
  const message = `"${argument}" must be a cursor from a page of this list in this order; this one ${why}`
  return new AppError('INVALID_CURSOR', message, { field: argument })
}
