import {
  type ASTNode,
  type DocumentNode,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isInputObjectType,
  isInputType,
  isNonNullType,
  isObjectType,
  Kind,
  type SelectionSetNode,
  TypeInfo,
  typeFromAST,
  type VariableDefinitionNode,
  valueFromAST,
  visit,
  visitWithTypeInfo,
} from 'graphql'

/**
 * Whether graphql-jit answers a query as graphql-js does. Each rule is a way in which it was found to
 * differ without a word; where it ends in an error, the interpreter answers anyway. The document
 * holds one operation, its fragments, and no `@skip` or `@include`.
 */
export function isCompilable(schema: GraphQLSchema, document: DocumentNode): boolean {
  if (hasAmbiguousFields(schema) || countFields(schema, document) > mostFields) return false
  const types = new TypeInfo(schema)
  let isSafe = true
  const refuseIf = (isUnsafe: boolean) => {
    if (isUnsafe) isSafe = false
  }
  visit(
    document,
    visitWithTypeInfo(types, {
      [Kind.OPERATION_DEFINITION]: ({ operation }) => refuseIf(operation !== 'query'),
      [Kind.DIRECTIVE]: ({ name }) => refuseIf(name.value === 'defer' || name.value === 'stream'),
      [Kind.VARIABLE_DEFINITION]: (node) => refuseIf(!isPlainVariable(schema, node)),
      // A variable that was left out arrives as null inside an object or list literal.
      [Kind.OBJECT]: (node) => refuseIf(containsVariable(node)),
      [Kind.LIST]: (node) => refuseIf(containsVariable(node)),
      [Kind.FIELD](node) {
        const name = node.alias?.value ?? node.name.value
        // A field's info is found by its path joined with "_": `b_a` is taken for `b` below `a`.
        refuseIf(name.includes('_') && name !== '__typename')
        refuseIf(node.name.value.startsWith('__') && node.name.value !== '__typename')
        const field = types.getFieldDef()
        refuseIf(!field || !hasPlainDefaults(field) || !isResolvable(schema, field.type))
      },
      [Kind.ARGUMENT](node) {
        const type = types.getInputType()
        refuseIf(!containsVariable(node) && (!type || !isPlain(valueFromAST(node.value, type))))
      },
    }),
  )
  return isSafe
}

/** Fields written out for one document: about 5 us of compiling each. */
const mostFields = 2_000

/**
 * The fields that are written out: those of a fragment wherever it is spread, those on an interface
 * for each of its types. Stops counting beyond the limit.
 */
function countFields(schema: GraphQLSchema, { definitions }: DocumentNode): number {
  const fragments = new Map(
    definitions.flatMap((node) =>
      node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [],
    ),
  )
  let count = 0
  const add = (type: GraphQLObjectType, { selections }: SelectionSetNode): void => {
    for (const node of selections) {
      if (count > mostFields) return
      if (node.kind === Kind.FIELD) {
        count += 1
        const field = type.getFields()[node.name.value]
        if (!field || !node.selectionSet) continue
        for (const inner of objectTypes(schema, field.type)) add(inner, node.selectionSet)
        continue
      }
      const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : fragments.get(node.name.value)
      const condition = fragment?.typeCondition?.name.value ?? type.name
      const isMatch = objectTypes(schema, schema.getType(condition)).includes(type)
      if (fragment && isMatch) add(type, fragment.selectionSet)
    }
  }
  for (const node of definitions) {
    const root = node.kind === Kind.OPERATION_DEFINITION && schema.getRootType(node.operation)
    if (root && node.kind === Kind.OPERATION_DEFINITION) add(root, node.selectionSet)
  }
  return count
}

function objectTypes(
  schema: GraphQLSchema,
  output: GraphQLOutputType | GraphQLNamedType | undefined,
): readonly GraphQLObjectType[] {
  const type = getNamedType(output)
  if (isObjectType(type)) return [type]
  return isAbstractType(type) ? schema.getPossibleTypes(type) : []
}

/** Resolvers are found by the names of type and field joined: `A.bC` and `Ab.C` would share one. */
function hasAmbiguousFields(schema: GraphQLSchema): boolean {
  const names = Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .flatMap((type) => Object.keys(type.getFields()).map((field) => type.name + field))
  return new Set(names).size < names.length
}

function isPlainVariable(
  schema: GraphQLSchema,
  { type: typeNode, defaultValue }: VariableDefinitionNode,
): boolean {
  const type = typeFromAST(schema, typeNode)
  if (!type || !isInputType(type) || !isPlainInput(type, [])) return false
  return !defaultValue || isPlain(valueFromAST(defaultValue, type))
}

/**
 * No input of exactly one field, as any number passes; no default of a field that must not be null,
 * as it is lost; and none that holds its like or is nested
 * deeply, as its code is written out level by level: endlessly, for minutes.
 */
function isPlainInput(input: GraphQLInputType, outer: readonly GraphQLInputType[]): boolean {
  const type = getNamedType(input)
  if (!isInputObjectType(type)) return true
  if (type.isOneOf || outer.includes(type) || outer.length === deepestInput) return false
  return Object.values(type.getFields()).every(
    (field) =>
      (isNonNullType(field.type) ? field.defaultValue === undefined : isPlainDefault(field)) &&
      isPlainInput(field.type, [...outer, type]),
  )
}

const deepestInput = 3

function hasPlainDefaults(field: GraphQLField<unknown, unknown>): boolean {
  return field.args.every(isPlainDefault)
}

function isPlainDefault({ defaultValue }: { readonly defaultValue?: unknown }): boolean {
  return defaultValue === undefined || isPlain(defaultValue)
}

/** Which type a value has must be told at once and without failing: nothing awaits or catches it. */
function isResolvable(schema: GraphQLSchema, output: GraphQLOutputType): boolean {
  const type = getNamedType(output)
  if (isObjectType(type)) return !type.isTypeOf
  if (!isAbstractType(type)) return true
  return (
    Boolean(type.resolveType) && schema.getPossibleTypes(type).every(({ isTypeOf }) => !isTypeOf)
  )
}

/** Values from the document travel as JSON in the compiled text. */
function isPlain(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0)
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true
  if (Array.isArray(value)) return value.every(isPlain)
  if (typeof value !== 'object') return false
  const prototype: unknown = Object.getPrototypeOf(value)
  const isPlainObject = prototype === null || prototype === Object.prototype
  return isPlainObject && Object.values(value).every(isPlain)
}

function containsVariable(node: ASTNode): boolean {
  let found = false
  visit(node, {
    [Kind.VARIABLE]() {
      found = true
    },
  })
  return found
}
