import {
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isLeafType,
  isListType,
  isObjectType,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
} from 'graphql'
import { largestPageSize } from '../loaders/page-arguments.ts'
import type { FieldNeeds } from '../loaders/selection.ts'
import { measureIntrospection } from './measure-introspection.ts'

/** What one field costs for each of its parents, as far as the schema alone tells. */
export interface FieldPrice {
  /** `page`: the rows of a connection. `connection` and `list` have a size of their own. */
  readonly kind: 'leaf' | 'one' | 'list' | 'connection' | 'page' | 'mutation'
  /** Rows read for each parent, besides one for each row of a page or list. */
  readonly rows: number
  /** Of a list whose length is known beforehand. Its rows are free: they come from memory. */
  readonly size?: number
  /** Pages larger than this are refused by whoever loads them. */
  readonly largestPage: number
  /** What is returned, for fields that no type declares. */
  readonly type: GraphQLField<unknown, unknown>['type']
}

/** A count, sum or average reads many rows to show one; grouped with its like it costs about ten. */
const figureRows = 10

/** A row by its key, and what it takes to decide whether the viewer may see it. */
export const rowsOfOne = 2

/** Rows that a mutation locks, checks and writes beside those for each item of its input. */
const mutationRows = 10

/** Prices of fields by their parent's type and name; null for a field that there is not. */
export type PriceList = (type: GraphQLObjectType, name: string) => FieldPrice | null

export function createPriceList(schema: GraphQLSchema): PriceList {
  const sizes = measureIntrospection(schema)
  const known = new Map<string, FieldPrice | null>()
  return (type, name) => {
    const key = `${type.name}.${name}`
    let price = known.get(key)
    if (price !== undefined) return price
    const field = findField(schema, type, name)
    price = field ? priceOf(field) : null
    // Validation has found every field in the schema, so there is an end to them.
    if (price) known.set(key, price)
    return price

    function priceOf({ type: returned, extensions }: GraphQLField<unknown, unknown>): FieldPrice {
      const needs = extensions.loadline as FieldNeeds | undefined // written by the field builders
      const price = { type: returned, largestPage: needs ? largestPageSize : Infinity }
      const own = (needs?.figures ?? 0) * figureRows
      const inner = getNamedType(returned)
      const isList = isListType(getNullableType(returned))
      const size = sizes.get(key)
      if (size !== undefined) return { ...price, kind: isList ? 'list' : 'one', rows: 0, size }
      if (type === schema.getMutationType())
        return { ...price, kind: 'mutation', rows: mutationRows }
      if (isConnection(type)) {
        // The page is paid for by the connection itself.
        if (isList) return { ...price, kind: 'page', rows: 0 }
        return isLeafType(inner)
          ? { ...price, kind: 'leaf', rows: figureRows }
          : { ...price, kind: 'one', rows: 0 }
      }
      if (isLeafType(inner)) return { ...price, kind: 'leaf', rows: own }
      if (isConnection(inner)) return { ...price, kind: 'connection', rows: own }
      if (isList) return { ...price, kind: 'list', rows: own }
      const isRead = !needs?.isSameRow && !isEdge(type)
      return { ...price, kind: 'one', rows: own + (isRead ? rowsOfOne : 0) }
    }
  }
}

function findField(schema: GraphQLSchema, type: GraphQLObjectType, name: string) {
  const isRoot = type === schema.getQueryType()
  if (isRoot && name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef
  if (isRoot && name === TypeMetaFieldDef.name) return TypeMetaFieldDef
  return type.getFields()[name]
}

/** Told by its shape, as Relay describes it, so that any schema's connections are known. */
function isConnection(type: unknown): boolean {
  if (!isObjectType(type)) return false
  const fields = type.getFields()
  return 'pageInfo' in fields && ('edges' in fields || 'nodes' in fields)
}

function isEdge(type: GraphQLObjectType): boolean {
  return 'cursor' in type.getFields() && 'node' in type.getFields()
}
