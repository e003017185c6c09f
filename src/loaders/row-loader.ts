import { AppError } from '../errors.ts'
import { compileRowsByKey, isPlacedKey } from '../sql/compile-rows.ts'
import type { Datamodel, Model } from '../sql/datamodel.ts'
import type { Row } from '../sql/decode.ts'
import { createKeyEncoder } from '../sql/encode.ts'
import { createHydrator, modelProperty } from '../sql/hydrate.ts'
import { arrayLiteral } from '../sql/slots.ts'
import type { StatementCache } from '../sql/statements.ts'
import type { ReadSet } from '../tags/read-set.ts'
import type { Batches } from './batch.ts'
import type { FigureMemory } from './figure-memory.ts'
import {
  addNeeds,
  covers,
  createRowTagger,
  mergeNeeds,
  missingTags,
  type Needs,
  noJoins,
} from './join-needs.ts'
import { orError } from './or-error.ts'
import type { Asker, StatementRunner } from './run-statement.ts'

/** What one field reads of the rows that it finds by a key; made once for all of them. */
export interface RowPlan {
  readonly model: Model
  /** Columns that name one row at most. */
  readonly key: readonly string[]
  readonly needs: Needs
  /** What to say when a row is missing that must be there; without it, it is null. */
  readonly missing?: string | undefined
}

export interface RowRequest {
  readonly plan: RowPlan
  readonly values: readonly unknown[]
  readonly asker: Asker
}

/** The same for several keys. */
export interface RowsRequest {
  readonly plan: RowPlan
  readonly keys: readonly (readonly unknown[])[]
  readonly asker: Asker
}

export interface LoaderParts {
  readonly datamodel: Datamodel
  readonly batches: Batches
  readonly statements: StatementCache
  readonly runner: StatementRunner
  /** Null: every figure is worked out. */
  readonly figureMemory: FigureMemory | null
  readonly readSet: ReadSet
}

export interface RowLoader {
  load(request: RowRequest): Promise<Row | null>
  /** In the order of the keys, with one promise for all; an error where a row could not be read. */
  loadAll(request: RowsRequest): Promise<readonly (Row | null | Error)[]>
}

/** The rows of one statement by their keys' texts. */
type Found = ReadonlyMap<string, Row>

/** Where a row is that a request has read or is reading, and what is read of it. */
interface Reading {
  readonly text: string
  readonly needs: Needs
  readonly found: Promise<Found>
}

/** What one call adds to the statement of the tick, once it adds anything. */
interface Addition {
  readonly items: Item[]
  found: Promise<Found> | null
}

interface PreparedPlan {
  readonly shape: string
  readonly memory: Map<string, Reading>
  readonly encode: ReturnType<typeof createKeyEncoder>
}

/**
 * Rows by a unique key, `= ANY`, each read once in a request whichever fields ask for it; again only
 * for columns that were not read the first time.
 */
export function createRowLoader(parts: LoaderParts): RowLoader {
  const memories = new Map<string, PreparedPlan['memory']>()
  const prepared = new Map<RowPlan, PreparedPlan>()

  function prepare(plan: RowPlan): PreparedPlan {
    const known = prepared.get(plan)
    if (known) return known
    const shape = `row ${plan.model.name} ${plan.key.join()}`
    const memory = memories.get(shape) ?? new Map()
    memories.set(shape, memory)
    const encode = createKeyEncoder(parts.datamodel, plan.model, plan.key)
    const made = { shape, memory, encode }
    prepared.set(plan, made)
    return made
  }

  function read(
    { shape, memory, encode }: PreparedPlan,
    { plan, values: given, asker }: RowRequest,
    addition: Addition,
  ): Reading {
    const values = encode ? encode(given) : given
    const text = keyText(values)
    const known = memory.get(text)
    if (known && covers(known.needs, plan.needs)) return known
    const needs = known ? addNeeds(known.needs, plan.needs) : plan.needs
    // It runs at the end of the tick, with all items that are there by then.
    addition.found ??= parts.batches.load(shape, addition.items, (lists) =>
      loadRows(parts, memory, lists),
    )
    addition.items.push({ plan, needs, values, text, asker })
    const reading = { text, needs, found: addition.found }
    memory.set(text, reading)
    return reading
  }

  return {
    load(request) {
      const { plan } = request
      const { text, found } = read(prepare(plan), request, { items: [], found: null })
      return found.then((rows) => demand(rows.get(text), plan))
    },
    async loadAll({ plan, keys, asker }) {
      const addition: Addition = { items: [], found: null }
      const readings = keys.map((values) => read(prepare(plan), { plan, values, asker }, addition))
      addition.found?.catch(() => undefined) // reported below, maybe after another was awaited
      const rows: (Row | null | Error)[] = []
      let last: Promise<Found> | null = null
      let all: Found | Error = new Map()
      for (const { text, found } of readings) {
        // Nearly always the same one.
        if (found !== last) all = await orError(found)
        last = found
        rows.push(all instanceof Error ? all : (all.get(text) ?? null))
      }
      return rows
    },
  }
}

