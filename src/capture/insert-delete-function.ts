import { literal } from '../sql/identifiers.ts'
import { anyWriteTag, setTag } from '../tags/tag.ts'
import type { CapturedTable } from './captured-table.ts'
import { array, nameAtMost, withoutNulls } from './sql-arrays.ts'
import { rowExpression, setExpressions } from './tag-expressions.ts'
import { hasMore, takeFirst, writeNames } from './trigger-body.ts'

/** Rows that come or go: their sets change, and only what goes had a row's tag. */
export function insertDeleteFunction(
  table: CapturedTable,
  event: 'INSERT' | 'DELETE',
  most: number,
): string {
  const rows = event === 'INSERT' ? 'new_rows' : 'old_rows'
  const sets = setExpressions(table)
  const row = event === 'DELETE' && table.hasRowTags ? [rowExpression(table)] : []
  const kinds = [...row, ...sets]
  const named = kinds.filter(({ isNameable }) => isNameable)
  const fixed = [
    anyWriteTag(table.name),
    setTag(table.name, null),
    ...kinds.filter(({ isNameable }) => !isNameable).map(({ coarse }) => coarse),
  ].map(literal)
  const many = named.map((kind) =>
    nameAtMost(
      `SELECT DISTINCT ${kind.of('r')} AS name FROM ${rows} AS r WHERE ${kind.of('r')} IS NOT NULL`,
      kind,
      most,
    ),
  )
  return `DECLARE
  one record;
  names text[];
BEGIN
  ${takeFirst(table, rows, 'one')}
  IF ${hasMore('one')} THEN
    names := ${[array(fixed), ...many].join('\n      || ')};
  ELSE
    names := ${withoutNulls([...fixed, ...named.map(({ of }) => of('one'))])};
  END IF;
  ${writeNames}`
}
