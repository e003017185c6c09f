import { type Column, type Datamodel, getColumn, type Model } from './datamodel.ts'
import { arrayLiteral } from './slots.ts'

/**
 * A column's value as the database takes it, from what `createHydrator` made of it or a client wrote:
 * enum members by their names in the database, times in UTC as PostgreSQL prints them (a type without
 * time zone would silently drop an offset).
 */
export function encodeValue(datamodel: Datamodel, column: Column, value: unknown): unknown {
  if (value === null || value === undefined) return null
  const encode = encoderOf(datamodel, column)
  if (!column.isList) return encode ? encode(value) : value
  const values = value as readonly unknown[] // a list column's value
  return arrayLiteral(encode ? values.map((item) => item !== null && encode(item)) : values)
}

/** The same for the values of several columns; undefined where they travel as they are. */
export function createKeyEncoder(
  datamodel: Datamodel,
  model: Model,
  names: readonly string[],
): ((values: readonly unknown[]) => readonly unknown[]) | undefined {
  const columns = names.map((name) => getColumn(model, name))
  if (!columns.some((column) => column.isList || encoderOf(datamodel, column))) return undefined
  return (values) =>
    columns.map((column, index) => encodeValue(datamodel, column, values[index] ?? null))
}

type Encode = (value: unknown) => unknown

function encoderOf(datamodel: Datamodel, { isEnum, type, sqlType }: Column): Encode | undefined {
  if (type === 'DateTime') return (value) => printTime(value, sqlType)
  if (type === 'Json') return (value) => JSON.stringify(value)
  if (!isEnum) return undefined
  const values = datamodel.enums[type]?.values ?? []
  if (values.every(({ name, dbName }) => name === dbName)) return undefined
  const names = new Map(values.map(({ name, dbName }) => [name, dbName]))
  return (value) => names.get(String(value)) ?? value
}

const time = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d+))?(?:Z|([+-])(\d\d):?(\d\d)?)?$/i

/** What is no such time (infinity, years beyond four digits) stays as it is. */
function printTime(value: unknown, sqlType: string): string {
  const text = value instanceof Date ? value.toISOString() : String(value)
  const [, date, clock, fraction = '', sign, hours = '0', minutes = '0'] = time.exec(text) ?? []
  if (!date || !clock) return text
  const minutesEast = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
  const utc = minutesEast === 0 ? `${date}T${clock}` : shift(date, clock, -minutesEast)
  const digits = fraction.replace(/0+$/, '')
  const time24 = `${utc.slice(11, 19)}${digits === '' ? '' : `.${digits}`}`
  switch (sqlType) {
    case 'date':
      return utc.slice(0, 10)
    case 'time':
      return time24
    case 'timetz':
      return `${time24}+00`
    case 'timestamp':
      return `${utc.slice(0, 10)} ${time24}`
    default:
      return `${utc.slice(0, 10)} ${time24}+00`
  }
}

function shift(date: string, clock: string, minutes: number): string {
  return new Date(Date.parse(`${date}T${clock}Z`) + minutes * 60_000).toISOString()
}
