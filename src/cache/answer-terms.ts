import {
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type FragmentSpreadNode,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  type InlineFragmentNode,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'
import { type Duration, minutes, policyOf } from '../loaders/answer-policy.ts'

/** How the answer to an operation may be kept, as far as its document tells. */
export interface AnswerTerms {
  readonly kind: 'query' | 'mutation' | 'subscription'
  /** The lifetime of its shortest-lived part; 0 where it may not be stored. */
  readonly maxAgeMs: number
  /** What is in it that may be stored nowhere, as `Type` or `Type.field`; null when nothing is. */
  readonly noStore: string | null
  /** Whether it is for the viewer alone, whatever was asked about them. */
  readonly isPrivate: boolean
}

export interface AnswerTermsOptions {
  /** How long a field of the root is kept where neither it nor its type says. @default a minute */
  readonly defaultMaxAge?: Duration
  /** Milliseconds that an answer with a field, as `Type.field`, is kept at most; 0: not at all. */
  readonly ttlPerSchemaCoordinate?: Readonly<Record<string, number | undefined>>
}

/**
 * Reads the policies that types and fields carry (`withPolicy`). A field's own holds before its
 * type's; where neither says how long, what leads to it does. All that is written in the document
 * counts, also what @skip leaves out: the terms belong to the document, not to its variables.
 * They are worked out once for each document and operation name.
 */
export function createAnswerTerms(
  schema: GraphQLSchema,
  options: AnswerTermsOptions = {},
): (document: DocumentNode, operationName?: string | null) => AnswerTerms {
  const { defaultMaxAge = minutes(1), ttlPerSchemaCoordinate = {} } = options
  const known = new WeakMap<DocumentNode, Map<string | null, AnswerTerms>>()
  return (document, operationName = null) => {
    const ofDocument = known.get(document) ?? new Map<string | null, AnswerTerms>()
    known.set(document, ofDocument)
    const found = ofDocument.get(operationName)
    if (found) return found
    const operation = findOperation(document, operationName)
    // A name that is none is the client's to make up, so it is not remembered.
    if (!operation) return unknownOperation
    const terms = readTerms(schema, document, operation, {
      defaultMaxAgeMs: defaultMaxAge.ms,
      ttlPerSchemaCoordinate,
    })
    ofDocument.set(operationName, terms)
    return terms
  }
}

const unknownOperation: AnswerTerms = {
  kind: 'query',
  maxAgeMs: 0,
  noStore: 'an operation that the document does not have',
  isPrivate: false,
}

function findOperation(
  { definitions }: DocumentNode,
  name: string | null,
): OperationDefinitionNode | undefined {
  const operations = definitions.filter(
    (definition) => definition.kind === Kind.OPERATION_DEFINITION,
  )
  if (name === null) return operations.length === 1 ? operations[0] : undefined
  return operations.find((operation) => operation.name?.value === name)
}

function readTerms(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  { defaultMaxAgeMs, ttlPerSchemaCoordinate }: Defaults,
): AnswerTerms {
  const { operation: kind, selectionSet } = operation
  const root = schema.getRootType(kind)
  let isPrivate = false
  if (kind !== 'query' || !root) {
    return { kind, maxAgeMs: 0, noStore: root?.name ?? kind, isPrivate }
  }
  const fragments = fragmentsOf(document)
  const seen = new Map<SelectionSetNode, Set<string>>()
  let maxAgeMs = Number.POSITIVE_INFINITY
  let noStore: string | null = null

  visit(selectionSet, root, defaultMaxAgeMs)
  if (noStore !== null) return { kind, maxAgeMs: 0, noStore, isPrivate }
  if (!Number.isFinite(maxAgeMs)) maxAgeMs = defaultMaxAgeMs
  return { kind, maxAgeMs, noStore, isPrivate }

  function keep(ageMs: number) {
    maxAgeMs = Math.min(maxAgeMs, ageMs)
  }

  function limit(coordinate: string, ttlMs: number | undefined) {
    if (ttlMs === 0) forbid(coordinate)
    else if (ttlMs !== undefined) keep(ttlMs)
  }

  function forbid(coordinate: string) {
    noStore ??= coordinate
  }

  /** What is selected of a value of this type; `ageMs` holds for what says nothing of itself. */
  function visit(selections: SelectionSetNode, type: GraphQLObjectType, ageMs: number) {
    const visits = seen.get(selections) ?? new Set<string>()
    seen.set(selections, visits)
    const name = `${type.name} ${ageMs}`
    if (visits.has(name)) return
    visits.add(name)
    for (const selection of selections.selections) {
      for (const directive of selection.directives ?? []) {
        if (isIncremental(directive.name.value)) forbid(`@${directive.name.value}`)
      }
      if (selection.kind === Kind.FIELD) visitField(selection, type, ageMs)
      else visitFragment(selection, type, ageMs)
    }
  }

  function visitFragment(
    selection: FragmentSpreadNode | InlineFragmentNode,
    type: GraphQLObjectType,
    ageMs: number,
  ) {
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value)
    if (!fragment) return
    const condition = fragment.typeCondition && schema.getType(fragment.typeCondition.name.value)
    if (condition && isNeverStored(condition)) forbid(condition.name)
    if (applies(schema, fragment, type)) visit(fragment.selectionSet, type, ageMs)
  }

  function visitField(node: FieldNode, type: GraphQLObjectType, parentAgeMs: number) {
    const { name, selectionSet: below } = node
    if (name.value === '__typename') return
    const coordinate = `${type.name}.${name.value}`
    const field = type.getFields()[name.value]
    // The schema about itself, or no field at all.
    if (!field) return forbid(coordinate)
    const policy = policyOf(field)
    if (isFieldNeverStored(type, name.value)) forbid(coordinate)
    const inner = getNamedType(field.type)
    limit(coordinate, ttlPerSchemaCoordinate[coordinate])
    for (const declared of [field, inner]) {
      const hint = cacheControlOf(declared.astNode)
      limit(coordinate, hint.ttlMs)
      if (hint.isPrivate) isPrivate = true
    }
    const { maxAge = policyOf(inner).maxAge } = policy
    const ageMs = maxAge?.ms ?? parentAgeMs
    keep(ageMs)
    if (!below || !isCompositeType(inner)) return
    if (isNeverStored(inner)) forbid(inner.name)
    if (isObjectType(inner)) return visit(below, inner, ageMs)
    for (const possible of schema.getPossibleTypes(inner)) {
      if (!selectsOf(possible, below, new Set())) continue
      const own = policyOf(possible)
      const isForbidden = isNeverStored(possible)
      if (isForbidden && !policy.isDecidedByRow) forbid(possible.name)
      const possibleAgeMs = policy.maxAge?.ms ?? own.maxAge?.ms ?? ageMs
      if (!isForbidden) keep(possibleAgeMs)
      visit(below, possible, possibleAgeMs)
    }
  }

  /** Whether a value of this type would show anything, if only its name. */
  function selectsOf(
    type: GraphQLObjectType,
    selections: SelectionSetNode,
    tried: Set<SelectionSetNode>,
  ): boolean {
    // Fragments that spread others twice would be gone through twice as often at each step.
    if (tried.has(selections)) return false
    tried.add(selections)
    return selections.selections.some((selection) => {
      if (selection.kind === Kind.FIELD) return true
      const fragment =
        selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value)
      return (
        fragment !== undefined &&
        applies(schema, fragment, type) &&
        selectsOf(type, fragment.selectionSet, tried)
      )
    })
  }
}

