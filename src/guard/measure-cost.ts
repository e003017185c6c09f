import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isObjectType,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'
import { defaultPageSize } from '../loaders/page-arguments.ts'
import { collectFields } from './collect-fields.ts'
import { atMost, beside, type Cost, endless, free, paid } from './cost.ts'
import type { GivenValues } from './given-values.ts'
import { createPriceList, type FieldPrice, rowsOfOne } from './price-field.ts'

export interface MeasureCostOptions {
  readonly operation: OperationDefinitionNode
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
  readonly given: GivenValues
}

/** Rows of a list that says nothing of its size. */
const unknownSize = 100

/** Selections beyond which measuring is given up: the operation counts as endless. */
const mostSteps = 100_000

/** Fields that are selected for at most `parents` objects of a type. */
interface Place {
  readonly type: GraphQLObjectType
  readonly fields: ReadonlyMap<string, readonly FieldNode[]>
  readonly parents: number
  /** In the answer, without positions in lists. */
  readonly path: string
  /** Rows of a page, within its connection. */
  readonly page: number
  /** Items that the mutation above was given; null where there is none. */
  readonly items: number | null
}

/**
 * Measures operations from the schema alone: sizes of pages multiply along each path, fields that are
 * merged count once, and of the types that an object may have the most expensive one counts.
 *
 * To be called with documents that have passed validation and the limits of shape.
 */
export function createCostMeter(schema: GraphQLSchema): (options: MeasureCostOptions) => Cost {
  const priceOf = createPriceList(schema)

  return ({ operation, fragments, given }) => {
    let steps = 0
    const onStep = () => {
      steps += 1
    }
    const collecting = { schema, fragments, given, onStep }
    const collect = (type: GraphQLObjectType, sets: readonly SelectionSetNode[]) =>
      collectFields(collecting, type, sets)

    const root = schema.getRootType(operation.operation)
    if (!root) return free
    const fields = collect(root, [operation.selectionSet])
    return ofObject({ type: root, fields, parents: 1, path: '', page: 0, items: null })

    function ofObject(place: Place): Cost {
      let sum = free
      for (const [key, nodes] of place.fields) {
        const path = place.path === '' ? key : `${place.path}.${key}`
        if (steps > mostSteps) return endless(path)
        sum = beside(sum, ofField(place, nodes, path))
      }
      return sum
    }

    function ofField(place: Place, nodes: readonly FieldNode[], path: string): Cost {
      const [node] = nodes
      const { parents } = place
      const price = node && priceOf(place.type, node.name.value)
      if (!price || price.kind === 'leaf') {
        return paid((price?.rows ?? 0) * parents, path, { ...free, values: parents })
      }
      const { size, read, page, items } = sizesOf(price, node, place)
      const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? [])
      const cost = typesOf(price).reduce((most, type) => {
        const selected = collect(type, sets)
        const isOnlyCounted = price.kind === 'connection' && [...selected.values()].every(isCount)
        const rows = price.rows + (isOnlyCounted ? 0 : read)
        const next = { type, fields: selected, parents: parents * size, path, page, items }
        return atMost(most, paid(rows * parents, path, ofObject(next)))
      }, free)
      return { ...cost, values: cost.values + parents * size }
    }

    /** How many objects a field has for each parent, how many of them are read, and what is below. */
    function sizesOf(price: FieldPrice, node: FieldNode, { page, items }: Place) {
      switch (price.kind) {
        case 'mutation': {
          const given = countItems(node)
          return { size: 1, read: given ?? 0, page: 0, items: given }
        }
        case 'connection': {
          const asked = pageSizeOf(node, price.largestPage)
          // One more row shows whether there is a next page, another whether there is one before.
          return { size: 1, read: asked + 2, page: asked, items }
        }
        case 'page':
          return { size: page, read: 0, page, items }
        case 'list': {
          if (price.size !== undefined) return { size: price.size, read: 0, page: 0, items }
          const size = countItems(node) ?? items ?? unknownSize
          return { size, read: size * rowsOfOne, page: 0, items }
        }
        default:
          return { size: 1, read: 0, page: 0, items }
      }
    }

    function pageSizeOf(node: FieldNode, largest: number): number {
      const asked = ['first', 'last']
        .map((name) => given.argument(node, name))
        .filter((size) => size !== null && size !== undefined)
      if (asked.length === 0) return defaultPageSize
      return Math.max(...asked.map((size) => toSize(size, largest)))
    }

    function countItems(node: FieldNode): number | null {
      return node.arguments?.length ? given.countItems(node) : null
    }
  }

  /** The types that what a field returns may have. */
  function typesOf(price: FieldPrice): readonly GraphQLObjectType[] {
    const type = getNamedType(price.type)
    if (isObjectType(type)) return [type]
    return isAbstractType(type) ? schema.getPossibleTypes(type) : []
  }
}

function isCount([node]: readonly FieldNode[]): boolean {
  return node?.name.value === 'totalCount' || node?.name.value === '__typename'
}

/** A size that is none is refused by whoever loads the page, and must not be cheap until then. */
function toSize(size: unknown, largest: number): number {
  const isSize = typeof size === 'number' && size >= 0
  return Math.min(largest, isSize ? size : unknownSize)
}
