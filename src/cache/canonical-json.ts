/**
 * JSON in which the order of an object's keys does not count, so that equal values have equal texts,
 * and different values different ones: 0 and -0 too, and numbers that are too large to be any. Null
 * when there is something in it that JSON does not have.
 */
export function canonicalJson(value: unknown): string | null {
  const printed: string[] = []
  // A list of what is left to print, not a recursion: JSON may be nested deeper than the stack.
  const open: Part[] = [{ value }]
  for (let part = open.pop(); part; part = open.pop()) {
    if ('text' in part) {
      printed.push(part.text)
      continue
    }
    const parts = partsOf(part.value)
    if (parts === null) return null
    for (const next of parts.reverse()) open.push(next)
  }
  return printed.join('')
}

type Part = { readonly text: string } | { readonly value: unknown }

function partsOf(value: unknown): Part[] | null {
  switch (typeof value) {
    case 'string':
      return [{ text: JSON.stringify(value) }]
    case 'number':
      return [{ text: Object.is(value, -0) ? '-0' : String(value) }]
    case 'boolean':
      return [{ text: String(value) }]
    case 'object':
      if (value === null) return [{ text: 'null' }]
      return Array.isArray(value) ? partsOfList(value) : partsOfObject(value)
    default:
      return null
  }
}

function partsOfList(list: readonly unknown[]): Part[] {
  return [
    { text: '[' },
    ...list.flatMap((item): Part[] => [{ value: item }, { text: ',' }]),
    { text: ']' },
  ]
}

function partsOfObject(object: object): Part[] | null {
  const prototype = Object.getPrototypeOf(object)
  if (prototype !== null && prototype !== Object.prototype) return null
  const entries = Object.entries(object).filter(([, value]) => value !== undefined)
  entries.sort(([a], [b]) => (a < b ? -1 : 1))
  return [
    { text: '{' },
    ...entries.flatMap(([key, value]): Part[] => [
      { text: `${JSON.stringify(key)}:` },
      { value },
      { text: ',' },
    ]),
    { text: '}' },
  ]
}
