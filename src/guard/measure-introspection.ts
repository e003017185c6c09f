import {
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isUnionType,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
} from 'graphql'

/**
 * How long the lists of introspection are on the average in this schema, by type and field; fields
 * that are no list have 1. They read no rows, but answers about a schema can be long.
 */
export function measureIntrospection(schema: GraphQLSchema): ReadonlyMap<string, number> {
  const types = Object.values(schema.getTypeMap())
  const withFields = types.filter((type) => isObjectType(type) || isInterfaceType(type))
  const fields = withFields.flatMap((type) => Object.values(type.getFields()))
  const inputs = types.filter(isInputObjectType)
  const share = (count: number) => count / Math.max(1, types.length)
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0)
  const lists: Readonly<Record<string, number>> = {
    '__Schema.types': types.length,
    '__Schema.directives': schema.getDirectives().length,
    '__Type.fields': share(fields.length),
    '__Type.interfaces': share(sum(withFields.map((type) => type.getInterfaces().length))),
    '__Type.possibleTypes': share(
      sum(
        types.map((type) =>
          isInterfaceType(type) || isUnionType(type) ? schema.getPossibleTypes(type).length : 0,
        ),
      ),
    ),
    '__Type.enumValues': share(
      sum(types.map((type) => (isEnumType(type) ? type.getValues().length : 0))),
    ),
    '__Type.inputFields': share(sum(inputs.map((type) => Object.keys(type.getFields()).length))),
    '__Field.args': sum(fields.map(({ args }) => args.length)) / Math.max(1, fields.length),
  }
  const sizes = new Map<string, number>()
  for (const type of types) {
    if (!type.name.startsWith('__') || !isObjectType(type)) continue
    for (const name of Object.keys(type.getFields())) {
      sizes.set(`${type.name}.${name}`, lists[`${type.name}.${name}`] ?? 1)
    }
  }
  const root = schema.getQueryType()?.name
  for (const { name } of [SchemaMetaFieldDef, TypeMetaFieldDef]) sizes.set(`${root}.${name}`, 1)
  return sizes
}
