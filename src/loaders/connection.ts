import type { GraphQLResolveInfo } from 'graphql'
import { always } from '../sql/condition.ts'
import type { Row } from '../sql/decode.ts'
import { completeWindow, isComplete } from './complete-window.ts'
import { encodeCursor } from './cursor.ts'
import type { BoundList } from './list-source.ts'
import type { LoaderContext } from './loader-context.ts'
import type { Ordering } from './order-by.ts'
import type { PageFrame } from './page-arguments.ts'
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
  readonly totalCount: Promise<number>
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
export async function loadConnection(
  request: ConnectionRequest,
  context: LoaderContext,
  info: GraphQLResolveInfo,
): Promise<Connection> {
  const { list, needs } = request
  const totalCount = list && needs.totalCount ? countList(list, context, info) : Promise.resolve(0)
  totalCount.catch(() => undefined) // reported by the field that awaits it
  const page = list && needs.rows ? await loadFrame(request, list, context, info) : nothing
  return toConnection(page, request, totalCount)
}

async function loadFrame(
  { frame, needs, ordering }: ConnectionRequest,
  { key, tags, compiled }: BoundList,
  context: LoaderContext,
  info: GraphQLResolveInfo,
): Promise<LoadedPage> {
  const { start, end } = frame
  const window = isComplete(frame)
    ? { ...frame, start: start?.values ?? null, end: end?.values ?? null }
    : await completeWindow(frame, ordering, context, info)
  const { shape, values: slots } = compiled.page()
  return context.loaders.loadPage({
    shape,
    slots,
    key,
    ...window,
    needs,
    withCursors: needs.cursors,
    withRank: needs.withRank,
    looksBack: window.start !== null && (window.isBackward ? needs.next : needs.previous),
    tags,
    asker: info,
  })
}

const countOfRows = [{ figure: 'count', column: null, where: always }] as const

/** How many rows of the list the viewer may see. */
async function countList(
  { key, tags, compiled }: BoundList,
  { loaders }: LoaderContext,
  { fieldNodes, path }: GraphQLResolveInfo,
): Promise<number> {
  const { shape, values: slots } = compiled.figures()
  const asker = { fieldNodes, path: { prev: path, key: 'totalCount', typename: undefined } }
  const [count] = await loaders.loadAggregate({
    shape,
    slots,
    key,
    tags,
    figures: countOfRows,
    asker,
  })
  return Number(count ?? 0)
}

function toConnection(
  page: LoadedPage,
  { frame, needs, ordering }: ConnectionRequest,
  totalCount: Promise<number>,
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
