import { literal } from '../sql/identifiers.ts'
import type { TagExpression } from './tag-expressions.ts'

/** A text array of expressions. */
export function array(items: readonly string[]): string {
  return items.length === 0 ? `'{}'::text[]` : `ARRAY[${items.join(', ')}]`
}

export function withoutNulls(items: readonly string[]): string {
  return items.length === 0 ? array([]) : `array_remove(${array(items)}, NULL)`
}

/**
 * The names that a query gives, none of them NULL, or the one coarse tag when they are more than
 * `most`; NULL for none.
 */
export function nameAtMost(query: string, kind: TagExpression, most: number): string {
  return `(SELECT CASE WHEN count(*) > ${most} THEN ${array([literal(kind.coarse)])} ELSE array_agg(name) END
        FROM (${query} LIMIT ${most + 1}) AS few)`
}
