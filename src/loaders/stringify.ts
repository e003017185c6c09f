/**
 * JSON that tells BigInts and endless numbers from each other too, and is the same for equal values in
 * whichever order they were put together, as compiled execution does in another; good for comparing,
 * not for parsing.
 */
export function stringify(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => {
    if (typeof item === 'bigint') return `${item}n`
    if (typeof item === 'number' && !Number.isFinite(item)) return String(item)
    return isRecord(item) ? Object.fromEntries(Object.entries(item).sort(byName)) : item
  })
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function byName([left]: [string, unknown], [right]: [string, unknown]): number {
  return left < right ? -1 : 1
}
