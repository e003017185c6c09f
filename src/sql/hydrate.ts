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
 * function of generated text, a constructor for each level: every row of a shape then has the same
 * hidden class from the start, which halves what a row costs to make and to read. The text holds names
 * of the datamodel alone.
 *
 * Not object literals: where most of a literal's objects outlive a collection or two, as while many
 * requests wait, V8 makes all that follow among old objects, with their texts, for good. What rows
 * then leave behind took half of the time of a busy server.
 */
export function createHydrator(
  datamodel: Datamodel,
  model: Model,
  shape: RowShape,
  offset: number,
  options: { readonly isNamed?: boolean } = {},
): (raw: RawRow) => Row {
  const written: Written = { datamodel, decoders: [], constructors: [] }
  const { name } = writeRow(written, model, shape, { offset, isNamed: options.isNamed === true })
  const { decoders, constructors } = written
  const names = decoders.map((_, index) => decoderName(index))
  const text = `${constructors.join('\n')}\nreturn (raw) => new ${name}(raw)`
  return new Function(...names, text)(...decoders)
}

interface Written {
  readonly datamodel: Datamodel
  readonly decoders: Decode[]
  /** The text of each. */
  readonly constructors: string[]
}

/** Adds the constructor of a row, and of those that are joined to it. */
function writeRow(
  written: Written,
  model: Model,
  { columns, joins }: RowShape,
  { offset, isNamed }: { readonly offset: number; readonly isNamed: boolean },
): { readonly name: string; readonly next: number } {
  const { datamodel, decoders, constructors } = written
  const own = isNamed ? [assign(modelProperty, JSON.stringify(model.name))] : []
  for (const [index, name] of columns.entries()) {
    const value = `raw[${offset + index}]`
    const decode = decoderOf(datamodel, getColumn(model, name))
    const decoded = decode ? `${decoderName(decoders.push(decode) - 1)}(${value})` : value
    own.push(assign(name, decoded))
  }
  let next = offset + columns.length
  for (const join of joins) {
    const target = getModel(datamodel, getRelation(model, join.relation).model)
    const [key = ''] = target.primaryKey
    const isMissing = `raw[${next + join.columns.indexOf(key)}] === null`
    const joined = writeRow(written, target, join, { offset: next, isNamed: false })
    own.push(assign(join.relation, `${isMissing} ? null : new ${joined.name}(raw)`))
    next = joined.next
  }
  const name = `Row${constructors.length}`
  const body = `function ${name}(raw) { ${own.join('; ')} }`
  // Plain objects to all who are given them.
  constructors.push(`${body}\n${name}.prototype = Object.prototype`)
  return { name, next }
}

function assign(name: string, value: string): string {
  return `this[${JSON.stringify(name)}] = ${value}`
}

function decoderName(index: number): string {
  return `decode${index}`
}
