import type { GraphQLError } from 'graphql'
import type { RequestFacts } from '../observe/request-facts.ts'

/** @param errors masked, so that each has a code of the one table */
export function noteErrors(errors: readonly GraphQLError[], facts: RequestFacts): void {
  facts.codes = errors.map(({ extensions }) => String(extensions.code))
}
