import { Decimal } from '@prisma/client-runtime-utils'
import { parse as parseArray } from 'postgres-array'
import type { Column, Datamodel } from './datamodel.ts'

export type Row = Readonly<Record<string, unknown>>

export type Decode = (value: unknown) => unknown

/**
 * Makes what Prisma would give for a column of the value that the database printed, except that times
 * stay text, RFC 3339 with all their microseconds. Undefined where the two are the same.
 */
export function decoderOf(datamodel: Datamodel, column: Column): Decode | undefined {
  const single = scalarDecoder(datamodel, column)
  const decode = single && ((value: unknown) => (value === null ? null : single(value)))
  if (!column.isList) return decode
  // A list column may hold NULL, whatever the Prisma schema says: Prisma shows the empty list.
  return (value) => {
    const values = typeof value === 'string' ? parseArray(value) : (value ?? [])
    return decode ? (values as readonly unknown[]).map(decode) : values // a list column's value
  }
}

function scalarDecoder(datamodel: Datamodel, column: Column): Decode | undefined {
  if (column.isEnum) return enumDecoder(datamodel, column.type)
  if (column.type === 'DateTime') return (value) => toRfc3339(String(value), column.sqlType)
  if (column.type === 'Decimal') return (value) => new Decimal(String(value))
  if (column.type === 'BigInt') return (value) => BigInt(String(value))
  return undefined
}

function enumDecoder(datamodel: Datamodel, name: string): Decode | undefined {
  const values = datamodel.enums[name]?.values ?? []
  if (values.every((value) => value.name === value.dbName)) return undefined
  const names = new Map(values.map((value) => [value.dbName, value.name]))
  return (value) => names.get(String(value)) ?? value
}

const hyphen = 45

/**
 * PostgreSQL prints `2026-01-02 03:04:05.678901+00`, a time zone only where the type has one. What
 * RFC 3339 cannot say (infinity, years before Christ or beyond 9999) stays as printed.
 */
function toRfc3339(text: string, sqlType: string): string {
  if (sqlType === 'time' || sqlType === 'timetz')
    return `1970-01-01T${text.replace(/[+-]\d\d$/, '')}Z`
  if (text.charCodeAt(4) !== hyphen || text.endsWith('BC')) return text
  if (sqlType === 'date') return `${text}T00:00:00Z`
  const utc = text.endsWith('+00') ? text.slice(0, -3) : text
  return `${utc.slice(0, 10)}T${utc.slice(11)}Z`
}
