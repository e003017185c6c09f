import type { Column } from '../sql/datamodel.ts'
import { literal, quote } from '../sql/identifiers.ts'
import { anyWriteTag, setTag } from '../tags/tag.ts'
import type { CapturedTable } from './captured-table.ts'
import { differs } from './printed-key.ts'
import { array, nameAtMost, withoutNulls } from './sql-arrays.ts'
import {
  columnSuffix,
  rowExpression,
  type SetExpression,
  setExpressions,
} from './tag-expressions.ts'
import { hasMore, takeFirst, takeOnly, writeNames } from './trigger-body.ts'

/**
 * Rows that change: the row's tag; a set's tag where a row moves, for what it leaves and what it
 * enters; else the tags of the columns that changed, over each of its sets. A row whose key changed
 * is one that goes and one that comes, as the two cannot be paired. A row written as it was is none.
 */
export function updateFunction(table: CapturedTable, most: number): string {
  const tags = listTags(table)
  return `DECLARE
  b record;
  a record;
  suffix text;
  suffixes text[];
  scopes text[];
  names text[];
BEGIN
  ${takeFirst(table, 'old_rows', 'b')}
  IF ${hasMore('b')} THEN
    ${changeMany(table, tags, most)}
    IF names IS NULL THEN
      RETURN NULL;
    END IF;
  ELSE
    ${takeOnly(table, 'new_rows', 'a')}
    ${changeOne(table, tags)}
  END IF;
  ${writeNames}`
}

type UpdateTags = ReturnType<typeof listTags>

function listTags(table: CapturedTable) {
  const sets = setExpressions(table)
  const row = table.hasRowTags ? [rowExpression(table)] : []
  const coarse = [...row, ...sets].filter(({ isNameable }) => !isNameable)
  return {
    whole: literal(setTag(table.name, null)),
    fixed: [anyWriteTag(table.name), ...coarse.map((kind) => kind.coarse)].map(literal),
    row: row.filter(({ isNameable }) => isNameable),
    sets,
    namedSets: sets.filter(({ isNameable }) => isNameable),
  }
}

function changeOne(table: CapturedTable, { whole, fixed, row, sets, namedSets }: UpdateTags) {
  const scopes = namedSets.map(
    (set) => `CASE WHEN ${isMoved(set.columns, 'b', 'a')} THEN NULL ELSE ${set.of('a')} END`,
  )
  const perColumn = [whole, ...namedSets.map((_, index) => `scopes[${index + 1}]`)]
  const moves = sets.map(
    (set) => `IF ${isMoved(set.columns, 'b', 'a')} THEN
        names := names || ${array([whole, ...(set.isNameable ? [set.of('b'), set.of('a')] : [])])};
      END IF;`,
  )
  return `names := ${array([...fixed, ...row.map(({ of }) => of('b'))])};
    IF ${isMoved(table.key, 'b', 'a')} THEN
      names := names || ${array([whole, ...namedSets.flatMap(({ of }) => [of('b'), of('a')])])};
    ELSE
      suffixes := ${changedSuffixes(table, 'b', 'a')};
      IF suffixes = '{}' THEN
        RETURN NULL;
      END IF;
      scopes := ${array(scopes)};
      FOREACH suffix IN ARRAY suffixes LOOP
        names := names || ${array(perColumn.map((scope) => `${scope} || suffix`))};
      END LOOP;
      ${moves.join('\n      ')}
    END IF;
    names := array_remove(names, NULL);`
}

function changeMany(
  table: CapturedTable,
  { whole, fixed, row, sets, namedSets }: UpdateTags,
  most: number,
): string {
  const { key } = table
  const pairing = key.map(({ dbName }) => `n.${quote(dbName)} = o.${quote(dbName)}`).join(' AND ')
  const isPaired = `num_nulls(o.${quote(firstOf(key).dbName)}, n.${quote(firstOf(key).dbName)}) = 0`
  const moved = sets.map(({ columns }) => isMoved(columns, 'o', 'n'))
  const keys = [
    ...row.map(({ of }) => `${of('o')} AS row_name`),
    ...namedSets.flatMap(({ of }, index) => [
      `${of('o')} AS left_${index}`,
      `${of('n')} AS entered_${index}`,
    ]),
  ]
  const parts = [
    array(fixed),
    ...row.map((kind) => nameAtMost(rowNames, kind, most)),
    `(SELECT array_agg(DISTINCT ${whole} || suffix) FROM changes, unnest(suffixes) AS suffix)`,
    `CASE WHEN EXISTS (SELECT FROM changes WHERE is_moved) THEN ${array([whole])} END`,
    ...namedSets.map((kind, index) => nameAtMost(setNames(index), kind, most)),
  ]
  return `names := (
      WITH pairs AS (
        SELECT ${[`${isPaired} AS is_paired`, `${moved.join(' OR ') || 'false'} AS is_moving`, ...keys, `${changedSuffixes(table, 'o', 'n')} AS changed`].join(',\n          ')}
        FROM old_rows AS o FULL JOIN new_rows AS n ON ${pairing}
      ), changes AS MATERIALIZED (
        SELECT *, NOT is_paired OR is_moving AS is_moved,
          CASE WHEN is_paired THEN changed ELSE '{}' END AS suffixes
        FROM pairs WHERE NOT is_paired OR changed <> '{}'
      )
      SELECT ${parts.join('\n        || ')}
      WHERE EXISTS (SELECT FROM changes));`
}

const rowNames = 'SELECT row_name AS name FROM changes WHERE row_name IS NOT NULL'

/** Of a row that moves, or has no other half, both sets; of another, the columns over its set. */
function setNames(index: number): string {
  const [before, after] = [`left_${index}`, `entered_${index}`]
  return `SELECT DISTINCT name FROM changes, unnest(CASE
        WHEN ${before} = ${after} THEN ARRAY(SELECT ${after} || suffix FROM unnest(suffixes) AS suffix)
        ELSE ARRAY[${before}, ${after}] END) AS name
        WHERE name IS NOT NULL`
}

function changedSuffixes(table: CapturedTable, before: string, after: string): string {
  return withoutNulls(
    table.columns.map(
      (column) =>
        `CASE WHEN ${differs(before, after, column)} THEN ${literal(columnSuffix(table, column))} END`,
    ),
  )
}

function isMoved(columns: SetExpression['columns'], before: string, after: string): string {
  return columns.map((column) => differs(before, after, column)).join(' OR ')
}

function firstOf(key: readonly Column[]): Column {
  const [first] = key
  if (!first) throw new Error('A table without a key cannot be captured')
  return first
}
