import type { GraphQLResolveInfo } from 'graphql'
import { always } from '../sql/condition.ts'
import type { Row } from '../sql/decode.ts'
import { completeWindow } from './complete-window.ts'
import { encodeCursor } from './cursor.ts'
import type { BoundList } from './list-planner.ts'
import type { LoaderContext } from './loader-context.ts'
import type { Ordering } from './order-by.ts'
import type { PageFrame, PageWindow } from './page-arguments.ts'
import type { LoadedPage } from './page-loader.ts'
import type { PageNeeds } from './selection.ts'

/** What a connection type's fields read. */
export interface Connection {
  readonly nodes: readonly Row[]
  readonly edges: readonly { readonly cursor: string | undefined; readonly node: Row }[]
  readonly pageInfo: {
    readonly hasNextPage: boolean
    readonly hasPreviousPage: boolean
    readonly startCursor: string | null
    readonly endCursor: string | null
  }
  readonly totalCount: number | Promise<number>
}

/** What one field of one operation reads of each of its lists. */
export interface ConnectionPlan {
  readonly frame: PageFrame
  /** The frame's window, where its cursors hold all of it. */
  readonly window: PageWindow | null
  readonly needs: PageNeeds
  readonly ordering: Ordering
}

const nothing: LoadedPage = {
  rows: [],
  hasMore: false,
  hasEarlier: false,
  cursorValues: () => [],
}

/**
 * A page of a list and its count, each only when selected, both asked for in the same tick. The list
 * is null where it can have no rows.
 */
export function loadConnection(
  list: BoundList | null,
  plan: ConnectionPlan,
  context: LoaderContext,
  info: GraphQLResolveInfo,
): Connection | Promise<Connection> {
  const { frame, window, needs, ordering } = plan
  const totalCount = list && needs.totalCount ? countList(list, context, info) : 0
  if (!list || !needs.rows) return toConnection(nothing, plan, totalCount)
  const { key, compiled } = list
  const { shape, values: slots } = compiled.page()
  const load = ({ limit, isBackward, start, end }: PageWindow) =>
    context.loaders.loadPage({
      shape,
      slots,
      key,
      limit,
      isBackward,
      start,
      end,
      needs,
      withCursors: needs.cursors,
      withRank: needs.withRank,
      looksBack: start !== null && (isBackward ? needs.next : needs.previous),
      tagsOf: compiled.tagsOf,
      asker: info,
    })
  const page = window ? load(window) : completeWindow(frame, ordering, context, info).then(load)
  return page.then((loaded) => toConnection(loaded, plan, totalCount))
}

const countOfRows = [{ figure: 'count', column: null, where: always }] as const

/** How many rows of the list the viewer may see. */
function countList(
  { key, compiled }: BoundList,
  { loaders }: LoaderContext,
  { fieldNodes, path }: GraphQLResolveInfo,
): Promise<number> {
  const { shape, values: slots } = compiled.figures()
  const asker = { fieldNodes, path: { prev: path, key: 'totalCount', typename: undefined } }
  const totalCount = loaders
    .loadAggregate({ shape, slots, key, figures: countOfRows, tagsOf: compiled.tagsOf, asker })
    .then(([count]) => Number(count ?? 0))
  totalCount.catch(() => undefined) // reported by the field that awaits it
  return totalCount
}

function toConnection(
  page: LoadedPage,
  { frame, needs, ordering }: ConnectionPlan,
  totalCount: Connection['totalCount'],
): Connection {
  const { rows } = page
  const cursors = needs.cursors
    ? rows.map((_, index) => encodeCursor(ordering, page.cursorValues(index)))
    : []
  return {
    nodes: rows,
    edges: needs.edges ? rows.map((node, index) => ({ node, cursor: cursors[index] })) : [],
    pageInfo: {
      hasNextPage: frame.isBackward ? page.hasEarlier : page.hasMore,
      hasPreviousPage: frame.isBackward ? page.hasMore : page.hasEarlier,
      startCursor: cursors[0] ?? null,
      endCursor: cursors.at(-1) ?? null,
    },
    totalCount,
  }
}
