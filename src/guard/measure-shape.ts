import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type SelectionSetNode,
} from 'graphql'
import { AppError } from '../errors.ts'

/** How much a document asks for, each fragment counted wherever it is spread. */
export interface Shape {
  /** Fields within each other at the deepest place. */
  readonly depth: number
  /** Fields, inline fragments and spreads. May be Infinity. */
  readonly selections: number
  readonly aliases: number
  readonly directives: number
  /** Of the operation that has the most. */
  readonly rootFields: number
}

type Part = Omit<Shape, 'rootFields'> & {
  /** Fields that stand directly in a selection, those of fragments included. */
  readonly fields: number
}

/**
 * Measures a document in time linear in its own length: each fragment is looked at once, however
 * often it is spread, so that a bomb of fragments is as quickly measured as written.
 *
 * @throws AppError `GRAPHQL_VALIDATION_FAILED` for a fragment that leads back to itself
 */
export function measureShape(document: DocumentNode): Shape {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const node of document.definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node)
  }
  const known = new Map<string, Part>()
  const open = new Set<string>()

  let total = nothing
  let rootFields = 0
  for (const node of document.definitions) {
    if (node.kind !== Kind.OPERATION_DEFINITION) continue
    const inner = ofSelections(node.selectionSet)
    rootFields = Math.max(rootFields, inner.fields)
    const variables = node.variableDefinitions ?? []
    const directives = variables.reduce((sum, one) => sum + count(one.directives), 0)
    total = add(add(total, inner), { ...nothing, directives: directives + count(node.directives) })
  }
  // What nobody spreads is validated too.
  for (const name of fragments.keys()) if (!known.has(name)) total = add(total, ofFragment(name))
  const { depth, selections, aliases, directives } = total
  return { depth, selections, aliases, directives, rootFields }

  function ofSelections({ selections }: SelectionSetNode): Part {
    let sum = nothing
    for (const node of selections) {
      const own = { ...nothing, selections: 1, directives: count(node.directives) }
      if (node.kind === Kind.FIELD) {
        const inner = node.selectionSet ? ofSelections(node.selectionSet) : nothing
        sum = add(sum, {
          depth: inner.depth + 1,
          selections: inner.selections + 1,
          aliases: inner.aliases + (node.alias ? 1 : 0),
          directives: inner.directives + own.directives,
          fields: 1,
        })
        continue
      }
      const inner =
        node.kind === Kind.INLINE_FRAGMENT
          ? ofSelections(node.selectionSet)
          : ofFragment(node.name.value)
      sum = add(add(sum, own), inner)
    }
    return sum
  }

  function ofFragment(name: string): Part {
    const measured = known.get(name)
    if (measured) return measured
    const node = fragments.get(name)
    // One that is not there is the business of validation.
    if (!node) return nothing
    if (open.has(name)) {
      throw new AppError('GRAPHQL_VALIDATION_FAILED', `The fragment "${name}" leads back to itself`)
    }
    open.add(name)
    const inner = ofSelections(node.selectionSet)
    const part = { ...inner, directives: inner.directives + count(node.directives) }
    open.delete(name)
    known.set(name, part)
    return part
  }
}

const nothing: Part = { depth: 0, selections: 0, aliases: 0, directives: 0, fields: 0 }

/** Side by side: counts add up, the deeper one is the depth. */
function add(left: Part, right: Part): Part {
  return {
    depth: Math.max(left.depth, right.depth),
    selections: left.selections + right.selections,
    aliases: left.aliases + right.aliases,
    directives: left.directives + right.directives,
    fields: left.fields + right.fields,
  }
}

function count(directives: readonly unknown[] | undefined): number {
  return directives?.length ?? 0
}