/** What is missing for one field is null for another that finds the same row. */
function demand(row: Row | undefined, { missing }: RowPlan): Row | null {
  if (row) return row
  if (missing === undefined) return null
  throw new AppError('NOT_FOUND', missing)
}

/** The name of the model of a row that was found by a key. */
export function modelOf(row: Row): string {
  return String(row[modelProperty])
}

/** Rows that are read so quickly that others may wait for them. */
const mostQuickKeys = 20

interface Item extends RowRequest {
  readonly needs: Needs
  readonly text: string
}

/** All lists are answered with the same rows. */
async function loadRows(
  parts: LoaderParts,
  memory: Map<string, unknown>,
  lists: readonly (readonly Item[])[],
): Promise<readonly Found[]> {
  const items = lists.flat()
  try {
    const found = await readRows(parts, items)
    return lists.map(() => found)
  } catch (error) {
    for (const { text } of items) memory.delete(text)
    throw error
  }
}

async function readRows(
  { datamodel, statements, runner, readSet }: LoaderParts,
  items: readonly Item[],
): Promise<Found> {
  const [first] = items
  if (!first) return new Map()
  const { model, key } = first.plan
  const needs = [...new Set(items.map((item) => item.needs))]
  const wanted = mergeNeeds(datamodel, model, [{ columns: new Set(key), joins: noJoins }, ...needs])
  const name = `row ${model.name} ${key.join()} ${JSON.stringify(wanted)}`
  const isPlaced = isPlacedKey(model, key)
  const offset = isPlaced ? 1 : 0
  const statement = statements.get(name, () => ({
    text: compileRowsByKey(datamodel, model, key, wanted),
    hydrate: createHydrator(datamodel, model, wanted, offset, { isNamed: true }),
    tagRow: createRowTagger(datamodel, model, wanted.joins),
  }))
  const keys = [...new Map(items.map((item) => [item.text, item.values])).values()]
  const arrays = key.map((_, index) => arrayLiteral(keys.map((values) => values[index])))
  const { name: named, text } = statement
  const raws = await runner.run(
    { name: named, text, isQuick: keys.length <= mostQuickKeys },
    arrays,
    items.map(({ asker }) => asker),
  )
  const keyIndexes = key.map((column) => offset + wanted.columns.indexOf(column))
  const rows = new Map<string, Row>()
  for (const raw of raws) {
    const found = isPlaced ? keys[Number(raw[0]) - 1] : keyIndexes.map((index) => raw[index])
    if (found) rows.set(keyText(found), statement.hydrate(raw))
  }
  readSet.addLater([...rows.values()], statement.tagRow)
  if (items.some(({ text }) => !rows.has(text))) {
    for (const tag of missingTags(model, key)) readSet.add(tag)
  }
  return rows
}

function keyText(values: readonly unknown[]): string {
  return values.length === 1 ? String(values[0]) : JSON.stringify(values.map(String))
}
