import { compileCheck } from '../sql/compile-check.ts'
import { type Condition, comparedColumns, relatedParts } from '../sql/condition.ts'
import { getColumn, getRelation, type Model } from '../sql/datamodel.ts'
import type { Row } from '../sql/decode.ts'
import { encodeValue } from '../sql/encode.ts'
import { arrayLiteral } from '../sql/slots.ts'
import { relatedTags } from './dependencies.ts'
import type { LoaderParts } from './row-loader.ts'
import type { Asker } from './run-statement.ts'

export interface CheckRequest {
  readonly model: Model
  readonly row: Row
  /** What the row's own columns and the viewer have left undecided. */
  readonly condition: Condition
  readonly asker: Asker
}

/** Whether rows meet conditions that look into their relations: one statement for all rows of a kind. */
export function createCheckLoader(parts: LoaderParts): (request: CheckRequest) => Promise<boolean> {
  return (request) => {
    const { datamodel } = parts
    const { model, condition } = request
    const columns = columnsToCheck(model, condition)
    const { text, values } = compileCheck({ datamodel, model, columns, condition })
    const item = { ...request, columns, values }
    return parts.batches.load(`check ${text}`, item, (items) => loadChecks(parts, text, items))
  }
}

/** Columns of a row that deciding a condition on it needs: compared ones, and keys of relations. */
export function columnsToCheck(model: Model, condition: Condition): readonly string[] {
  const keys = relatedParts(condition).flatMap(({ relation }) =>
    getRelation(model, relation).on.map(({ from }) => from),
  )
  const wanted = new Set([...comparedColumns(condition), ...keys, ...model.primaryKey])
  return Object.keys(model.columns).filter((name) => wanted.has(name))
}

async function loadChecks(
  { datamodel, statements, runner, readSet }: LoaderParts,
  text: string,
  items: readonly (CheckRequest & {
    readonly columns: readonly string[]
    readonly values: readonly unknown[]
  })[],
): Promise<readonly boolean[]> {
  const [first] = items
  if (!first) return []
  const statement = statements.get(`check ${text}`, () => ({ text }))
  const distinct = new Map<string, { index: number; cells: readonly unknown[] }>()
  const indexes = items.map(({ row, columns, values }) => {
    const cells = [
      ...columns.map((name) => encodeValue(datamodel, getColumn(first.model, name), row[name])),
      ...values,
    ]
    const key = JSON.stringify(cells.map((cell) => (cell === null ? null : String(cell))))
    const item = distinct.get(key) ?? { index: distinct.size, cells }
    distinct.set(key, item)
    return item.index
  })
  const rows = [...distinct.values()].map(({ index, cells }) => [index, ...cells])
  const width = 1 + first.columns.length + first.values.length
  const arrays = Array.from({ length: width }, (_, column) =>
    arrayLiteral(rows.map((row) => row[column])),
  )
  const raws = await runner.run(
    statement,
    arrays,
    items.map(({ asker }) => asker),
  )
  const holding = new Set(raws.map((raw) => Number(raw[0])))
  return items.map(({ model, condition }, position) => {
    for (const tag of relatedTags(datamodel, model, condition)) readSet.add(tag)
    return holding.has(indexes[position] ?? -1)
  })
}
