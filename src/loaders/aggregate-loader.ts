import type { Path } from 'graphql/jsutils/Path.js'
import { compileAggregates } from '../sql/compile-aggregate.ts'
import { addListTags } from './dependencies.ts'
import { type AggregateRequest, arraysOf, type FigureGroup, groupByShape } from './figure-groups.ts'
import type { FigureMemory, Figures } from './figure-memory.ts'
import type { LoaderParts } from './row-loader.ts'

/**
 * Figures over each parent's rows: one statement for all that a tick asks for below objects of one type,
 * over whatever rows, as statements cost more than small figures do. Objects of two types come from two
 * statements, and whether these end in one tick is chance, which is not to decide what is run.
 */
export function createAggregateLoader(
  parts: LoaderParts,
): (request: AggregateRequest) => Promise<Figures> {
  return (request) =>
    parts.batches.load(`figures ${ownerOf(request.asker.path)}`, request, (items) =>
      loadAll(parts, items),
    )
}

/** The type of the object in the innermost list around a field, else of that which the operation asks for. */
function ownerOf(path: Path): string {
  let owner = path.typename
  for (let step = path; step.prev; step = step.prev) {
    owner = step.typename ?? owner
    if (typeof step.prev.key === 'number') break
  }
  return owner ?? ''
}

async function loadAll(
  parts: LoaderParts,
  requests: readonly AggregateRequest[],
): Promise<readonly (Figures | Error)[]> {
  const found = new Map<AggregateRequest, Figures | Error>()
  const groups = await recallFigures(parts, groupByShape(requests), found)
  if (groups.length === 0) return requests.map((request) => found.get(request) ?? missing())
  try {
    await loadGroups(parts, groups, found)
  } catch (error) {
    if (groups.length === 1 || !isOfOne(error)) throw error
    // The others are not to be lost with what cannot be worked out.
    await Promise.all(groups.map((group) => loadAlone(parts, group, { found, first: error })))
  }
  return requests.map((request) => found.get(request) ?? missing())
}

function missing(): Error {
  return new Error('No figures were found')
}

/** Finds what is remembered, and gives the groups of the others. */
async function recallFigures(
  parts: LoaderParts,
  groups: readonly FigureGroup[],
  found: Found,
): Promise<readonly FigureGroup[]> {
  const { figureMemory: memory, readSet } = parts
  if (!memory?.isOpen()) return groups
  const recalling = memory.recall(groups.flatMap(namesOf))
  if (!recalling) return groups
  const figures = await recalling
  const recalled: AggregateRequest[] = []
  let first = 0
  for (const { items, requests, itemOf, placesOf } of groups) {
    for (const request of requests) {
      const own = figures[first + (itemOf.get(request) ?? 0)]
      if (!own) continue
      found.set(request, choose(own, placesOf(request.figures)))
      recalled.push(request)
    }
    first += items.length
  }
  readSet.addLater(recalled, addListTags)
  return groupByShape(groups.flatMap(({ requests }) => requests.filter((one) => !found.has(one))))
}

function choose(figures: Figures, places: readonly number[]): Figures {
  return places.map((place) => figures[place] ?? null)
}

/** What the figures of each item are remembered by: all that their statement says, and its values. */
function namesOf({ shape, names, texts }: FigureGroup): readonly string[] {
  const statement = [shape.model.name, shape.text, ...names].join(';')
  return texts.map((text) => `${statement} ${text}`)
}

/**
 * What one statement may fail with and another not (SQLSTATE): a value that PostgreSQL cannot work with
 * (class 22), a table that is missing or not to be read (42), too long a time (57014).
 */
function isOfOne(error: unknown): boolean {
  return /^(22|42|57014)/.test(codeOf(error))
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

async function loadAlone(
  parts: LoaderParts,
  group: FigureGroup,
  { found, first }: { readonly found: Found; readonly first: unknown },
): Promise<void> {
  try {
    await loadGroups(parts, [group], found)
  } catch (error) {
    // In a transaction nothing is run any more, and that is all that is said of it.
    const cause = codeOf(error) === '25P02' ? first : error
    const failure = cause instanceof Error ? cause : new Error(String(cause))
    for (const request of group.requests) found.set(request, failure)
  }
}

type Found = Map<AggregateRequest, Figures | Error>

async function loadGroups(
  parts: LoaderParts,
  groups: readonly FigureGroup[],
  found: Found,
): Promise<void> {
  const { datamodel, statements, runner, readSet, figureMemory } = parts
  const memory = figureMemory?.isOpen() ? figureMemory : null
  const key = groups.map(({ shape, names }) => `${shape.text} ${names.join()}`).join(';')
  const statement = statements.get(key, () => ({ text: compileAggregates(datamodel, groups) }))
  const requests = groups.flatMap((group) => group.requests)
  const raws = await runner.run(
    statement,
    groups.flatMap(({ shape, items }) => arraysOf(shape, items)),
    requests.map(({ asker }) => asker),
  )
  const byItem = groups.map((): Figures[] => [])
  for (const raw of raws) {
    const rows = byItem[Number(raw[0])]
    if (rows) rows[Number(raw[1])] = raw.slice(2)
  }
  for (const [index, { requests, itemOf, placesOf }] of groups.entries()) {
    for (const request of requests) {
      const figures = byItem[index]?.[itemOf.get(request) ?? -1] ?? []
      found.set(request, choose(figures, placesOf(request.figures)))
    }
  }
  readSet.addLater(requests, addListTags)
  if (memory) keepCounts(memory, groups, byItem)
}

function keepCounts(
  memory: FigureMemory,
  groups: readonly FigureGroup[],
  byItem: readonly (readonly Figures[])[],
): void {
  for (const [index, group] of groups.entries()) {
    const counts = group.figures.flatMap(({ figure }, at) => (figure === 'count' ? [at] : []))
    const names = namesOf(group)
    for (const [place, name] of names.entries()) {
      // The widest group's row may have places for more.
      const figures = (byItem[index]?.[place] ?? []).slice(0, group.figures.length)
      // Nothing else says how many rows it took.
      const rows = Math.max(0, ...counts.map((at) => Number(figures[at])))
      const asking = group.requests.filter((request) => group.itemOf.get(request) === place)
      if (rows === 0 || !coverAll(group, asking)) continue
      memory.keep(name, {
        figures,
        rows,
        tags: () => new Set(asking.flatMap(({ tagsOf, key }) => tagsOf(key))),
      })
    }
  }
}

/**
 * Whether all figures of a group were asked for of an item: each field knows the tags of its own alone,
 * and what was worked out because others asked for it elsewhere has none here.
 */
function coverAll(
  { figures, placesOf }: FigureGroup,
  asking: readonly AggregateRequest[],
): boolean {
  return new Set(asking.flatMap((request) => placesOf(request.figures))).size === figures.length
}
