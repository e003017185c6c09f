import { type DocumentNode, visit } from 'graphql'
import { AppError } from '../errors.ts'

/**
 * Refuses a NUL character in the strings that a document spells out: PostgreSQL cannot store one, and
 * would fail the statement.
 *
 * @throws AppError `BAD_USER_INPUT`
 */
export function refuseNulInDocument(document: DocumentNode): void {
  visit(document, {
    StringValue: (node) => {
      if (node.value.includes('\0')) throw nulRefusal('A string in the document')
    },
  })
}

export function nulRefusal(what: string, field?: string): AppError {
  const message = `${what} may not contain the NUL character`
  return new AppError('BAD_USER_INPUT', message, field === undefined ? {} : { field })
}
