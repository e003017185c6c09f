import {
  type AggregateShape,
  type AggregateTerm,
  compileAggregate,
} from '../sql/compile-aggregate.ts'
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

/** Figures over each parent's rows: one statement for all parents and all figures over the same rows. */
export function createAggregateLoader(
  parts: LoaderParts,
): (request: AggregateRequest) => Promise<readonly unknown[]> {
  return (request) =>
    parts.batches.load(request.shape.text, request, (items) => loadAggregates(parts, items))
}

async function loadAggregates(
  { datamodel, statements, runner, readSet }: LoaderParts,
  requests: readonly AggregateRequest[],
): Promise<readonly (readonly unknown[])[]> {
  const [first] = requests
  if (!first) return []
  const { shape } = first
  const { names, terms, placesOf } = mergeFigures(requests)
  const statement = statements.get(`${shape.text} ${names.join()}`, () => ({
    text: compileAggregate(datamodel, shape, terms),
  }))
  const items = new Map<string, { index: number; request: AggregateRequest }>()
  const indexes = requests.map((request) => {
    const text = JSON.stringify([request.key.map(String), request.slots.map(String)])
    const item = items.get(text) ?? { index: items.size, request }
    items.set(text, item)
    return item.index
  })
  const rows = [...items.values()].map(({ index, request }) => [
    index,
    ...request.key,
    ...request.slots,
  ])
  const width = 1 + shape.keyTypes.length + shape.slotTypes.length
  const arrays = Array.from({ length: width }, (_, column) =>
    arrayLiteral(rows.map((row) => row[column])),
  )
  const raws = await runner.run(
    statement,
    arrays,
    requests.map(({ asker }) => asker),
  )
  const byIndex = new Map(raws.map((raw) => [Number(raw[0]), raw]))
  readSet.addLater(requests, addListTags)
  return requests.map((request, position) => {
    const raw = byIndex.get(indexes[position] ?? -1)
    return placesOf(request.figures).map((place) => raw?.[1 + place] ?? null)
  })
}

/** The distinct figures of a batch in an order of their own, and where each request finds its. */
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
    terms: names.flatMap((name) => terms.get(name) ?? []),
    placesOf: (figures: readonly AggregateTerm[]) => places.get(figures) ?? [],
  }
}
