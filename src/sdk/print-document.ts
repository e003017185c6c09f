import type { Document } from './typed-document.ts'

/**
 * A document as text. Parts are printed in the order in which they stand in the tree, which in every
 * tree that `graphql` has parsed is that of the text; its own printer is larger than this client.
 */
export function printDocument({ definitions }: Document): string {
  // True by the grammar: a definition is a node like all others.
  return (definitions as readonly SyntaxNode[]).map(print).join(' ')
}

/** What stands before and behind the text of a kind of node, or of a part of one. */
const affixes: Readonly<Record<string, string>> = {
  FragmentDefinition: 'fragment ',
  FragmentSpread: '...',
  InlineFragment: '...',
  Directive: '@',
  Variable: '$',
  NullValue: 'null',
  ListType: '[ ]',
  NonNullType: ' !',
  alias: ' :',
  variable: ' :',
  typeCondition: 'on ',
  defaultValue: '=',
  value: ':',
  variableDefinitions: '( )',
  arguments: '( )',
  selections: '{ }',
  fields: '{ }',
  values: '[ ]',
}

function print(node: SyntaxNode): string {
  const parts = Object.entries(node).map(([name, part]) => {
    if (/^(kind|loc|block)$/.test(name)) return ''
    if (Array.isArray(part)) {
      // Empty lists of arguments are no text, empty literals are.
      return part[0] || /values|fields/.test(name) ? wrap(name, part.map(print).join(' ')) : ''
    }
    // True by the grammar: an object is another node.
    if (typeof part === 'object') return wrap(name, print(part as SyntaxNode))
    return node.kind === 'StringValue' ? JSON.stringify(part) : part
  })
  return wrap(node.kind, parts.join(' '))
}

function wrap(name: string, text: string): string {
  const [before, after = ''] = (affixes[name] ?? '').split(' ')
  return `${before}${text}${after}`
}

interface SyntaxNode {
  readonly kind: string
  readonly [part: string]: unknown
}
