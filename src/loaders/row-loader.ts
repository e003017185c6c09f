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
  readonly needs: Needs
  readonly found: Promise<Found>
}

/** Keys that one call adds to the statement of the tick. */
interface Item {
  readonly plan: RowPlan
  readonly needs: Needs
  readonly asker: Asker
  readonly keys: (readonly unknown[])[]
  /** Of each key. */
  readonly texts: string[]
}

interface Opened {
  readonly item: Item
  readonly reading: Reading
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

  /** The keys' texts, and where the rows are, in the order of the keys. */
  function read({ plan, keys, asker }: RowsRequest) {
    const { shape, memory, encode } = prepare(plan)
    const open = (needs: Needs): Opened => {
      const item: Item = { plan, needs, asker, keys: [], texts: [] }
      // It runs at the end of the tick, with all keys that are there by then.
      const found = parts.batches.load(shape, item, (items) => loadRows(parts, memory, items))
      found.catch(() => undefined) // reported to all who wait, maybe after another was awaited
      return { item, reading: { needs, found } }
    }
    let unknown: Opened | null = null
    const texts: string[] = []
    const readings: Reading[] = []
    for (const given of keys) {
      const values = encode ? encode(given) : given
      const text = keyText(values)
      texts.push(text)
      const known = memory.get(text)
      if (known && covers(known.needs, plan.needs)) {
        readings.push(known)
        continue
      }
      const opened: Opened = known
        ? open(addNeeds(known.needs, plan.needs))
        : (unknown ?? open(plan.needs))
      if (!known) unknown = opened
      const { item, reading } = opened
      item.keys.push(values)
      item.texts.push(text)
      memory.set(text, reading)
      readings.push(reading)
    }
    return { texts, readings }
  }

  return {
    load({ plan, values, asker }) {
      const { texts, readings } = read({ plan, keys: [values], asker })
      const [text = ''] = texts
      const [reading] = readings
      if (!reading) throw new Error('A key was given and not read')
      return reading.found.then((rows) => demand(rows.get(text), plan))
    },
    async loadAll(request) {
      const { texts, readings } = read(request)
      const rows: (Row | null | Error)[] = []
      let last: Promise<Found> | null = null
      let all: Found | Error = new Map()
      for (const [index, { found }] of readings.entries()) {
        // Nearly always the same one.
        if (found !== last) all = await orError(found)
        last = found
        rows.push(all instanceof Error ? all : (all.get(texts[index] ?? '') ?? null))
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

/** All items are answered with the same rows. */
async function loadRows(
  parts: LoaderParts,
  memory: Map<string, unknown>,
  items: readonly Item[],
): Promise<readonly Found[]> {
  try {
    const found = await readRows(parts, items)
    return items.map(() => found)
  } catch (error) {
    for (const { texts } of items) for (const text of texts) memory.delete(text)
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
  const keys = distinctKeys(items)
  const arrays = key.map((_, index) => arrayLiteral(keys.map((values) => values[index])))
  const { name: named, text } = statement
  const raws = await runner.run(
    { name: named, text, isQuick: keys.length <= mostQuickKeys },
    arrays,
    items.flatMap(({ keys, asker }) => keys.map(() => asker)),
  )
  const keyIndexes = key.map((column) => offset + wanted.columns.indexOf(column))
  const rows = new Map<string, Row>()
  for (const raw of raws) {
    const found = isPlaced ? keys[Number(raw[0]) - 1] : keyIndexes.map((index) => raw[index])
    if (found) rows.set(keyText(found), statement.hydrate(raw))
  }
  readSet.addLater([...rows.values()], statement.tagRow)
  if (items.some(({ texts }) => texts.some((text) => !rows.has(text)))) {
    for (const tag of missingTags(model, key)) readSet.add(tag)
  }
  return rows
}

/** Each once: several items may want different columns of a row. */
function distinctKeys(items: readonly Item[]): Item['keys'] {
  const [only, ...others] = items
  if (only && others.length === 0) return only.keys
  const keys = new Map<string, readonly unknown[]>()
  for (const item of items) {
    for (const [index, values] of item.keys.entries()) keys.set(item.texts[index] ?? '', values)
  }
  return [...keys.values()]
}

function keyText(values: readonly unknown[]): string {
  return values.length === 1 ? String(values[0]) : JSON.stringify(values.map(String))
}
