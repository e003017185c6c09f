import {
  type DirectiveNode,
  type DocumentNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  visit,
} from 'graphql'

/** The values of a document's conditions, by the variables that they name. */
export type Settled = ReadonlyMap<string, boolean>

/** The variables that `@skip` and `@include` look at, each once. */
export function findConditions(document: DocumentNode): readonly string[] {
  const names = new Set<string>()
  visit(document, {
    [Kind.DIRECTIVE](node) {
      const condition = conditionOf(node)
      if (condition?.kind === Kind.VARIABLE) names.add(condition.name.value)
    },
  })
  return [...names]
}

/**
 * What the operation's variables say of each condition; null where one is no boolean, which only the
 * interpreter can put in words.
 */
export function settle(
  conditions: readonly string[],
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): Settled | null {
  const settled = new Map<string, boolean>()
  for (const name of conditions) {
    const value = Object.hasOwn(variables, name) ? variables[name] : defaultOf(operation, name)
    if (typeof value !== 'boolean') return null
    settled.set(name, value)
  }
  return settled
}

/** The document as it reads under these values: without `@skip` and `@include`, and what they leave out. */
export function applyConditions(document: DocumentNode, settled: Settled): DocumentNode {
  const enter = (node: SelectionNode) => {
    const conditions = node.directives?.filter((directive) => conditionOf(directive)) ?? []
    if (conditions.length === 0) return undefined
    if (!conditions.every((directive) => isMet(directive, settled))) return null
    return { ...node, directives: node.directives?.filter((one) => !conditions.includes(one)) }
  }
  return visit(document, {
    [Kind.FIELD]: enter,
    [Kind.INLINE_FRAGMENT]: enter,
    [Kind.FRAGMENT_SPREAD]: enter,
  })
}

function isMet(directive: DirectiveNode, settled: Settled): boolean {
  const condition = conditionOf(directive)
  const value =
    condition?.kind === Kind.VARIABLE
      ? settled.get(condition.name.value)
      : condition?.kind === Kind.BOOLEAN && condition.value
  return value === (directive.name.value === 'include')
}

function conditionOf({ name, arguments: args }: DirectiveNode) {
  if (name.value !== 'skip' && name.value !== 'include') return undefined
  return args?.find((argument) => argument.name.value === 'if')?.value
}

function defaultOf(operation: OperationDefinitionNode, name: string): boolean | undefined {
  const definition = operation.variableDefinitions?.find(
    ({ variable }) => variable.name.value === name,
  )
  const value = definition?.defaultValue
  return value?.kind === Kind.BOOLEAN ? value.value : undefined
}
