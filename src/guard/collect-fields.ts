import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  Kind,
  type SelectionSetNode,
} from 'graphql'
import type { GivenValues } from './given-values.ts'

export interface Collecting {
  readonly schema: GraphQLSchema
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
  readonly given: GivenValues
  /** Told of each selection that is looked at. */
  readonly onStep: () => void
}

/** The fields that will be executed for an object of the type, those of one name together. */
export function collectFields(
  options: Collecting,
  type: GraphQLObjectType,
  sets: readonly SelectionSetNode[],
): ReadonlyMap<string, readonly FieldNode[]> {
  const { schema, fragments, given, onStep } = options
  const fields = new Map<string, FieldNode[]>()
  const spread = new Set<string>()
  for (const set of sets) collect(set)
  return fields

  function collect({ selections }: SelectionSetNode): void {
    for (const node of selections) {
      onStep()
      if (node.directives?.length && !given.isIncluded(node)) continue
      if (node.kind === Kind.FIELD) {
        const key = node.alias?.value ?? node.name.value
        const known = fields.get(key)
        if (known) known.push(node)
        else fields.set(key, [node])
        continue
      }
      if (node.kind === Kind.FRAGMENT_SPREAD) {
        if (spread.has(node.name.value)) continue
        spread.add(node.name.value)
      }
      const part = node.kind === Kind.INLINE_FRAGMENT ? node : fragments.get(node.name.value)
      if (part && applies(part.typeCondition?.name.value)) collect(part.selectionSet)
    }
  }

  function applies(condition: string | undefined): boolean {
    if (condition === undefined || condition === type.name) return true
    const abstract = schema.getType(condition)
    return isAbstractType(abstract) && schema.isSubType(abstract, type)
  }
}