interface Defaults extends Required<Pick<AnswerTermsOptions, 'ttlPerSchemaCoordinate'>> {
  readonly defaultMaxAgeMs: number
}

/** What `@cacheControl(maxAge: seconds, scope: PRIVATE)` says of a field or a type. */
function cacheControlOf(
  node: { readonly directives?: readonly DirectiveNode[] } | null | undefined,
) {
  const directive = node?.directives?.find(({ name }) => name.value === 'cacheControl')
  const argumentOf = (name: string) =>
    directive?.arguments?.find((argument) => argument.name.value === name)?.value
  const [maxAge, scope] = [argumentOf('maxAge'), argumentOf('scope')]
  return {
    ttlMs: maxAge?.kind === Kind.INT ? Number(maxAge.value) * 1_000 : undefined,
    isPrivate: scope?.kind === Kind.ENUM && scope.value === 'PRIVATE',
  }
}

function fragmentsOf({ definitions }: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  return new Map(
    definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition]] : [],
    ),
  )
}

/** What an interface is, its types are. */
function isNeverStored(type: GraphQLNamedType): boolean {
  return (
    policyOf(type).noStore === true ||
    ((isObjectType(type) || isInterfaceType(type)) && type.getInterfaces().some(isNeverStored))
  )
}

function isFieldNeverStored(type: GraphQLObjectType, name: string): boolean {
  return [type, ...type.getInterfaces()].some((declaring) => {
    const field = declaring.getFields()[name]
    return field !== undefined && policyOf(field).noStore === true
  })
}

function isIncremental(directive: string): boolean {
  return directive === 'defer' || directive === 'stream'
}

function applies(
  schema: GraphQLSchema,
  { typeCondition }: FragmentDefinitionNode | InlineFragmentNode,
  type: GraphQLObjectType,
): boolean {
  if (!typeCondition) return true
  const condition = schema.getType(typeCondition.name.value)
  return condition === type || (isAbstractType(condition) && schema.isSubType(condition, type))
}
