import { exceeded, type Limits } from './limits.ts'
import { nulRefusal } from './refuse-nul.ts'

/**
 * Checks what a request brings before anything is done with it: how long the document is, how much
 * is in the variables, and that no text holds a NUL, which PostgreSQL cannot store. One walk over the
 * variables, which stops where it is too much.
 *
 * @throws AppError `LIMIT_EXCEEDED`, or `BAD_USER_INPUT` naming the variable with the NUL
 */
export function checkParams(
  params: {
    readonly query?: string | undefined
    readonly variables?: Readonly<Record<string, unknown>> | undefined
  },
  limits: Limits,
): void {
  const { documentBytes } = limits
  const { query = '', variables } = params
  // No character has more than 3 bytes in UTF-8, so that most documents need not be looked at.
  if (query.length * 3 > documentBytes) {
    const got = Buffer.byteLength(query)
    if (got > documentBytes) throw exceeded({ limit: 'documentBytes', max: documentBytes, got })
  }
  if (variables) checkVariables(variables, limits)
}

interface Place {
  readonly value: unknown
  readonly path: string
  readonly depth: number
}

function checkVariables(variables: Readonly<Record<string, unknown>>, limits: Limits): void {
  const { variableBytes, variableValues, variableDepth } = limits
  let bytes = 0
  let values = 0
  // A list of things to look at, not a recursion: JSON may be nested deeper than the stack.
  const open: Place[] = [{ value: variables, path: '', depth: 0 }]
  for (let next = open.pop(); next; next = open.pop()) {
    const { value, path, depth } = next
    if (typeof value === 'string') {
      bytes += value.length
      if (value.includes('\0')) throw nulRefusal(`"${path}"`, path)
    }
    if (bytes > variableBytes) throw exceeded({ limit: 'variableBytes', max: variableBytes })
    if (typeof value !== 'object' || value === null) continue
    if (depth > variableDepth) throw exceeded({ limit: 'variableDepth', max: variableDepth })

    const isList = Array.isArray(value)
    for (const [key, part] of Object.entries(value)) {
      values += 1
      if (values > variableValues) throw exceeded({ limit: 'variableValues', max: variableValues })
      if (!isList) bytes += key.length
      open.push({ value: part, path: path === '' ? key : `${path}.${key}`, depth: depth + 1 })
    }
  }
}
