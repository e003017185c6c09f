import {
  type BreakingChange,
  findBreakingChanges,
  type GraphQLSchema,
  getOperationAST,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  parse,
  validate,
} from 'graphql'

/** What clients out there were built against. */
export interface Release {
  readonly schema: GraphQLSchema
  /** The texts of its documents. */
  readonly documents: readonly string[]
}

/**
 * What clients of the last release would lose, a sentence each, and which of its operations no longer
 * run. What was deprecated in that release may go from the day on that its reason names.
 */
export function compareWithRelease(
  { schema: released, documents }: Release,
  schema: GraphQLSchema,
  today: string,
): readonly string[] {
  const expired = deprecationsOf(released)
    .filter(({ until }) => until !== null && until <= today)
    .map(({ name }) => name)
  const mayGo = ({ description }: BreakingChange) =>
    // Whoever used it used a field, which is told by itself.
    description.startsWith('Standard scalar ') ||
    expired.some(
      (name) => description.startsWith(`${name} was removed`) || isRemovedValue(description, name),
    )
  const changes = findBreakingChanges(released, schema).filter((change) => !mayGo(change))
  const broken = documents.flatMap((text) => {
    const document = parse(text)
    const name = getOperationAST(document)?.name?.value ?? 'without a name'
    return validate(schema, document).map(({ message }) => `Operation ${name} breaks: ${message}`)
  })
  return [...changes.map(({ description }) => description), ...broken]
}

/** Deprecated fields, arguments left aside, and values whose reason names no day: a sentence each. */
export function findUndatedDeprecations(schema: GraphQLSchema): readonly string[] {
  return deprecationsOf(schema)
    .filter(({ until }) => until === null)
    .map(
      ({ name, reason }) =>
        `${name} is deprecated without the day from which it may go, like 2027-06-30: "${reason}"`,
    )
}

interface Deprecation {
  /** `Course.title`, `Role.ADMIN`. */
  readonly name: string
  readonly reason: string
  readonly until: string | null
}

function deprecationsOf(schema: GraphQLSchema): readonly Deprecation[] {
  return Object.values(schema.getTypeMap()).flatMap((type) => {
    const parts = isEnumType(type)
      ? type.getValues()
      : isObjectType(type) || isInterfaceType(type) || isInputObjectType(type)
        ? Object.values(type.getFields())
        : []
    return parts.flatMap(({ name, deprecationReason: reason }) =>
      reason == null || type.name.startsWith('__')
        ? []
        : [
            {
              name: `${type.name}.${name}`,
              reason,
              until: reason.match(/\d{4}-\d\d-\d\d/)?.[0] ?? null,
            },
          ],
    )
  })
}

function isRemovedValue(description: string, name: string): boolean {
  const [type, value] = name.split('.')
  return description === `${value} was removed from enum type ${type}.`
}
