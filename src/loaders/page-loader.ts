import { type Branch, branchTypes, compilePage, type ListShape } from '../sql/compile-page.ts'
import type { RawRow } from '../sql/database.ts'
import type { Row } from '../sql/decode.ts'
import { createHydrator } from '../sql/hydrate.ts'
import { arrayLiteral, slotText } from '../sql/slots.ts'
import type { CursorValues } from './cursor.ts'
import { addListTags, type TagsOfList } from './dependencies.ts'
import { createRowTagger, mergeNeeds, type Needs } from './join-needs.ts'
import type { LoaderParts } from './row-loader.ts'
import type { Asker } from './run-statement.ts'

export interface PageRequest {
  readonly shape: ListShape
  /** The parent's key, empty for a list over the whole model. */
  readonly key: readonly unknown[]
  readonly slots: readonly unknown[]
  readonly limit: number
  readonly isBackward: boolean
  readonly start: CursorValues | null
  readonly end: CursorValues | null
  readonly needs: Needs
  readonly withCursors: boolean
  readonly withRank: boolean
  /** Whether to look if a row lies on the near side of `start`. */
  readonly looksBack: boolean
  readonly tagsOf: TagsOfList
  readonly asker: Asker
}

/** One page, in the list's own order whichever way it was read. */
export interface LoadedPage {
  readonly rows: readonly Row[]
  /** Whether the list goes on in the direction of reading. */
  readonly hasMore: boolean
  /** Whether rows lie before the start, where that was asked for. */
  readonly hasEarlier: boolean
  /** Order values of the row at an index; only with `withCursors`. */
  cursorValues(index: number): CursorValues
}

/** Where a row that was read `withRank` keeps its place in the list. */
export const rankProperty = '__rank'

/** A page per parent in one statement, whatever their cursors and limits. */
export function createPageLoader(
  parts: LoaderParts,
): (request: PageRequest) => Promise<LoadedPage> {
  return (request) =>
    parts.batches.load(request.shape.text, request, (items) => loadPages(parts, items))
}

interface Reading {
  readonly request: PageRequest
  readonly index: number
}

async function loadPages(
  { datamodel, statements, runner, readSet }: LoaderParts,
  requests: readonly PageRequest[],
): Promise<readonly LoadedPage[]> {
  const [first] = requests
  if (!first) return []
  const { shape } = first
  const { columns, joins } = mergeNeeds(
    datamodel,
    shape.model,
    requests.map(({ needs }) => needs),
  )
  const withOrder = requests.some(({ withCursors }) => withCursors)
  const withRank = requests.some((request) => request.withRank)
  const readings = mergeEqual(requests)
  const branches = groupByBranch([...new Set(readings.values())])
  const key = `${shape.text} ${columns.join()} ${JSON.stringify(joins)} ${withOrder} ${withRank} ${[...branches.keys()].join(';')}`
  const withPeek = requests.some(({ looksBack }) => looksBack)
  const rankAt = withPeek ? 3 : 1
  const orderAt = rankAt + (withRank ? 1 : 0)
  const statement = statements.get(key, () => ({
    text: compilePage(
      datamodel,
      shape,
      [...branches.values()].map(({ branch }) => branch),
      { columns, joins, withOrder, withRank },
    ),
    hydrate: createHydrator(
      datamodel,
      shape.model,
      { columns, joins },
      orderAt + (withOrder ? shape.terms.length : 0),
    ),
    tagRow: createRowTagger(datamodel, shape.model, joins),
  }))
  const values = [...branches.values()].flatMap(({ branch, items }) =>
    branchArrays(shape, branch, items),
  )
  const raws = await runner.run(
    statement,
    values,
    requests.map(({ asker }) => asker),
  )

  const { hydrate, tagRow } = statement
  const byReading = groupByItem(raws, requests.length)
  const pages = requests.map((request) => {
    const reading = readings.get(request)
    const own = (reading && byReading[reading.index]) ?? []
    const page = cutPage(request, withPeek ? own.filter((raw) => raw[2] === true) : own)
    const rows = page.raws.map((raw) =>
      withRank ? { ...hydrate(raw), [rankProperty]: Number(raw[rankAt]) } : hydrate(raw),
    )
    return {
      rows,
      hasMore: page.hasMore,
      hasEarlier: withPeek && own[0]?.[1] === true,
      cursorValues: (index: number) => printOrder(page.raws[index], orderAt, shape.terms.length),
    }
  })
  readSet.addLater(requests, addListTags)
  for (const { rows } of pages) readSet.addLater(rows, tagRow)
  return pages
}

