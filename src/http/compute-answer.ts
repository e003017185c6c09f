import { execute, type GraphQLSchema, parse } from 'graphql'

export interface AskedAgain {
  readonly query?: string | null | undefined
  readonly operationName?: string | null | undefined
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined
}

/** The `data` of an operation that has been answered before; null when there are errors in it. */
export async function computeAnswer(
  schema: GraphQLSchema,
  { query, operationName, variables }: AskedAgain,
  contextValue: unknown,
): Promise<unknown> {
  const result = await execute({
    schema,
    document: parse(query ?? ''),
    contextValue,
    operationName: operationName ?? null,
    variableValues: { ...variables },
  })
  return result.errors ? null : (result.data ?? null)
}
