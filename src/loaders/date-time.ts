import { GraphQLError } from 'graphql'

const dateTime =
  /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d{1,6})?(Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/

/**
 * An RFC 3339 time of the years 1 to 9999 with at most microseconds, as it was written.
 * @throws GraphQLError with the code `BAD_USER_INPUT`
 */
export function parseDateTime(value: unknown): string {
  if (typeof value === 'string' && isDateTime(value)) return value
  const got = typeof value === 'string' ? JSON.stringify(value.slice(0, 40)) : typeof value
  throw new GraphQLError(
    `A DateTime is an RFC 3339 time between the years 0001 and 9999, like "2026-01-31T09:30:00.123456Z"; got ${got}`,
    { extensions: { code: 'BAD_USER_INPUT' } },
  )
}

function isDateTime(text: string): boolean {
  const match = dateTime.exec(text)
  if (!match || match[1] === '0000') return false
  const [, year, month, day, hour, minute, second] = match
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}`
  // A date that does not exist moves on to another: 30 February prints as 2 March.
  const parsed = new Date(`${iso}Z`)
  if (Number.isNaN(parsed.getTime()) || parsed.toISOString().slice(0, 19) !== iso) return false
  const shifted = new Date(text).getUTCFullYear()
  return shifted >= 1 && shifted <= 9999
}
