import type { GraphQLResolveInfo } from 'graphql'
import type { Row } from '../sql/decode.ts'
import { type CursorPlace, type CursorValues, lengthen } from './cursor.ts'
import { noJoins } from './join-needs.ts'
import type { LoaderContext } from './loader-context.ts'
import type { Ordering } from './order-by.ts'
import type { PageFrame, PageWindow } from './page-arguments.ts'

/** The window of a frame whose cursors hold all of their values, as nearly all do; else null. */
export function findWindow({ limit, isBackward, start, end }: PageFrame): PageWindow | null {
  if (start?.shortened.size || end?.shortened.size) return null
  return { limit, isBackward, start: start?.values ?? null, end: end?.values ?? null }
}

/**
 * The window of a frame. The rest of a text that its cursor could not hold is read from the cursor's
 * row; if that is gone or changed since, the page starts at the text's beginning.
 */
export async function completeWindow(
  frame: PageFrame,
  ordering: Ordering,
  context: LoaderContext,
  info: GraphQLResolveInfo,
): Promise<PageWindow> {
  const [start, end] = await Promise.all([
    complete(frame.start, ordering, context, info),
    complete(frame.end, ordering, context, info),
  ])
  return { ...frame, start, end }
}

async function complete(
  place: CursorPlace | null,
  { model, terms }: Ordering,
  { loaders }: LoaderContext,
  info: GraphQLResolveInfo,
): Promise<CursorValues | null> {
  if (!place || place.shortened.size === 0) return place?.values ?? null
  const columns = terms.map((term) => (term.kind === 'column' ? term.column : ''))
  const row: Row | null = await loaders.findRow({
    plan: {
      model,
      key: model.primaryKey,
      needs: { columns: new Set(columns.filter((column) => column !== '')), joins: noJoins },
    },
    values: model.primaryKey.map((name) => place.values[columns.indexOf(name)]),
    asker: info,
  })
  return place.values.map((value, index) => {
    const digest = place.shortened.get(index)
    if (value === null || digest === undefined) return value
    return lengthen(value, digest, row?.[columns[index] ?? ''])
  })
}
