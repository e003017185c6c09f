import type { RawRow } from './database.ts'
import { type Datamodel, getColumn, getModel, getRelation, type Model } from './datamodel.ts'
import { type Decode, decoderOf, type Row } from './decode.ts'
import type { Join } from './join.ts'

/** The columns of a row, and the rows that are joined to it, in the order of the select list. */
export interface RowShape {
  readonly columns: readonly string[]
  readonly joins: readonly Join[]
}

/** Where a row that is named says of which model it is. */
export const modelProperty = '__model'

/**
 * Makes rows of a model, joined rows inside, from raw ones whose values start at `offset`. It is a
 * function of generated text, one object literal: every row of a shape then has the same hidden class
 * from the start, which halves what a row costs to make and to read. The text holds names of the
 * datamodel alone.
 */
export function createHydrator(
  datamodel: Datamodel,
  model: Model,
  shape: RowShape,
  offset: number,
  options: { readonly isNamed?: boolean } = {},
): (raw: RawRow) => Row {
  const decoders: Decode[] = []
  const { text } = writeRow(datamodel, model, shape, offset, decoders)
  const names = decoders.map((_, index) => decoderName(index))
  const name = options.isNamed ? `${modelProperty}: ${JSON.stringify(model.name)}, ` : ''
  return new Function(...names, `return (raw) => ({ ${name}${text} })`)(...decoders)
}

function writeRow(
  datamodel: Datamodel,
  model: Model,
  { columns, joins }: RowShape,
  offset: number,
  decoders: Decode[],
): { readonly text: string; readonly next: number } {
  const properties = columns.map((name, index) => {
    const value = `raw[${offset + index}]`
    const decode = decoderOf(datamodel, getColumn(model, name))
    if (!decode) return `${JSON.stringify(name)}: ${value}`
    return `${JSON.stringify(name)}: ${decoderName(decoders.push(decode) - 1)}(${value})`
  })
  let next = offset + columns.length
  for (const join of joins) {
    const target = getModel(datamodel, getRelation(model, join.relation).model)
    const [key = ''] = target.primaryKey
    const isMissing = `raw[${next + join.columns.indexOf(key)}] === null`
    const joined = writeRow(datamodel, target, join, next, decoders)
    properties.push(`${JSON.stringify(join.relation)}: ${isMissing} ? null : { ${joined.text} }`)
    next = joined.next
  }
  return { text: properties.join(', '), next }
}

function decoderName(index: number): string {
  return `decode${index}`
}
