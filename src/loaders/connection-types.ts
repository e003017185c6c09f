import { withPolicy } from './answer-policy.ts'
import type { Entity } from './entity-registry.ts'
import type { PothosBuilder, PothosRef } from './pothos.ts'

/**
 * Makes the connection type of each node type once, with its edge and the shared `PageInfo`. A list
 * is kept as long as its nodes, and also a count of what is stored nowhere is not stored.
 */
export function createConnectionTypes(
  builder: PothosBuilder,
  typeOf: (name: string) => Entity,
): (typeName: string) => PothosRef {
  const made = new Map<string, PothosRef>()
  let pageInfo: PothosRef | undefined
  return (typeName) => {
    const known = made.get(typeName)
    if (known) return known
    pageInfo ??= definePageInfo(builder)
    const connection = defineConnection(builder, typeName, typeOf(typeName), pageInfo)
    made.set(typeName, connection)
    return connection
  }
}

function defineConnection(
  builder: PothosBuilder,
  typeName: string,
  { ref: node, policy }: Entity,
  pageInfo: PothosRef,
): PothosRef {
  const extensions = withPolicy(policy)
  const edge = builder.objectRef(`${typeName}Edge`)
  edge.implement({
    extensions,
    description: `One ${typeName} of a list, and its place there.`,
    fields: (t) => ({
      cursor: t.field({
        type: 'String',
        nullable: false,
        description: 'The place of this entry in the list, for `after` and `before`.',
      }),
      node: t.field({ type: node, nullable: false, description: `The ${typeName} itself.` }),
    }),
  })
  const connection = builder.objectRef(`${typeName}Connection`)
  connection.implement({
    extensions,
    description: `A page of a list of ${typeName}.`,
    fields: (t) => ({
      edges: t.field({
        type: [edge],
        nullable: false,
        description: 'The entries of the page with their cursors.',
      }),
      nodes: t.field({ type: [node], nullable: false, description: 'The entries of the page.' }),
      pageInfo: t.field({
        type: pageInfo,
        nullable: false,
        description: 'Where the page stands in the list.',
      }),
      totalCount: t.field({
        type: 'Int',
        nullable: false,
        description: 'How many entries the whole list has that the viewer may see.',
        // graphql-jit awaits what a resolver returns, but no promise that it finds in a property.
        resolve: (value) => value.totalCount,
      }),
    }),
  })
  return connection
}

function definePageInfo(builder: PothosBuilder): PothosRef {
  const pageInfo = builder.objectRef('PageInfo')
  return pageInfo.implement({
    description: 'Where a page stands in its list (Relay Cursor Connections).',
    fields: (t) => ({
      hasNextPage: t.field({
        type: 'Boolean',
        nullable: false,
        description: 'Whether entries follow the page.',
      }),
      hasPreviousPage: t.field({
        type: 'Boolean',
        nullable: false,
        description: 'Whether entries precede the page.',
      }),
      startCursor: t.field({
        type: 'String',
        nullable: true,
        description: 'The cursor of the first entry; null on an empty page.',
      }),
      endCursor: t.field({
        type: 'String',
        nullable: true,
        description: 'The cursor of the last entry; null on an empty page.',
      }),
    }),
  })
}
