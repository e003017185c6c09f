import type { CallOptions } from './call.ts'
import type { Result } from './client.ts'
import type { GraphQLFailure } from './client-error.ts'
import type { TypedDocument } from './typed-document.ts'

export interface PagesOptions extends CallOptions {
  /** Pages that are asked for before they are wanted, 10 at most. @default 1 */
  readonly prefetch?: number
}

/** The items of a list, one by one in the direction of travel. Each iteration begins anew. */
export interface Pages<Data> extends AsyncIterable<ItemOf<Data>> {
  /** The same, page by page. */
  byPage(): AsyncGenerator<Page<Data>, void, undefined>
  /**
   * Where to go on later, as variable `after` (`before` when going backward): behind the last item
   * that was delivered if the document selects `edges`, behind the last full page if only `nodes`.
   */
  readonly cursor: string | undefined
}

export interface Page<Data> {
  /** In the order of the list, in whichever direction one goes. */
  readonly items: readonly ItemOf<Data>[]
  /** Their own cursors, if the document selects them. */
  readonly cursors: readonly (string | undefined)[] | undefined
  /** Leads to the next page. */
  readonly cursor: string | undefined
  readonly hasMore: boolean
  /** The whole answer, with counts and whatever else was selected. */
  readonly data: Data
  readonly errors: readonly GraphQLFailure[]
  readonly requestId: string | null
}

/** A document that pages can be made of: with a list that has a `pageInfo`. */
export type PagedDocument<Data, Variables> = TypedDocument<Data, Variables> &
  ([ItemOf<Data>] extends [never] ? 'Select a list with nodes or edges, and its pageInfo' : unknown)

/** What the first list with a `pageInfo` consists of; never if there is no such list. */
export type ItemOf<Data> =
  ConnectionIn<Data> extends infer List
    ? List extends { readonly nodes: readonly (infer Item)[] }
      ? Item
      : List extends { readonly edges: readonly { readonly node: infer Item }[] }
        ? Item
        : never
    : never

type ConnectionIn<T> = T extends string | number | boolean | null | undefined | readonly unknown[]
  ? never
  : T extends { readonly pageInfo: ForwardInfo | BackwardInfo }
    ? T
    : { [Field in keyof T]: ConnectionIn<T[Field]> }[keyof T]

interface ForwardInfo {
  readonly hasNextPage: boolean
  readonly endCursor: string | null
}

interface BackwardInfo {
  readonly hasPreviousPage: boolean
  readonly startCursor: string | null
}

interface Connection<Item> {
  readonly pageInfo: Partial<ForwardInfo & BackwardInfo>
  readonly nodes?: readonly Item[]
  readonly edges?: readonly { readonly node: Item; readonly cursor?: string }[]
}

export interface PagesSource<Data> {
  readonly document: TypedDocument<Data, never>
  readonly variables: { readonly last?: unknown; readonly before?: unknown }
  readonly query: (
    document: TypedDocument<Data, never>,
    variables: object,
    options: CallOptions,
  ) => Promise<Result<Data>>
}

const mostAhead = 10

export function createPages<Data>(
  { document, variables, query }: PagesSource<Data>,
  options: PagesOptions,
): Pages<Data> {
  const { prefetch = 1, signal } = options
  const declared = JSON.stringify(
    document.definitions.map((node) => Object(node).variableDefinitions),
  )
  const isBackward = (variables.last ?? variables.before) || !declared.includes('"after"')
  let cursor: string | undefined

  async function load(leave: AbortSignal, from?: string): Promise<Page<Data>> {
    const { data, errors, requestId } = await query(
      document,
      { ...variables, ...(from && { [isBackward ? 'before' : 'after']: from }) },
      { ...options, signal: leave },
    )
    const list = findConnection<ItemOf<Data>>(data)
    const { pageInfo, nodes, edges } = list ?? {}
    const hasMore = isBackward ? pageInfo?.hasPreviousPage : pageInfo?.hasNextPage
    const end = isBackward ? pageInfo?.startCursor : pageInfo?.endCursor
    // A part of pageInfo was not selected, or a variable for the cursor does not reach the list.
    if (list && hasMore !== false && (!end || end === from)) throw new TypeError('No way to page')
    return {
      items: nodes ?? edges?.map(({ node }) => node) ?? [],
      cursors: edges?.map((edge) => edge.cursor),
      cursor: end ?? from,
      hasMore: Boolean(hasMore),
      ...{ data, errors, requestId },
    }
  }

  async function* byPage() {
    const leave = new AbortController()
    const follow = () => leave.abort(signal?.reason)
    if (signal?.aborted) follow()
    signal?.addEventListener('abort', follow, { signal: leave.signal })
    let last: Promise<Page<Data> | undefined> = load(leave.signal)
    const ahead = [last]
    try {
      for (;;) {
        while (!ahead.length || ahead.length <= Math.min(prefetch, mostAhead)) {
          last = last.then((page) => (page?.hasMore ? load(leave.signal, page.cursor) : undefined))
          // It fails again when its turn comes.
          last.catch(() => undefined)
          ahead.push(last)
        }
        const page = await ahead.shift()
        if (!page) return
        yield page
      }
    } finally {
      leave.abort()
    }
  }

  return {
    byPage,
    get cursor() {
      return cursor
    },
    async *[Symbol.asyncIterator]() {
      for await (const page of byPage()) {
        const { items, cursors } = page
        for (let count = 1; count <= items.length; count += 1) {
          const index = isBackward ? items.length - count : count - 1
          cursor = count === items.length ? page.cursor : (cursors?.[index] ?? cursor)
          // True by the bounds of the loop.
          yield items[index] as ItemOf<Data>
        }
      }
    },
  }
}

/** The first list that has a `pageInfo`; what is in lists is never looked into. */
function findConnection<Item>(data: unknown): Connection<Item> | undefined {
  if (typeof data !== 'object' || !data || Array.isArray(data)) return undefined
  // True by the schema: only connections have such a field.
  if ('pageInfo' in data) return data as Connection<Item>
  return Object.values(data)
    .map((value) => findConnection<Item>(value))
    .find(Boolean)
}
