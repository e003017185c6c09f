import { AppError } from '../errors.ts'
import { type Datamodel, getColumn, getModel, type Model } from '../sql/datamodel.ts'
import type { Row } from '../sql/decode.ts'
import { encodeValue } from '../sql/encode.ts'
import { isPrintedValue, valueTypeOf } from '../sql/printed-value.ts'

/**
 * Makes Relay global ids of rows, opaque to clients: the type's name and the key, as JSON if it has
 * several parts.
 */
export function createIdEncoder(typeName: string, model: Model): (row: Row) => string {
  const [only = '', ...others] = model.primaryKey
  if (others.length > 0) {
    return (row) => {
      const parts = model.primaryKey.map((name) => String(row[name]))
      return printBase64url(`${typeName}:${JSON.stringify(parts)}`)
    }
  }
  const isPlain = plainTypes.includes(getColumn(model, only).sqlType)
  const print = isPlain ? printPlainBase64url : printBase64url
  return (row) => print(`${typeName}:${row[only]}`)
}

function printBase64url(text: string): string {
  return Buffer.from(text).toString('base64url')
}

/** Types whose values print as letters, digits and dashes. */
const plainTypes: readonly string[] = ['uuid', 'int2', 'int4', 'int8']

/**
 * The same in a third of the time, for a text of letters, digits, `_`, `:` and dashes: none of its
 * groups of six bits is one that base64url writes otherwise than base64.
 */
function printPlainBase64url(text: string): string {
  const base64 = btoa(text)
  const padding = (3 - (text.length % 3)) % 3
  return padding === 0 ? base64 : base64.slice(0, -padding)
}

/** The type's name and the printed key in a global id; undefined when the text is none. */
export function decodeGlobalId(
  id: string,
): { readonly typeName: string; readonly key: string } | undefined {
  if (id.length > 400 || !/^[\w-]+$/.test(id)) return undefined
  const text = readBase64url(id)
  const end = text.indexOf(':')
  const typeName = text.slice(0, Math.max(0, end))
  return name.test(typeName) ? { typeName, key: text.slice(end + 1) } : undefined
}

const name = /^[A-Za-z_]\w*$/

/** Through `atob` in half the time, where what is read is plain. */
function readBase64url(id: string): string {
  if (id.length % 4 !== 1 && !/[-_]/.test(id)) {
    const text = atob(id)
    if (plain.test(text)) return text
  }
  return Buffer.from(id, 'base64url').toString('utf8')
}

const plain = /^[\w:-]*$/

/** The primary key's values, or undefined where the text cannot be a key of the model. */
export type ParseKey = (key: string) => readonly string[] | undefined

export function createKeyParser(datamodel: Datamodel, model: Model): ParseKey {
  const columns = model.primaryKey.map((name) => {
    const column = getColumn(model, name)
    return { column, isUuid: column.sqlType === 'uuid', type: valueTypeOf(datamodel, model, name) }
  })
  return (key) => {
    const texts = columns.length === 1 ? [key] : parseTexts(key)
    if (texts?.length !== columns.length) return undefined
    const values: string[] = []
    for (const { column, isUuid, type } of columns) {
      const text = texts[values.length] ?? ''
      const value = isUuid ? text.toLowerCase() : text
      if (!isPrintedValue(String(encodeValue(datamodel, column, value)), type)) return undefined
      values.push(value)
    }
    return values
  }
}

function parseTexts(key: string): readonly string[] | undefined {
  try {
    const texts: unknown = JSON.parse(key)
    if (!Array.isArray(texts)) return undefined
    return texts.every((text) => typeof text === 'string') ? texts : undefined
  } catch {
    return undefined
  }
}

/**
 * The raw key of a model with a single-column key.
 * @throws AppError `BAD_USER_INPUT` that names `field` when the id is malformed or of another type
 */
export function parseGlobalIdOf(
  datamodel: Datamodel,
  id: string,
  typeName: string,
  field: string,
): string {
  const model = getModel(datamodel, typeName)
  const decoded = decodeGlobalId(id)
  const parseKey = createKeyParser(datamodel, model)
  const [value] = (decoded?.typeName === typeName && parseKey(decoded.key)) || []
  if (value !== undefined) return value
  const got =
    decoded && decoded.typeName !== typeName
      ? `the id of a ${decoded.typeName}`
      : `"${id.slice(0, 40)}"`
  throw new AppError('BAD_USER_INPUT', `"${field}" must be the id of a ${typeName}, got ${got}`, {
    field,
  })
}
