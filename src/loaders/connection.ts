import type { GraphQLResolveInfo } from 'graphql'
import { always } from '../sql/condition.ts'
import type { Row } from '../sql/decode.ts'
import { completeWindow, isComplete } from './complete-window.ts'
import { encodeCursor } from './cursor.ts'
import type { BoundList } from './list-source.ts'
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

export interface ConnectionRequest {
  /** Null where the list can have no rows. */
  readonly list: BoundList | null
  readonly frame: PageFrame
  readonly needs: PageNeeds
  readonly ordering: Ordering
}

const nothing: LoadedPage = {
  rows: [],
  hasMore: false,
  hasEarlier: false,
  cursorValues: () => [],
}

/** A page of a list and its count, each only when selected, both asked for in the same tick. */
export function loadConnection(
  request: ConnectionRequest,
  context: LoaderContext,
  info: GraphQLResolveInfo,
): Connection | Promise<Connection> {
  const { list, needs } = request
  const totalCount = list && needs.totalCount ? countList(list, context, info) : 0
  if (!list || !needs.rows) return toConnection(nothing, request, totalCount)
  const page = loadFrame(request, list, context, info)
  return page.then((loaded) => toConnection(loaded, request, totalCount))
}

function loadFrame(
  { frame, needs, ordering }: ConnectionRequest,
  { key, tags, compiled }: BoundList,
  context: LoaderContext,
  info: GraphQLResolveInfo,
): Promise<LoadedPage> {
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
      tags,
      asker: info,
    })
  return isComplete(frame)
    ? load({ ...frame, start: frame.start?.values ?? null, end: frame.end?.values ?? null })
    : completeWindow(frame, ordering, context, info).then(load)
}

const countOfRows = [{ figure: 'count', column: null, where: always }] as const

/** How many rows of the list the viewer may see. */
function countList(
  { key, tags, compiled }: BoundList,
  { loaders }: LoaderContext,
  { fieldNodes, path }: GraphQLResolveInfo,
): Promise<number> {
  const { shape, values: slots } = compiled.figures()
  const asker = { fieldNodes, path: { prev: path, key: 'totalCount', typename: undefined } }
  const totalCount = loaders
    .loadAggregate({ shape, slots, key, tags, figures: countOfRows, asker })
    .then(([count]) => Number(count ?? 0))
  totalCount.catch(() => undefined) // reported by the field that awaits it
  return totalCount
}

function toConnection(
  page: LoadedPage,
  { frame, needs, ordering }: ConnectionRequest,
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
