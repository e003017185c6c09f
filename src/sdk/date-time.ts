declare const brand: unique symbol

/**
 * A point in time as the API writes it: RFC 3339 with up to six digits of a second, like
 * `2026-01-31T09:30:00.123456Z`. It is a string: it compares, travels and is kept as one, and no
 * digit is lost as in a `Date`, which ends at milliseconds.
 */
export type DateTime = string & { readonly [brand]: 'DateTime' }

/**
 * A time of the API out of a `Date`, or out of a text that may come from anywhere.
 *
 * @throws RangeError for a text that is no RFC 3339 time between the years 1 and 9999, with a zone
 * and at most microseconds, and for an invalid `Date`
 */
export function parseDateTime(value: Date | string): DateTime {
  const text = typeof value === 'string' ? value : value.toISOString()
  const [, year, month, day] = rfc3339.exec(text) ?? []
  // Months and hours out of range are no date at all; 30 February would become 2 March.
  const isDate =
    Number(day) <= new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate() &&
    !Number.isNaN(Date.parse(text))
  // True by the look at it.
  if (isDate && year !== '0000') return text as DateTime
  throw new RangeError(`Wanted a time like "2026-01-31T09:30:00.123456Z", got "${text}"`)
}

const rfc3339 =
  /^(\d{4})-(\d\d)-(\d\d)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,6})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/

/** The same time as a `Date`; digits beyond milliseconds are cut off. */
export function toDate(time: DateTime): Date {
  return new Date(time)
}
