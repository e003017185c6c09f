import type { FieldNode, GraphQLResolveInfo, SelectionSetNode } from 'graphql'

type Info = Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments'>

/**
 * What a field works out of its selection alone, kept as long as its document: the same documents
 * come again and again. Where directives have a say, it is worked out anew each time.
 */
export function oncePerSelection<I extends Info, T>(make: (info: I) => T): (info: I) => T {
  const known = new WeakMap<FieldNode, { readonly value: T } | 'varies'>()
  return (info) => {
    const [node, ...others] = info.fieldNodes
    if (!node || others.length > 0) return make(info)
    const found = known.get(node)
    if (found === 'varies') return make(info)
    if (found) return found.value
    const value = make(info)
    known.set(node, hasDirectives(node.selectionSet, info) ? 'varies' : { value })
    return value
  }
}

function hasDirectives(selections: SelectionSetNode | undefined, info: Info): boolean {
  return (selections?.selections ?? []).some((selection) => {
    if (selection.directives?.length) return true
    if (selection.kind !== 'FragmentSpread') return hasDirectives(selection.selectionSet, info)
    return hasDirectives(info.fragments[selection.name.value]?.selectionSet, info)
  })
}
