import {
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isObjectType,
} from 'graphql'

/** Numbers from a seed, evenly spread from 0 to 1 (mulberry32, by Tommy Ettinger). */
export function createDice(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const oddities = [
  '""',
  '"\\u0000"',
  '"\\ud800"',
  '"\' OR 1=1"',
  '"""a"""',
  '-1',
  '2147483648',
  '1e999',
  'null',
  '{}',
  '[]',
  '[[null]]',
  '$v0',
  '$v1',
  'RED',
  '{__proto__: 1}',
  '"VXNlcjoxMjM"',
]
const debris = [
  '{',
  '}',
  '(',
  ')',
  '[',
  ']',
  '...',
  '@skip(if: $v0)',
  '@include(if: true)',
  ':',
  '$',
  '"',
  '"""',
  '#',
  '\u0000',
  '\ufeff',
  '😀',
  'fragment F0 on Query',
  '...F0',
  '...F1',
  'on',
  'query',
  'mutation',
  '__typename',
  '__schema',
  'null',
]
const values: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  101,
  2 ** 31,
  1.5,
  '',
  'a\u0000',
  '\ud800',
  'x'.repeat(300),
  [],
  [[]],
  {},
  { __proto__: 1 },
  ['a', null],
  'VXNlcjoxMjM',
]

/** A request whose document follows the grammar, the schema mostly, and sense hardly ever. */
export function fuzzRequest(schema: GraphQLSchema, dice: () => number): object {
  const below = (limit: number) => Math.floor(dice() * limit)
  const chance = (share: number) => dice() < share
  const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T // the lists are not empty
  const types = Object.values(schema.getTypeMap()).filter(isObjectType)
  const isMutation = chance(0.1)
  const root = isMutation ? schema.getMutationType() : schema.getQueryType()
  if (!root) throw new Error('The schema has both')
  let budget = 3 + below(40)
  // Half of them make sense, so that something is run too.
  const isSane = chance(0.5)
  const odd = (share: number) => !isSane && chance(share)

  const fragments = Array.from({ length: isSane ? 0 : below(3) }, (_, index) => {
    const type = chance(0.5) ? root : pick(types)
    return `fragment F${index} on ${type.name} ${selection(type, 3)}`
  })
  const variables = ['$v0: Boolean = true', '$v1: Int', '$v2: ID', '$v3: String'].filter(() =>
    chance(0.4),
  )
  const head = variables.length > 0 ? `(${variables.join(', ')})` : ''
  const text = `${isMutation ? 'mutation' : 'query'} ${head} ${selection(root, 5)} ${fragments.join(' ')}`
  return {
    query: odd(0.4) ? spoil(text) : text,
    ...(chance(0.4)
      ? {
          variables: Object.fromEntries(
            ['v0', 'v1', 'v2', 'v3', '__proto__'].map((name) => [name, pick(values)]),
          ),
        }
      : {}),
    ...(chance(0.03) ? { operationName: pick(['', 'A', '__proto__']) } : {}),
  }

  function selection(type: GraphQLObjectType, depth: number): string {
    const names = Object.values(type.getFields())
    const parts = Array.from({ length: 1 + below(4) }, () => {
      budget -= 1
      if (odd(0.06)) return `...F${below(3)}`
      if (odd(0.06)) return `... on ${pick(types).name} { __typename }`
      if (odd(0.02)) return pick(debris)
      return field(pick(names), depth)
    })
    return `{ ${parts.join(' ')} }`
  }

  function field(one: GraphQLField<unknown, unknown>, depth: number): string {
    const inner = getNamedType(one.type)
    const given = one.args.filter(({ type }) => String(type).endsWith('!') || chance(0.3))
    const args = given.map(({ name, type }) => `${name}: ${argument(getNamedType(type))}`)
    const head = `${chance(0.1) ? `a${below(3)}: ` : ''}${one.name}${args.length > 0 ? `(${args.join(', ')})` : ''}${odd(0.06) ? ` ${pick(['@skip(if: $v0)', '@include(if: false)', '@nothing'])}` : ''}`
    if (isLeafType(inner)) return odd(0.02) ? `${head} { __typename }` : head
    if (depth === 0 || budget < 0 || (isSane && !isObjectType(inner)))
      return `${head} { __typename }`
    return isObjectType(inner)
      ? `${head} ${selection(inner, depth - 1)}`
      : `${head} { id ... on ${pick(types).name} ${selection(pick(types), 1)} }`
  }

  function argument(type: ReturnType<typeof getNamedType>): string {
    if (odd(0.15)) return pick(oddities)
    if (isEnumType(type)) return pick(type.getValues()).name
    if (isInputObjectType(type)) {
      const fields = Object.values(type.getFields()).filter(
        (one) => String(one.type).endsWith('!') || chance(0.3),
      )
      return `{ ${fields.map((one) => `${one.name}: ${isInputObjectType(getNamedType(one.type)) ? '[]' : argument(getNamedType(one.type))}`).join(', ')} }`
    }
    if (type?.name === 'Int') return String(below(chance(0.9) ? 12 : 200))
    if (type?.name === 'Boolean') return String(chance(0.5))
    if (type?.name === 'Float') return '0.5'
    if (type?.name === 'DateTime') return '"2026-01-01T00:00:00Z"'
    return pick(['"a"', '"VXNlcjoxMjM"', '"\\u202e"', '""'])
  }

  function spoil(text: string): string {
    const at = below(text.length)
    const length = below(6)
    switch (below(4)) {
      case 0:
        return text.slice(0, at) + text.slice(at + length)
      case 1:
        return text.slice(0, at) + pick(debris) + text.slice(at)
      case 2:
        return text.slice(0, at) + text.slice(at, at + 40).repeat(1 + below(30)) + text.slice(at)
      default:
        return text.slice(0, at)
    }
  }
}
