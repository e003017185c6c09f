import { type NaiveRow, text } from './naive-tables.ts'

type Show = (text: string) => unknown

/** What a client must see of what the database prints. */
const shows: Readonly<Record<string, Show>> = {
  text: String,
  int: Number,
  float: Number,
  bool: (value) => value === 't',
  bigint: String,
  decimal: (value) => (value.includes('.') ? value.replace(/\.?0+$/, '') : value),
  json: (value) => JSON.parse(value),
  bytes: (value) => value.slice('\\x'.length),
  date: (value) => `${value}T00:00:00Z`,
  time: (value) => `1970-01-01T${value}Z`,
  timestamp: (value) => `${value.replace(' ', 'T')}Z`,
  timestamptz: (value) => `${value.replace(' ', 'T').replace(/\+00$/, '')}Z`,
}

/** `type` is a key of the table above, or an enum's members by what the database calls them. */
export type ValueKind = keyof typeof shows | Readonly<Record<string, string>>

export function show(row: NaiveRow, column: string, kind: ValueKind): unknown {
  const value = text(row, column)
  return value === null ? null : showOf(kind)(value)
}

/** A list column; NULL is shown as the empty list, as Prisma does. */
export function showList(row: NaiveRow, column: string, kind: ValueKind): unknown {
  const values: readonly (string | null)[] = JSON.parse(text(row, column) ?? '[]')
  return values.map((value) => (value === null ? null : showOf(kind)(value)))
}

function showOf(kind: ValueKind): Show {
  if (typeof kind === 'object') return (value) => kind[value]
  const known = shows[kind]
  if (!known) throw new Error(`No such kind of value: ${kind}`)
  return known
}

/** Microseconds since 1970 of a time as a client writes it or the database prints it. */
export function micros(time: string): bigint {
  const [, date, clock, fraction = '', zone = 'Z'] =
    /^([\d-]+)[T ]([\d:]+)(?:\.(\d+))?(Z|[+-]\d\d(?::?\d\d)?)?$/.exec(time) ?? []
  if (!date) throw new Error(`Not a time: ${time}`)
  const [sign, hours = 0, minutes = 0] = [
    zone[0],
    Number(zone.slice(1, 3)),
    Number(zone.slice(4, 6)),
  ]
  const offset = zone === 'Z' ? 0 : (sign === '-' ? -1 : 1) * (hours * 60 + minutes)
  const milliseconds = BigInt(Date.parse(`${date}T${clock}Z`) - offset * 60_000)
  return milliseconds * 1000n + BigInt(fraction.padEnd(6, '0'))
}

/** A decimal without NaN, scaled to thirty digits behind the point. */
export function scaled(decimal: string): bigint {
  const [, sign, whole = '0', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(decimal) ?? []
  const digits = BigInt(whole + fraction.padEnd(30, '0').slice(0, 30))
  return sign === '-' ? -digits : digits
}