/** Loads that differ only in their columns are read once. */
function mergeEqual(requests: readonly PageRequest[]): Map<PageRequest, Reading> {
  const byText = new Map<string, Reading>()
  const readings = new Map<PageRequest, Reading>()
  for (const request of requests) {
    const text = textOf(request)
    let reading = byText.get(text)
    if (!reading) {
      reading = { request, index: byText.size }
      byText.set(text, reading)
    }
    readings.set(request, reading)
  }
  return readings
}

function textOf({ key, slots, limit, start, end, isBackward, looksBack }: PageRequest): string {
  const direction = isBackward ? 'last' : 'first'
  if (key.length === 1 && slots.length === 0 && !start && !end) {
    return `${direction} ${limit} of ${key[0]}`
  }
  const lists = [key, slots, start, end].map((list) => list?.map(slotText) ?? null)
  return `${direction} ${limit} ${looksBack} ${JSON.stringify(lists)}`
}

interface BranchItems {
  readonly branch: Branch
  readonly items: Reading[]
}

function groupByBranch(readings: readonly Reading[]): Map<string, BranchItems> {
  const branches = new Map<string, BranchItems>()
  for (const reading of readings) {
    const name = branchName(reading.request)
    const group = branches.get(name)
    if (group) group.items.push(reading)
    else branches.set(name, { branch: branchOf(reading.request), items: [reading] })
  }
  return new Map([...branches].sort(([left], [right]) => (left < right ? -1 : 1)))
}

/** Sorts branches into the order in which they stand in the statement. */
function branchName({ isBackward, looksBack, start, end }: PageRequest): string {
  return `${isBackward} ${looksBack} ${nullsName(start)} ${nullsName(end)}`
}

function nullsName(values: CursorValues | null): string {
  return values === null ? 'unbound' : values.map((value) => value === null).join()
}

function branchOf({ isBackward, looksBack, start, end }: PageRequest): Branch {
  return { isBackward, looksBack, start: nullsOf(start), end: nullsOf(end) }
}

function nullsOf(values: CursorValues | null): readonly boolean[] | null {
  return values === null ? null : values.map((value) => value === null)
}

function branchArrays(
  shape: ListShape,
  branch: Branch,
  items: readonly Reading[],
): readonly string[] {
  const columns: unknown[][] = branchTypes(shape, branch).map(() => [])
  for (const { request, index } of items) {
    const { limit, key, slots, start, end } = request
    let place = 0
    const put = (value: unknown) => {
      columns[place]?.push(value)
      place += 1
    }
    put(index)
    put(limit + 1)
    for (const values of [key, slots, start ?? [], end ?? []]) values.forEach(put)
  }
  return columns.map(arrayLiteral)
}

function groupByItem(raws: readonly RawRow[], items: number): readonly (readonly RawRow[])[] {
  const groups: RawRow[][] = Array.from({ length: items }, () => [])
  for (const raw of raws) groups[Number(raw[0])]?.push(raw)
  return groups
}

/** Drops the row read beyond the page, and turns a page that was read backwards. */
function cutPage(request: PageRequest, raws: readonly RawRow[]) {
  const hasMore = raws.length > request.limit
  const page = hasMore ? raws.slice(0, request.limit) : raws
  return { hasMore, raws: request.isBackward ? [...page].reverse() : page }
}

function printOrder(raw: RawRow | undefined, from: number, count: number): CursorValues {
  if (!raw) throw new Error('A page has no row at this index')
  return raw
    .slice(from, from + count)
    .map((value) => (value === null || value === undefined ? null : String(value)))
}
