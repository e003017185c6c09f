import fc from 'fast-check'
import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql'

/** Values that arguments are drawn from, so that filters find something. */
export interface Pools {
  readonly texts: readonly string[]
  readonly times: readonly string[]
  readonly ids: readonly string[]
  /** Whether the naive side can answer a field; others are not asked for. @default all */
  readonly knows?: (typeName: string, field: string) => boolean
}

/** Where a page of the next document may start: cursors that a list of this one showed. */
export interface PageSlot {
  /** The response key of the list, unlike any other in the document. */
  readonly alias: string
  after: string | null
  before: string | null
}

export interface RandomDocument {
  readonly slots: readonly PageSlot[]
  /** The text and its variables, with the cursors that the slots hold now. */
  print(): { readonly text: string; readonly variables: Readonly<Record<string, unknown>> }
}

const most = { depth: 4, fields: 16 }

/**
 * A document over any schema of entities: nested lists with pages, filters and orders, aliases, inline
 * and named fragments, @skip and @include, arguments as literals and as variables.
 */
export function drawDocument(
  schema: GraphQLSchema,
  pools: Pools,
  g: fc.GeneratorValue,
): RandomDocument {
  const below = (limit: number) => g(fc.nat, { max: limit - 1 })
  const chance = (percent: number) => below(100) < percent
  const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T // the lists are not empty
  const variables = new Map<string, { type: string; value: unknown }>()
  const fragments: string[] = []
  const slots: PageSlot[] = []
  let names = 0
  let fields = 0
  const nextName = (prefix: string) => `${prefix}${++names}`

  function isKnown(type: GraphQLObjectType, field: string): boolean {
    return pools.knows?.(type.name, field) ?? true
  }

  function variable(type: string, value: unknown): string {
    const name = nextName('v')
    variables.set(name, { type, value })
    return `$${name}`
  }

  function drawValue(type: GraphQLInputType): unknown {
    const inner = getNullableType(type)
    if (isListType(inner)) return Array.from({ length: below(4) }, () => drawValue(inner.ofType))
    if (isEnumType(inner)) return pick(inner.getValues()).name
    if (isInputObjectType(inner)) {
      const wanted = Object.values(inner.getFields()).filter(
        (field) => isNonNullType(field.type) || chance(20),
      )
      return Object.fromEntries(wanted.map((field) => [field.name, drawValue(field.type)]))
    }
    return drawScalar(getNamedType(inner).name)
  }

  function drawScalar(name: string): unknown {
    switch (name) {
      case 'Int':
        return below(4)
      case 'Float':
        return pick([0, 0.5, 1.5, 1e300])
      case 'Boolean':
        return chance(50)
      case 'ID':
        return pick(pools.ids)
      case 'DateTime':
        return pick(pools.times)
      case 'BigInt':
        return pick(['0', '9007199254740992', '-1'])
      case 'Decimal':
        return pick(['0', '0.1', '-2'])
      default:
        return pick(pools.texts)
    }
  }

  function drawArguments(args: readonly GraphQLArgument[]): string[] {
    return args.flatMap((arg) => {
      if (!(isNonNullType(arg.type) && arg.defaultValue === undefined) && chance(60)) return []
      const value = drawValue(arg.type)
      const isEnum = isEnumType(getNamedType(arg.type))
      if (isEnum && !isListType(getNullableType(arg.type)) && chance(50))
        return [`${arg.name}: ${value}`]
      return [`${arg.name}: ${variable(String(arg.type), value)}`]
    })
  }

  function directive(): string {
    if (chance(88)) return ''
    const name = pick(['skip', 'include'])
    const condition = chance(75) === (name === 'include')
    return ` @${name}(if: ${chance(50) ? variable('Boolean!', condition) : condition})`
  }

  function selection(type: GraphQLObjectType, depth: number): string {
    const own = Object.values(type.getFields()).filter(({ name }) => isKnown(type, name))
    const parts: string[] = []
    const count = 1 + below(depth === 0 ? 3 : 5)
    for (let index = 0; index < count; index += 1) {
      const part = drawField(pick(own), depth)
      if (part === '') continue
      if (chance(85)) parts.push(part)
      else if (chance(50)) parts.push(`... on ${type.name}${directive()} { ${part} }`)
      else {
        const name = nextName('F')
        fragments.push(`fragment ${name} on ${type.name} { ${part} }`)
        parts.push(`...${name}${directive()}`)
      }
    }
    return parts.length > 0 ? parts.join(' ') : '__typename'
  }

  function drawField(field: GraphQLField<unknown, unknown>, depth: number): string {
    const type = getNamedType(field.type)
    if (isLeafType(type)) {
      const args = drawArguments(field.args)
      const alias = args.length > 0 || chance(15) ? `${nextName('a')}: ` : ''
      return `${alias}${field.name}${args.length > 0 ? `(${args.join(', ')})` : ''}${directive()}`
    }
    if (depth >= most.depth || fields >= most.fields) return ''
    fields += 1
    if (isObjectType(type) && type.name.endsWith('Connection')) return drawList(field, type, depth)
    const args = drawArguments(field.args)
    const alias = args.length > 0 || chance(25) ? `${nextName('a')}: ` : ''
    const inner = isInterfaceType(type)
      ? drawNode(type.name, depth)
      : isObjectType(type)
        ? selection(type, depth + 1)
        : ''
    return `${alias}${field.name}${args.length > 0 ? `(${args.join(', ')})` : ''}${directive()} { ${inner} }`
  }

  function drawNode(name: string, depth: number): string {
    const type = schema.getType(name)
    if (!isInterfaceType(type)) return '__typename'
    const parts = schema
      .getPossibleTypes(type)
      .filter((possible) => isKnown(possible, 'id') && chance(30))
      .map((possible) => `... on ${possible.name} { ${selection(possible, depth + 2)} }`)
    return ['__typename', 'id', ...parts].join(' ')
  }

  function drawList(
    field: GraphQLField<unknown, unknown>,
    type: GraphQLObjectType,
    depth: number,
  ): string {
    const alias = nextName('c')
    const paging = ['first', 'last', 'after', 'before']
    const args = drawArguments(field.args.filter(({ name }) => !paging.includes(name)))
    const size = depth === 0 ? [0, 1, 2, 3, 5, 20] : [0, 1, 2, 3]
    const way = below(depth === 0 ? 5 : 4)
    if (way < 2) args.push(`first: ${pick(size)}`)
    else if (way < 4) args.push(`last: ${pick(size)}`)
    const node = getNamedType(type.getFields().nodes?.type)
    if (!isObjectType(node)) return ''
    const idPath = pathToId(node)
    const parts: string[] = []
    if (idPath && chance(80)) {
      slots.push({ alias, after: null, before: null })
      args.push(`after: @after-${alias}`, `before: @before-${alias}`)
      parts.push(
        `edges { cursor node { ${idPath} ${chance(50) ? selection(node, depth + 1) : ''} } }`,
      )
      if (chance(50)) parts.push(`pageInfo { startCursor endCursor hasNextPage hasPreviousPage }`)
    }
    if (chance(50)) parts.push(`nodes${directive()} { ${selection(node, depth + 1)} }`)
    if (chance(30))
      parts.push(
        `pageInfo { ${pick(['hasNextPage', 'hasPreviousPage', 'hasNextPage hasPreviousPage'])} }`,
      )
    if (chance(40) || parts.length === 0) parts.push('totalCount')
    return `${alias}: ${field.name}(${args.join(', ')})${directive()} { ${parts.join(' ')} }`
  }

  const query = schema.getQueryType()
  if (!query) throw new Error('The schema has no queries')
  const body = selection(query, 0)

  return {
    slots,
    print() {
      const used = new Map(variables)
      let text = body
      let rest = fragments.join('\n')
      for (const { alias, after, before } of slots) {
        for (const [name, cursor] of Object.entries({ after, before })) {
          const mark = new RegExp(`${name}: @${name}-${alias}\\b(, )?`)
          const instead = cursor === null ? '' : `${name}: $${name}_${alias}$1`
          if (cursor !== null) used.set(`${name}_${alias}`, { type: 'String', value: cursor })
          text = text.replace(mark, instead)
          rest = rest.replace(mark, instead)
        }
      }
      // A list whose arguments have all vanished, and commas that their neighbours left.
      const tidy = (document: string) =>
        document.replaceAll(/, \)/g, ')').replaceAll(/(\w)\(\)/g, '$1')
      const heads = [...used].map(([name, { type }]) => `$${name}: ${type}`).join(', ')
      return {
        text: `query${heads === '' ? '' : ` (${heads})`} { ${tidy(text)} }\n${tidy(rest)}`,
        variables: Object.fromEntries([...used].map(([name, { value }]) => [name, value])),
      }
    },
  }
}

/** The selection that leads from a node to the id of its row: `id`, or through a view of the same. */
function pathToId(type: GraphQLObjectType): string | null {
  const fields = type.getFields()
  if (fields.id) return 'id'
  const view = Object.values(fields).find(({ extensions, type: inner }) => {
    const loadline = extensions.loadline as { readonly isSameRow?: boolean } | undefined
    const named = getNamedType(inner)
    return (
      loadline?.isSameRow && isNonNullType(inner) && isObjectType(named) && named.getFields().id
    )
  })
  return view ? `${view.name} { id }` : null
}
