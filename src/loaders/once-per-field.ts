import type { GraphQLResolveInfo } from 'graphql'

/** A value worked out once for all rows that one field of one operation is resolved for. */
export function oncePerField<T>(
  memory: Map<object, unknown>,
  info: Pick<GraphQLResolveInfo, 'fieldNodes'>,
  make: () => T,
): T {
  const known = memory.get(info.fieldNodes) as T | undefined // each field keeps one type here
  if (known !== undefined) return known
  const made = make()
  memory.set(info.fieldNodes, made)
  return made
}
