import { AppError } from '../errors.ts'
import { compileRowsByKey, isPlacedKey } from '../sql/compile-rows.ts'
import type { Datamodel, Model } from '../sql/datamodel.ts'
import type { Row } from '../sql/decode.ts'
import { createKeyEncoder } from '../sql/encode.ts'
import { createHydrator } from '../sql/hydrate.ts'
import { arrayLiteral } from '../sql/slots.ts'
import type { StatementCache } from '../sql/statements.ts'
import type { ReadSet } from '../tags/read-set.ts'
import type { Batches } from './batch.ts'
import {
  addNeeds,
  covers,
  createRowTagger,
  mergeNeeds,
  missingTags,
  type Needs,
  noJoins,
} from './join-needs.ts'
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

export interface LoaderParts {
  readonly datamodel: Datamodel
  readonly batches: Batches
  readonly statements: StatementCache
  readonly runner: StatementRunner
  readonly readSet: ReadSet
}

/** The rows of one key that a request has read or is reading, by the key's text. */
type Memory = Map<string, { readonly plan: RowPlan; readonly row: Promise<Row | null> }>

interface PreparedPlan {
  readonly shape: string
  readonly memory: Memory
  readonly encode: ReturnType<typeof createKeyEncoder>
}

/**
 * Rows by a unique key, `= ANY`, each read once in a request whichever fields ask for it; again only
 * for columns that were not read the first time.
 */
export function createRowLoader(parts: LoaderParts): (request: RowRequest) => Promise<Row | null> {
  const memories = new Map<string, Memory>()
  const shapes = new WeakMap<RowPlan, PreparedPlan>()

  function prepare(plan: RowPlan) {
    const shape = `row ${plan.model.name} ${plan.key.join()}`
    const memory = memories.get(shape) ?? new Map()
    memories.set(shape, memory)
    const encode = createKeyEncoder(parts.datamodel, plan.model, plan.key)
    const prepared = { shape, memory, encode }
    shapes.set(plan, prepared)
    return prepared
  }

  return (request) => {
    const { plan } = request
    const { shape, memory, encode } = shapes.get(plan) ?? prepare(plan)
    const values = encode ? encode(request.values) : request.values
    const text = keyText(values)
    const known = memory.get(text)
    if (known && covers(known.plan.needs, plan.needs)) return demand(known.row, plan)
    const wanted = known ? { ...plan, needs: addNeeds(known.plan.needs, plan.needs) } : plan
    const row = parts.batches.load(shape, { ...request, plan: wanted, values, text }, (items) =>
      loadRows(parts, memory, items),
    )
    memory.set(text, { plan: wanted, row })
    return demand(row, plan)
  }
}

/** What is missing for one field is null for another that finds the same row. */
function demand(row: Promise<Row | null>, { missing }: RowPlan): Promise<Row | null> {
  if (missing === undefined) return row
  return row.then((found) => {
    if (found) return found
    throw new AppError('NOT_FOUND', missing)
  })
}

/** Rows that are read so quickly that others may wait for them. */
const mostQuickKeys = 20

interface Item extends RowRequest {
  readonly text: string
}

async function loadRows(
  parts: LoaderParts,
  memory: Memory,
  items: readonly Item[],
): Promise<readonly (Row | null)[]> {
  try {
    return await readRows(parts, items)
  } catch (error) {
    for (const { text } of items) memory.delete(text)
    throw error
  }
}

async function readRows(
  { datamodel, statements, runner, readSet }: LoaderParts,
  items: readonly Item[],
): Promise<readonly (Row | null)[]> {
  const [first] = items
  if (!first) return []
  const { model, key } = first.plan
  const needs = [...new Set(items.map(({ plan }) => plan.needs))]
  const wanted = mergeNeeds(datamodel, model, [{ columns: new Set(key), joins: noJoins }, ...needs])
  const name = `row ${model.name} ${key.join()} ${JSON.stringify(wanted)}`
  const isPlaced = isPlacedKey(model, key)
  const offset = isPlaced ? 1 : 0
  const statement = statements.get(name, () => ({
    text: compileRowsByKey(datamodel, model, key, wanted),
    hydrate: createHydrator(datamodel, model, wanted, offset),
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
  return items.map(({ text }) => {
    const row = rows.get(text)
    if (row) return row
    for (const tag of missingTags(model, key)) readSet.add(tag)
    return null
  })
}

function keyText(values: readonly unknown[]): string {
  return values.length === 1 ? String(values[0]) : JSON.stringify(values.map(String))
}
