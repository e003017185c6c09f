import { text } from './input-values.ts'
import { parseInput } from './validate.ts'

const searchText = text(100, { mayBeEmpty: true })

/**
 * What was typed into a search box, without its outer blanks; null when that leaves nothing. Throws
 * `BAD_USER_INPUT` for more than 100 characters.
 */
export function parseSearch(search: string | null | undefined): string | null {
  const typed = parseInput(searchText, search ?? '', ['filter', 'search'])
  return typed === '' ? null : typed
}
