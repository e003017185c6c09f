import { type Column, type Datamodel, getColumn, type Model } from './datamodel.ts'

/** What a value from outside must be before it may be compared with a column or a figure. */
export interface ValueType {
  readonly sqlType: string
  readonly isNullable: boolean
  /** An enum's values, as the database stores them. */
  readonly members?: readonly string[] | undefined
}

/** @throws Error for a column whose type has no printed values that can be checked. */
export function valueTypeOf(datamodel: Datamodel, model: Model, name: string): ValueType {
  const column = getColumn(model, name)
  const type = describe(datamodel, column)
  if (column.isList || !(type.members || isKnown(type.sqlType))) {
    throw new Error(`"${model.name}.${name}" has a type that rows cannot be ordered by or found by`)
  }
  return type
}

function describe(datamodel: Datamodel, { isEnum, isNullable, sqlType, type }: Column): ValueType {
  const members = isEnum ? datamodel.enums[type]?.values.map(({ dbName }) => dbName) : undefined
  return { sqlType, isNullable, members }
}

const integer = /^-?\d{1,19}$/

const bounds: Readonly<Record<string, bigint>> = {
  int2: 2n ** 15n,
  int4: 2n ** 31n,
  int8: 2n ** 63n,
}

const patterns: Readonly<Record<string, RegExp>> = {
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  numeric: /^(-?\d{1,200}(\.\d{1,200})?|NaN|-?Infinity)$/,
  bool: /^(true|false)$/,
  bytea: /^\\x([0-9a-f]{2})*$/,
  time: /^(([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?|24:00:00)$/,
}

const texts: readonly string[] = ['text', 'varchar', 'bpchar', 'citext']
const floats: readonly string[] = ['float4', 'float8']
const days: readonly string[] = ['date', 'timestamp', 'timestamptz']

function isKnown(sqlType: string): boolean {
  return [texts, floats, days, Object.keys(bounds), Object.keys(patterns)].some((types) =>
    types.includes(sqlType),
  )
}

/** Whether a text is cut by nothing but its length: what a cursor may have to shorten. */
export function isTextType({ sqlType, members }: ValueType): boolean {
  return !members && texts.includes(sqlType)
}

/** Whether PostgreSQL takes the text as a value of the type: what it printed itself, and no more. */
export function isPrintedValue(text: string, { sqlType, members }: ValueType): boolean {
  if (members) return members.includes(text)
  if (text.includes('\u0000')) return false
  const bound = bounds[sqlType]
  if (bound !== undefined) return isWithin(text, bound)
  if (floats.includes(sqlType)) return isFloat(text, sqlType)
  if (days.includes(sqlType)) return isDay(text, sqlType)
  const pattern = patterns[sqlType]
  return pattern ? pattern.test(text) : texts.includes(sqlType)
}

function isWithin(text: string, bound: bigint): boolean {
  if (!integer.test(text)) return false
  const value = BigInt(text)
  return value >= -bound && value < bound
}

const float = /^-?\d{1,40}(\.\d{1,40})?(e[+-]?\d{1,3})?$/

/** PostgreSQL refuses what is too large and, unlike JavaScript, what is too small as well. */
function isFloat(text: string, sqlType: string): boolean {
  if (['NaN', 'Infinity', '-Infinity'].includes(text)) return true
  if (!float.test(text)) return false
  const value = sqlType === 'float4' ? Math.fround(Number(text)) : Number(text)
  return Number.isFinite(value) && (value !== 0 || !/[1-9]/.test(text.replace(/e.*$/, '')))
}

const day = /^(\d{4,7})-(\d\d)-(\d\d)( BC)?$/
const dayAndTime =
  /^(\d{4,6})-(\d\d)-(\d\d) (?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,6})?(?:\+00)?( BC)?$/

/** The last years of each type, and before Christ the first (PostgreSQL, "Date/Time Types"). */
const years = { date: 5_874_896, timestamp: 294_275, before: 4_712 }

/** A day of the calendar, so that 30 February is refused here and not by the database. */
function isDay(text: string, sqlType: string): boolean {
  if (text === 'infinity' || text === '-infinity') return true
  const isDate = sqlType === 'date'
  const [, year, month, date, isBefore] = (isDate ? day : dayAndTime).exec(text) ?? []
  const most = isBefore ? years.before : isDate ? years.date : years.timestamp
  if (!year || Number(year) < 1 || Number(year) > most) return false
  // Leap years repeat every 400 years, and before Christ there was no year nought.
  const calendar = (isBefore ? 1 - Number(year) : Number(year)) % 400
  const parsed = new Date(Date.UTC(calendar + 2_000, Number(month) - 1, Number(date)))
  return parsed.getUTCMonth() === Number(month) - 1 && parsed.getUTCDate() === Number(date)
}
