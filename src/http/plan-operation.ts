import {
  type DocumentNode,
  Kind,
  type OperationDefinitionNode,
  separateOperations,
  visit,
} from 'graphql'
import { findConditions, type Settled, settle } from './settle-directives.ts'

/** What is known of an operation that is to be compiled. */
export interface OperationPlan {
  /** The operation and its fragments alone, its defaults in the form that graphql-jit keeps. */
  readonly document: DocumentNode
  /**
   * What the variables say of the operation's conditions; null where they are not as they should be,
   * which only the interpreter can put in words.
   */
  settle(variables: Readonly<Record<string, unknown>>): Settled | null
}

export function planOperation(
  operation: OperationDefinitionNode,
  document: DocumentNode,
): OperationPlan {
  const own = separateOperations(document)[operation.name?.value ?? ''] ?? document
  const conditions = findConditions(own)
  const mustNotBeNull: string[] = []
  // graphql-jit loses the default of `$a: Int! = 1`. As `$a: Int = 1` it differs for null alone.
  const relaxed = visit(own, {
    [Kind.VARIABLE_DEFINITION](node) {
      if (!node.defaultValue || node.type.kind !== Kind.NON_NULL_TYPE) return undefined
      mustNotBeNull.push(node.variable.name.value)
      return { ...node, type: node.type.type }
    },
  })
  return {
    document: relaxed,
    settle(variables) {
      if (mustNotBeNull.some((name) => variables[name] === null)) return null
      return settle(conditions, operation, variables)
    },
  }
}
