import {
  type AggregateShape,
  type AggregateTerm,
  countParameters,
} from '../sql/compile-aggregate.ts'
import { arrayLiteral, slotText } from '../sql/slots.ts'
import type { TagsOfList } from './dependencies.ts'
import type { Asker } from './run-statement.ts'

export interface AggregateRequest {
  readonly shape: AggregateShape
  readonly key: readonly unknown[]
  readonly slots: readonly unknown[]
  readonly figures: readonly AggregateTerm[]
  readonly tagsOf: TagsOfList
  readonly asker: Asker
}

/** What is asked of the rows of one shape. */
export interface FigureGroup {
  readonly shape: AggregateShape
  readonly requests: readonly AggregateRequest[]
  /** The distinct figures in an order of their own, and where those of a request are among them. */
  readonly names: readonly string[]
  readonly figures: readonly AggregateTerm[]
  placesOf(figures: readonly AggregateTerm[]): readonly number[]
  /** One of those that ask of the same rows, and its place for each. */
  readonly items: readonly AggregateRequest[]
  /** The key and values of each. */
  readonly texts: readonly string[]
  readonly itemOf: ReadonlyMap<AggregateRequest, number>
}

/** In an order of their own, whoever asked first. */
export function groupByShape(requests: readonly AggregateRequest[]): readonly FigureGroup[] {
  const byShape = new Map<string, AggregateRequest[]>()
  for (const request of requests) {
    const { text } = request.shape
    const group = byShape.get(text)
    if (group) group.push(request)
    else byShape.set(text, [request])
  }
  return [...byShape.keys()].sort().map((text) => createGroup(byShape.get(text) ?? []))
}

function createGroup(requests: readonly AggregateRequest[]): FigureGroup {
  const [first] = requests
  if (!first) throw new RangeError('Nobody asks')
  const items: AggregateRequest[] = []
  const places = new Map<string, number>()
  const itemOf = new Map<AggregateRequest, number>()
  for (const request of requests) {
    const text = JSON.stringify([request.key.map(slotText), request.slots.map(slotText)])
    const place = places.get(text) ?? items.push(request) - 1
    places.set(text, place)
    itemOf.set(request, place)
  }
  const texts = [...places.keys()]
  return { shape: first.shape, requests, items, texts, itemOf, ...mergeFigures(requests) }
}

export function arraysOf(
  shape: AggregateShape,
  items: readonly AggregateRequest[],
): readonly string[] {
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
