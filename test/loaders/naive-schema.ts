import {
  buildSchema,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  parse,
  printSchema,
} from 'graphql'
import { type NaiveConnection, placeOf } from './naive-page.ts'
import type { NaiveRow } from './naive-tables.ts'

// biome-ignore lint/suspicious/noExplicitAny: a resolver written for its field knows its arguments.
export type NaiveArguments = Record<string, any>

/** How one field is answered from a row (at the root: from undefined), without any batching. */
export type NaiveField<Env> = (row: NaiveRow, args: NaiveArguments, env: Env) => unknown

export type NaiveTypes<Env> = Readonly<Record<string, Readonly<Record<string, NaiveField<Env>>>>>

/** A row that stands for its entity behind the interface `Node`. */
export function asNode(__typename: string, row: NaiveRow | null) {
  return row && { __typename, row }
}

export function forbidden(): GraphQLError {
  return new GraphQLError('forbidden', { extensions: { code: 'FORBIDDEN' } })
}

/** Where in a list a row stands: what a view's rank is told from. */
interface Placed {
  readonly row: NaiveRow
  readonly connection: NaiveConnection
}

/**
 * Answers documents of `schema` by `types` alone: the schema is made anew from its printed form, so
 * nothing of its resolvers is left. Cursors are shown as `cursor of <node's id>`.
 */
export function createNaive<Env>(
  schema: GraphQLSchema,
  types: NaiveTypes<Env>,
  idOf: (row: NaiveRow) => string,
): (document: string, variables: NaiveArguments, env: Env) => Promise<ExecutionResult> {
  const bare = buildSchema(printSchema(schema))

  const connectionField = (connection: NaiveConnection, name: string) => {
    const placed = (row: NaiveRow): Placed => ({ row, connection })
    const { page } = connection
    const cursorAt = (row: NaiveRow | undefined) => (row ? `cursor of ${idOf(row)}` : null)
    switch (name) {
      case 'nodes':
        return page.map(placed)
      case 'edges':
        return page.map((row) => ({ cursor: cursorAt(row), node: placed(row) }))
      case 'totalCount':
        return connection.all.length
      default:
        return {
          hasNextPage: connection.hasNextPage,
          hasPreviousPage: connection.hasPreviousPage,
          startCursor: cursorAt(page[0]),
          endCursor: cursorAt(page.at(-1)),
        }
    }
  }

  const resolve: GraphQLFieldResolver<unknown, Env> = (source, args, env, info) => {
    const { parentType, fieldName } = info
    if (isConnection(source)) return connectionField(source, fieldName)
    if (/Edge$|^PageInfo$/.test(parentType.name)) return Reflect.get(Object(source), fieldName)
    const place = typeof source === 'object' && source !== null && 'row' in source ? source : null
    if (fieldName === 'place' || fieldName === 'rank') {
      const placed = place as Placed | null // `rank` may be a column as well
      if (placed?.connection && !types[parentType.name]?.[fieldName]) {
        return placeOf(placed.row, placed.connection)
      }
    }
    const field = types[parentType.name]?.[fieldName]
    if (!field) throw new Error(`The naive side does not know ${parentType.name}.${fieldName}`)
    return field((place?.row ?? source) as NaiveRow, args, env) // all other sources are rows
  }

  return async (document, variables, env) =>
    execute({
      schema: bare,
      document: parse(document),
      variableValues: variables,
      contextValue: env,
      fieldResolver: resolve,
    })
}

function isConnection(source: unknown): source is NaiveConnection {
  return typeof source === 'object' && source !== null && 'kind' in source
}
