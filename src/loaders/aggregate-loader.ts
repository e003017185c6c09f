import {
  type AggregateShape,
  type AggregateTerm,
  compileAggregates,
  countParameters,
} from '../sql/compile-aggregate.ts'
import type { RawRow } from '../sql/database.ts'
import { arrayLiteral } from '../sql/slots.ts'
import { addListTags, type TagsOfList } from './dependencies.ts'
import type { LoaderParts } from './row-loader.ts'
import type { Asker } from './run-statement.ts'

export interface AggregateRequest {
  readonly shape: AggregateShape
  readonly key: readonly unknown[]
  readonly slots: readonly unknown[]
  readonly figures: readonly AggregateTerm[]
  readonly tagsOf: TagsOfList
  readonly asker: Asker
}

type Figures = readonly unknown[]

/**
 * Figures over each parent's rows: one statement for all that a tick asks for, of whatever parents and
 * rows, as statements cost more than small figures do.
 */
export function createAggregateLoader(
  parts: LoaderParts,
): (request: AggregateRequest) => Promise<Figures> {
  return (request) => parts.batches.load('figures', request, (items) => loadAll(parts, items))
}

async function loadAll(
  parts: LoaderParts,
  requests: readonly AggregateRequest[],
): Promise<readonly (Figures | Error)[]> {
  const groups = groupByShape(requests)
  const found = new Map<AggregateRequest, Figures | Error>()
  try {
    await loadGroups(parts, groups, found)
  } catch (error) {
    if (groups.length === 1 || !isAboutData(error)) throw error
    // The others are not to be lost with what cannot be worked out.
    await Promise.all(groups.map((group) => loadAlone(parts, group, found)))
  }
  return requests.map((request) => found.get(request) ?? new Error('No figures were found'))
}

/** PostgreSQL cannot work with a value (SQLSTATE class 22). */
function isAboutData(error: unknown): error is Error {
  if (!(error instanceof Error) || !('code' in error)) return false
  return typeof error.code === 'string' && error.code.startsWith('22')
}

async function loadAlone(parts: LoaderParts, group: Group, found: Found): Promise<void> {
  try {
    await loadGroups(parts, [group], found)
  } catch (error) {
    const failure = error instanceof Error ? error : new Error(String(error))
    for (const request of group.requests) found.set(request, failure)
  }
}

type Found = Map<AggregateRequest, Figures | Error>

async function loadGroups(
  { datamodel, statements, runner, readSet }: LoaderParts,
  groups: readonly Group[],
  found: Found,
): Promise<void> {
  const key = groups.map(({ shape, names }) => `${shape.text} ${names.join()}`).join(';')
  const statement = statements.get(key, () => ({ text: compileAggregates(datamodel, groups) }))
  const requests = groups.flatMap((group) => group.requests)
  const raws = await runner.run(
    statement,
    groups.flatMap(({ shape, items }) => arraysOf(shape, items)),
    requests.map(({ asker }) => asker),
  )
  const byItem = groups.map((): RawRow[] => [])
  for (const raw of raws) {
    const rows = byItem[Number(raw[0])]
    if (rows) rows[Number(raw[1])] = raw
  }
  for (const [index, { requests, itemOf, placesOf }] of groups.entries()) {
    for (const request of requests) {
      const raw = byItem[index]?.[itemOf.get(request) ?? -1]
      const figures = placesOf(request.figures).map((place) => raw?.[2 + place] ?? null)
      found.set(request, figures)
    }
  }
  readSet.addLater(requests, addListTags)
}

/** What is asked of the rows of one shape. */
interface Group {
  readonly shape: AggregateShape
  readonly requests: readonly AggregateRequest[]
  /** The distinct figures in an order of their own, and where those of a request are among them. */
  readonly names: readonly string[]
  readonly figures: readonly AggregateTerm[]
  placesOf(figures: readonly AggregateTerm[]): readonly number[]
  /** One of those that ask of the same rows, and its place for each. */
  readonly items: readonly AggregateRequest[]
  readonly itemOf: ReadonlyMap<AggregateRequest, number>
}

/** In an order of their own, whoever asked first. */
function groupByShape(requests: readonly AggregateRequest[]): readonly Group[] {
  const byShape = new Map<string, AggregateRequest[]>()
  for (const request of requests) {
    const { text } = request.shape
    const group = byShape.get(text)
    if (group) group.push(request)
    else byShape.set(text, [request])
  }
  return [...byShape.keys()].sort().map((text) => createGroup(byShape.get(text) ?? []))
}

function createGroup(requests: readonly AggregateRequest[]): Group {
  const [first] = requests
  if (!first) throw new RangeError('Nobody asks')
  const items: AggregateRequest[] = []
  const places = new Map<string, number>()
  const itemOf = new Map<AggregateRequest, number>()
  for (const request of requests) {
    const text = JSON.stringify([request.key.map(String), request.slots.map(String)])
    const place = places.get(text) ?? items.push(request) - 1
    places.set(text, place)
    itemOf.set(request, place)
  }
  return { shape: first.shape, requests, items, itemOf, ...mergeFigures(requests) }
}

function arraysOf(shape: AggregateShape, items: readonly AggregateRequest[]): readonly string[] {
  const rows = items.map(({ key, slots }, index) => [index, ...key, ...slots])
  return Array.from({ length: countParameters(shape) }, (_, column) =>
    arrayLiteral(rows.map((row) => row[column])),
  )
}

function mergeFigures(requests: readonly AggregateRequest[]) {
  const terms = new Map<string, AggregateTerm>()
  const lists = new Map<readonly AggregateTerm[], readonly string[]>()
  for (const { figures } of requests) {
    if (lists.has(figures)) continue
    const texts = figures.map((figure) => JSON.stringify(figure))
    lists.set(figures, texts)
    for (const [index, text] of texts.entries()) {
      const figure = figures[index]
      if (figure) terms.set(text, figure)
    }
  }
  const names = [...terms.keys()].sort()
  const places = new Map(
    [...lists].map(([figures, texts]) => [figures, texts.map((text) => names.indexOf(text))]),
  )
  return {
    names,
    figures: names.flatMap((name) => terms.get(name) ?? []),
    placesOf: (figures: readonly AggregateTerm[]) => places.get(figures) ?? [],
  }
}
