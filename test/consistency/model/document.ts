import {
  type DocumentNode,
  type FieldNode,
  Kind,
  parse,
  type SelectionSetNode,
  valueFromASTUntyped,
} from 'graphql'
import type { Args } from './lists.ts'

/** A field as it was asked for: under which name its answer stands, and with what. */
export interface Asked {
  readonly name: string
  readonly alias: string
  args(variables: Args): Args
  /** What is asked of an object of a type; nothing of a scalar. */
  selections(type: string): readonly Asked[]
}

const documents = new Map<string, Asked['selections']>()

/** What the document's one query asks for; parsed once. */
export function readDocument(text: string): Asked['selections'] {
  const known = documents.get(text)
  if (known) return known
  const document = parse(text)
  const query = document.definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION)
  if (query?.kind !== Kind.OPERATION_DEFINITION) throw new Error(`No query in ${text}`)
  const selections = selectionsOf(document, query.selectionSet)
  documents.set(text, selections)
  return selections
}

function selectionsOf(
  document: DocumentNode,
  set: SelectionSetNode | undefined,
): Asked['selections'] {
  const byType = new Map<string, readonly Asked[]>()
  return (type) => {
    const known = byType.get(type)
    if (known) return known
    const asked = set ? flatten(document, set, type) : []
    byType.set(type, asked)
    return asked
  }
}

function flatten(document: DocumentNode, set: SelectionSetNode, type: string): readonly Asked[] {
  return set.selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [readField(document, selection)]
    const part =
      selection.kind === Kind.INLINE_FRAGMENT
        ? selection
        : document.definitions.find(
            (found) =>
              found.kind === Kind.FRAGMENT_DEFINITION && found.name.value === selection.name.value,
          )
    if (part?.kind !== Kind.INLINE_FRAGMENT && part?.kind !== Kind.FRAGMENT_DEFINITION) return []
    const on = part.typeCondition?.name.value
    const applies = on === undefined || on === type || on === 'Node'
    return applies ? flatten(document, part.selectionSet, type) : []
  })
}

function readField(document: DocumentNode, node: FieldNode): Asked {
  const given = node.arguments ?? []
  return {
    name: node.name.value,
    alias: node.alias?.value ?? node.name.value,
    args: (variables) =>
      Object.fromEntries(
        given.map(({ name, value }) => [name.value, valueFromASTUntyped(value, { ...variables })]),
      ),
    selections: selectionsOf(document, node.selectionSet),
  }
}
