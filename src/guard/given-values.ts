import {
  type FieldNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type ValueNode,
  valueFromASTUntyped,
} from 'graphql'

/** The values of an operation's arguments, and a note of the variables that were looked at. */
export interface GivenValues {
  /** Undefined where it is not given. */
  argument(node: FieldNode, name: string): unknown
  /** All that lists in the arguments hold, lists in lists included; null where there is no list. */
  countItems(node: FieldNode): number | null
  /** Whether `@skip` and `@include` leave it in. */
  isIncluded(node: SelectionNode): boolean
  readonly consulted: ReadonlySet<string>
}

export function createGivenValues(
  operation: OperationDefinitionNode,
  given: Readonly<Record<string, unknown>>,
): GivenValues {
  const consulted = new Set<string>()
  const defaults = new Map(
    operation.variableDefinitions?.map((node) => [node.variable.name.value, node.defaultValue]),
  )

  function read(node: ValueNode): unknown {
    if (node.kind === Kind.VARIABLE) {
      const name = node.name.value
      consulted.add(name)
      if (Object.hasOwn(given, name) && given[name] !== undefined) return given[name]
      const fallback = defaults.get(name)
      return fallback && valueFromASTUntyped(fallback)
    }
    if (node.kind === Kind.LIST) return node.values.map(read)
    if (node.kind === Kind.OBJECT) {
      return Object.fromEntries(node.fields.map(({ name, value }) => [name.value, read(value)]))
    }
    return valueFromASTUntyped(node)
  }

  return {
    consulted,
    argument(node, name) {
      const found = node.arguments?.find((argument) => argument.name.value === name)
      return found && read(found.value)
    },
    countItems(node) {
      const lists = (node.arguments ?? []).map(({ value }) => countIn(read(value)))
      return lists.reduce((sum, count) => (count === null ? sum : (sum ?? 0) + count), null)
    },
    isIncluded({ directives = [] }) {
      return directives.every(({ name, arguments: args }) => {
        if (name.value !== 'skip' && name.value !== 'include') return true
        const condition = args?.find((argument) => argument.name.value === 'if')
        const value = condition && read(condition.value)
        // What is no boolean is refused later; until then the field counts.
        return name.value === 'skip' ? value !== true : value !== false
      })
    },
  }
}

/** What says in a cost's key all that the cost can depend on. */
export function summarise(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (typeof value === 'object' && value !== null) return `${countIn(value)} items`
  return value === null || value === undefined ? 'none' : 'text'
}

/** Items of all lists in a value; null where there is none. Not a recursion: JSON may be deep. */
function countIn(value: unknown): number | null {
  let items: number | null = null
  const open = [value]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next !== 'object' || next === null) continue
    if (Array.isArray(next)) items = (items ?? 0) + next.length
    for (const part of Object.values(next)) if (part !== undefined) open.push(part)
  }
  return items
}
