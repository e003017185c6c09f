import { AppError } from '../errors.ts'
import { type CursorOrdering, type CursorPlace, type CursorValues, decodeCursor } from './cursor.ts'

/** Rows on a page unless asked, and at most. */
export const defaultPageSize = 20
export const largestPageSize = 100

export interface PageArguments {
  readonly first?: number | null | undefined
  readonly after?: string | null | undefined
  readonly last?: number | null | undefined
  readonly before?: string | null | undefined
}

/** A page as it is read: from `start` on, at most `limit` rows, never beyond `end`. */
export interface PageWindow {
  readonly limit: number
  readonly isBackward: boolean
  readonly start: CursorValues | null
  readonly end: CursorValues | null
}

/** A window as the arguments tell it. */
export interface PageFrame extends Omit<PageWindow, 'start' | 'end'> {
  readonly start: CursorPlace | null
  readonly end: CursorPlace | null
}

/** @throws AppError `BAD_USER_INPUT` for sizes that make no page, `INVALID_CURSOR` for cursors. */
export function parsePageArguments(
  { first, after, last, before }: PageArguments,
  ordering: CursorOrdering,
): PageFrame {
  if (isGiven(first) && isGiven(last)) {
    throw new AppError('BAD_USER_INPUT', 'A page takes either "first" or "last", got both', {
      field: 'last',
    })
  }
  const isBackward = isGiven(last)
  const limit = isBackward ? checkSize('last', last) : checkSize('first', first ?? defaultPageSize)
  const afterPlace = isGiven(after) ? decodeCursor(after, 'after', ordering) : null
  const beforePlace = isGiven(before) ? decodeCursor(before, 'before', ordering) : null
  return {
    limit,
    isBackward,
    start: isBackward ? beforePlace : afterPlace,
    end: isBackward ? afterPlace : beforePlace,
  }
}

function checkSize(name: 'first' | 'last', size: number): number {
  if (size >= 0 && size <= largestPageSize) return size
  throw new AppError(
    'BAD_USER_INPUT',
    `"${name}" must be between 0 and ${largestPageSize}, got ${size}`,
    { field: name },
  )
}

function isGiven<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined
}
