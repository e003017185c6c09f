import { type DocumentNode, visit } from 'graphql'
import { AppError } from '../errors.ts'

/**
 * Refuses a NUL character in a value: PostgreSQL cannot store one, and would fail the statement.
 *
 * @throws AppError `BAD_USER_INPUT` naming the variable
 */
export function refuseNulInVariables(variables: Readonly<Record<string, unknown>> = {}): void {
  // A list of things to look at, not a recursion: JSON may be nested deeper than the stack.
  const open = Object.entries(variables)
  for (let next = open.pop(); next; next = open.pop()) {
    const [path, value] = next
    if (typeof value === 'string' && value.includes('\0')) throw refusal(`"${path}"`, path)
    if (typeof value !== 'object' || value === null) continue
    for (const [key, part] of Object.entries(value)) open.push([`${path}.${key}`, part])
  }
}

/** The same for the strings that a document spells out. */
export function refuseNulInDocument(document: DocumentNode): void {
  visit(document, {
    StringValue: (node) => {
      if (node.value.includes('\0')) throw refusal('A string in the document')
    },
  })
}

function refusal(what: string, field?: string): AppError {
  const message = `${what} may not contain the NUL character`
  return new AppError('BAD_USER_INPUT', message, field === undefined ? {} : { field })
}
