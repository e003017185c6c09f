/**
 * Where two answers differ first, as a line to read; null when they are the same. Times count to the
 * millisecond, which is all that JavaScript's dates have, and numbers to twelve digits, beyond which
 * sums in another order differ.
 */
export function findDifference(expected: unknown, got: unknown, path = 'data'): string | null {
  const [left, right] = [comparable(expected), comparable(got)]
  if (left === right) return null
  if (!isObject(left) || !isObject(right)) {
    return `${path} is ${JSON.stringify(right)} instead of ${JSON.stringify(left)}`
  }
  const keys = new Set([...Object.keys(left), ...Object.keys(right)])
  for (const key of keys) {
    const found = findDifference(left[key], right[key], `${path}.${key}`)
    if (found !== null) return found
  }
  return null
}

function comparable(value: unknown): unknown {
  if (typeof value === 'string' && isTime.test(value)) return new Date(value).toISOString()
  return typeof value === 'number' ? Number(value.toPrecision(12)) : value
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/
