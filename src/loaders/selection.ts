import {
  type FieldNode,
  GraphQLIncludeDirective,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  GraphQLSkipDirective,
  getDirectiveValues,
  getNamedType,
  isAbstractType,
  isObjectType,
  type SelectionSetNode,
} from 'graphql'
import { addNeeds, type Needs } from './join-needs.ts'

/** What a field needs of the row that its type stands for; kept in its `extensions.loadline`. */
export interface FieldNeeds {
  readonly columns: readonly string[]
  /** The field's own type stands for the same row: what is selected in it is needed too. */
  readonly isSameRow?: boolean
  /** Counts, sums and averages that it reads for each row, each of them over many others. */
  readonly figures?: number
  /** Needs the row's place in its list. */
  readonly isRank?: boolean
  /** The to-one relation that the field leads along, which may be joined; and what its rule needs. */
  readonly join?: { readonly relation: string; readonly columns: readonly string[] }
}

/** What a selection needs of each row. */
export interface RowNeeds extends Needs {
  readonly withRank: boolean
}

/** What a selection needs of each page. */
export interface PageNeeds extends RowNeeds {
  readonly rows: boolean
  readonly edges: boolean
  readonly cursors: boolean
  readonly totalCount: boolean
  /** `hasPreviousPage` and `hasNextPage`, as selected. */
  readonly previous: boolean
  readonly next: boolean
}

type Info = Pick<GraphQLResolveInfo, 'schema' | 'fragments' | 'variableValues' | 'fieldNodes'>

/** The columns that the selection of a row's fields needs, fragments and directives followed. */
export function rowNeeds(info: Info, type: GraphQLObjectType): RowNeeds {
  return needsOf(info, type, info.fieldNodes)
}

/** The same for a connection: what is asked of its rows, and what of the page. */
export function pageNeeds(info: Info, connection: GraphQLObjectType): PageNeeds {
  const fields = selectedFields(info, connection, info.fieldNodes)
  const edges = fields.get('edges') ?? []
  const edgeFields = selectedFields(info, objectTypeOf(connection, 'edges'), edges)
  const nodes = [...(fields.get('nodes') ?? []), ...(edgeFields.get('node') ?? [])]
  const pageInfo = selectedFields(
    info,
    objectTypeOf(connection, 'pageInfo'),
    fields.get('pageInfo') ?? [],
  )
  return {
    ...needsOf(info, objectTypeOf(connection, 'nodes'), nodes),
    rows: ['edges', 'nodes', 'pageInfo'].some((name) => fields.has(name)),
    edges: fields.has('edges'),
    cursors: edgeFields.has('cursor') || pageInfo.has('startCursor') || pageInfo.has('endCursor'),
    totalCount: fields.has('totalCount'),
    previous: pageInfo.has('hasPreviousPage'),
    next: pageInfo.has('hasNextPage'),
  }
}

function needsOf(info: Info, type: GraphQLObjectType, nodes: readonly FieldNode[]): RowNeeds {
  const columns = new Set<string>()
  const joins = new Map<string, Needs>()
  let withRank = false
  for (const [name, fieldNodes] of selectedFields(info, type, nodes)) {
    const field = type.getFields()[name]
    const needs = field?.extensions.loadline as FieldNeeds | undefined // written by the field builders
    if (!field || !needs) continue
    for (const column of needs.columns) columns.add(column)
    if (needs.isRank) withRank = true
    const inner = getNamedType(field.type)
    if (!isObjectType(inner)) continue
    if (needs.isSameRow) {
      const nested = needsOf(info, inner, fieldNodes)
      for (const column of nested.columns) columns.add(column)
      for (const [relation, joined] of nested.joins) addJoin(joins, relation, joined)
      if (nested.withRank) withRank = true
    }
    if (needs.join) {
      const nested = needsOf(info, inner, fieldNodes)
      const all = new Set([...nested.columns, ...needs.join.columns])
      addJoin(joins, needs.join.relation, { columns: all, joins: nested.joins })
    }
  }
  return { columns, joins, withRank }
}

/** Several fields may lead along one relation, each with needs of its own. */
function addJoin(joins: Map<string, Needs>, relation: string, needs: Needs): void {
  const known = joins.get(relation)
  joins.set(relation, known ? addNeeds(known, needs) : needs)
}

/** Selected fields by name, aliases merged; fields under an unmet @include or @skip left out. */
function selectedFields(
  info: Info,
  type: GraphQLObjectType,
  nodes: readonly FieldNode[],
): Map<string, FieldNode[]> {
  const fields = new Map<string, FieldNode[]>()
  for (const node of nodes) {
    if (node.selectionSet) collect(info, type, node.selectionSet, fields)
  }
  return fields
}

function collect(
  info: Info,
  type: GraphQLObjectType,
  selections: SelectionSetNode,
  fields: Map<string, FieldNode[]>,
): void {
  for (const selection of selections.selections) {
    if (!isIncluded(info, selection)) continue
    if (selection.kind === 'Field') {
      const known = fields.get(selection.name.value)
      if (known) known.push(selection)
      else fields.set(selection.name.value, [selection])
      continue
    }
    const fragment =
      selection.kind === 'InlineFragment' ? selection : info.fragments[selection.name.value]
    if (fragment && applies(info, fragment.typeCondition?.name.value, type)) {
      collect(info, type, fragment.selectionSet, fields)
    }
  }
}

function isIncluded(info: Info, node: Parameters<typeof getDirectiveValues>[1]): boolean {
  if (!node.directives?.length) return true
  const skip = getDirectiveValues(GraphQLSkipDirective, node, info.variableValues)
  const include = getDirectiveValues(GraphQLIncludeDirective, node, info.variableValues)
  return skip?.if !== true && include?.if !== false
}

function applies(info: Info, condition: string | undefined, type: GraphQLObjectType): boolean {
  if (condition === undefined || condition === type.name) return true
  const abstract = info.schema.getType(condition)
  return isAbstractType(abstract) && info.schema.isSubType(abstract, type)
}

function objectTypeOf(type: GraphQLObjectType, name: string): GraphQLObjectType {
  const inner = getNamedType(type.getFields()[name]?.type)
  if (!isObjectType(inner)) throw new Error(`"${type.name}.${name}" is not an object type`)
  return inner
}
