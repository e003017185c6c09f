import { compileAggregates } from '../sql/compile-aggregate.ts'
import type { Statement } from '../sql/database.ts'
import type { Tag } from '../tags/tag.ts'
import { addListTags } from './dependencies.ts'
import { type AggregateRequest, arraysOf, type FigureGroup, groupByShape } from './figure-groups.ts'
import type { FigureMemory, Figures } from './figure-memory.ts'
import type { LoaderParts } from './row-loader.ts'

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
  const found = new Map<AggregateRequest, Figures | Error>()
  const groups = await recallFigures(parts, groupByShape(requests), found)
  if (groups.length === 0) return requests.map((request) => found.get(request) ?? missing())
  try {
    await loadGroups(parts, groups, found)
  } catch (error) {
    if (groups.length === 1 || !isAboutData(error)) throw error
    // The others are not to be lost with what cannot be worked out.
    await Promise.all(groups.map((group) => loadAlone(parts, group, found)))
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
  const recalling = groups.map((group) =>
    group.items.map((_, place) => memory.recall(nameOf(parts, group, place))),
  )
  if (!recalling.flat().some((one) => one !== null)) return groups
  const recalled: AggregateRequest[] = []
  for (const [index, group] of groups.entries()) {
    const figures = await Promise.all(recalling[index] ?? [])
    for (const request of group.requests) {
      const own = figures[group.itemOf.get(request) ?? -1]
      if (!own) continue
      found.set(request, choose(own, group.placesOf(request.figures)))
      recalled.push(request)
    }
  }
  readSet.addLater(recalled, addListTags)
  return groupByShape(groups.flatMap(({ requests }) => requests.filter((one) => !found.has(one))))
}

function choose(figures: Figures, places: readonly number[]): Figures {
  return places.map((place) => figures[place] ?? null)
}

/** What figures of an item are remembered by: all that their statement says, and its values. */
function nameOf({ statements, datamodel }: LoaderParts, group: FigureGroup, place: number): string {
  return `${statementOf(statements, datamodel, [group]).name} ${group.texts[place]}`
}

/** PostgreSQL cannot work with a value (SQLSTATE class 22). */
function isAboutData(error: unknown): error is Error {
  if (!(error instanceof Error) || !('code' in error)) return false
  return typeof error.code === 'string' && error.code.startsWith('22')
}

async function loadAlone(parts: LoaderParts, group: FigureGroup, found: Found): Promise<void> {
  try {
    await loadGroups(parts, [group], found)
  } catch (error) {
    const failure = error instanceof Error ? error : new Error(String(error))
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
  const statement = statementOf(statements, datamodel, groups)
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
  if (memory) keepCounts(parts, memory, groups, byItem)
}

function statementOf(
  statements: LoaderParts['statements'],
  datamodel: LoaderParts['datamodel'],
  groups: readonly FigureGroup[],
): Statement {
  const key = groups.map(({ shape, names }) => `${shape.text} ${names.join()}`).join(';')
  return statements.get(key, () => ({ text: compileAggregates(datamodel, groups) }))
}

function keepCounts(
  parts: LoaderParts,
  memory: FigureMemory,
  groups: readonly FigureGroup[],
  byItem: readonly (readonly Figures[])[],
): void {
  for (const [index, group] of groups.entries()) {
    const counts = group.figures.flatMap(({ figure }, at) => (figure === 'count' ? [at] : []))
    for (const place of group.items.keys()) {
      // The widest group's row may have places for more.
      const figures = (byItem[index]?.[place] ?? []).slice(0, group.figures.length)
      // Nothing else says how many rows it took.
      const rows = Math.max(0, ...counts.map((at) => Number(figures[at])))
      if (rows > 0) {
        memory.keep(nameOf(parts, group, place), {
          figures,
          rows,
          tags: () => tagsOfItem(group, place),
        })
      }
    }
  }
}

/** All that any of the figures over an item's rows depends on: each field knows of its own columns. */
function tagsOfItem({ requests, itemOf }: FigureGroup, place: number): ReadonlySet<Tag> {
  const own = requests.filter((request) => itemOf.get(request) === place)
  return new Set(own.flatMap(({ tagsOf, key }) => tagsOf(key)))
}
