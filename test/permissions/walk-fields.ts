import {
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isLeafType,
  isObjectType,
} from 'graphql'
import type { QueryError, QueryResult } from '../support/start-test-app.ts'
import type { Place } from './field-decisions.ts'

/** Types whose fields say something by themselves: neither pages, nor the roots, nor payloads. */
export function typesToDecide(schema: GraphQLSchema): readonly GraphQLObjectType[] {
  return Object.values(schema.getTypeMap()).filter(
    (type): type is GraphQLObjectType =>
      isObjectType(type) &&
      !type.name.startsWith('__') &&
      !isPart(type) &&
      type !== schema.getMutationType(),
  )
}

/** Pages and payloads show nothing of their own: what they may have is known by their names. */
function isPart({ name }: GraphQLObjectType): boolean {
  return /(Connection|Edge|Payload)$/.test(name) || name === 'PageInfo'
}

/** Fields of pages and payloads that are neither the usual ones nor lead to a type of the table. */
export function strayFields(
  schema: GraphQLSchema,
  decided: ReadonlySet<string>,
): readonly string[] {
  const usual: Readonly<Record<string, readonly string[]>> = {
    Connection: ['edges', 'nodes', 'pageInfo', 'totalCount'],
    Edge: ['cursor', 'node'],
    PageInfo: ['startCursor', 'endCursor', 'hasNextPage', 'hasPreviousPage'],
  }
  return Object.values(schema.getTypeMap()).flatMap((type) => {
    if (!isObjectType(type) || !isPart(type)) return []
    const kind = /(Connection|Edge|PageInfo)$/.exec(type.name)?.[0]
    return Object.values(type.getFields())
      .filter((field) =>
        kind === undefined
          ? !decided.has(getNamedType(field.type).name) && !/^deleted\w+Id$/.test(field.name)
          : !usual[kind]?.includes(field.name),
      )
      .map((field) => `${type.name}.${field.name}`)
  })
}

/** The name of a field that may be written with its arguments. */
export function nameOf(call: string): string {
  return /^\w+/.exec(call)?.[0] ?? ''
}

/** One document that asks for every field of a place, each under an alias of its own: `f0`, `f1`. */
export function documentOf(schema: GraphQLSchema, { type, reach, fields }: Place): string {
  const known = schema.getType(type)
  if (!isObjectType(known)) throw new Error(`"${type}" is no object type`)
  const all = known.getFields()
  const parts = Object.keys(fields).map((call, index) => {
    const field = all[nameOf(call)]
    if (!field) throw new Error(`There is no "${type}.${nameOf(call)}"`)
    return `f${index}: ${call} ${selectionOf(field)}`
  })
  const body = [...reach.map((one) => `${one} {`), ...parts].join(' ') + ' }'.repeat(reach.length)
  const names = [...new Set(body.match(/\$\w+/g))]
  const head = names.length > 0 ? `query (${names.map((one) => `${one}: ID!`).join(', ')})` : ''
  return `${head} { ${body} }`
}

function selectionOf(field: GraphQLField<unknown, unknown>): string {
  const type = getNamedType(field.type)
  if (isLeafType(type)) return ''
  if (!type.name.endsWith('Connection')) return '{ __typename }'
  return '{ totalCount nodes { __typename } edges { node { __typename } } }'
}

/** The cells of all fields of a place, as one asker was answered. */
export function cellsOf(
  { reach, fields }: Place,
  { data, errors = [] }: QueryResult,
): readonly string[] {
  const calls = Object.keys(fields)
  const denied = new Map(errors.map((error) => [error.path?.join('.') ?? '', error]))
  const way: string[] = []
  let place = data
  for (const step of reach.filter((one) => !one.startsWith('...'))) {
    way.push(nameOf(step))
    place = place?.[nameOf(step)] ?? null
    const error = take(denied, way.join('.'))
    if (error) return calls.map(() => (cellOf(place, error) === 'n' ? 'N' : '?'))
    if (!Array.isArray(place)) continue
    place = place[0] ?? null
    way.push('0')
  }
  const cells = calls.map((_, index) => {
    const alias = `f${index}`
    return cellOf(place?.[alias] ?? null, take(denied, [...way, alias].join('.')))
  })
  return denied.size > 0 ? [`also ${JSON.stringify([...denied.values()])}`] : cells
}

function take(errors: Map<string, QueryError>, path: string): QueryError | undefined {
  const error = errors.get(path)
  errors.delete(path)
  return error
}

// biome-ignore lint/suspicious/noExplicitAny: whatever was answered is to be judged
function cellOf(value: any, error: QueryError | undefined): string {
  if (error) return value === null && error.extensions.code === 'FORBIDDEN' ? 'n' : '?'
  if (value === null) return '-'
  if (Array.isArray(value)) return String(value.filter((item) => item !== null).length)
  if (value.nodes === undefined) return 'y'
  const lengths = new Set([value.totalCount, value.nodes.length, value.edges.length])
  return lengths.size === 1 ? String(value.totalCount) : '?'
}
