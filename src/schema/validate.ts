import type { z } from 'zod'
import { AppError, type ErrorCode } from '../errors.ts'

/** One fault of an input: where, and what must be otherwise. */
export interface InputIssue {
  /** The path from the argument on: `input.rows.17.email`. */
  readonly field: string
  /** A sentence about the field, which it names. */
  readonly message: string
}

/**
 * Parses what a client sent for an argument, or for a field of one (`path`, the argument `input`
 * unless it says otherwise). Throws one `BAD_USER_INPUT` for all faults: `extensions.field` is the
 * first of them, `extensions.issues` has each.
 */
export function parseInput<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  path: readonly string[] = ['input'],
): z.output<Schema> {
  const parsed = schema.safeParse(input, { error: explainDefault })
  if (parsed.success) return parsed.data
  throw badInput(parsed.error.issues.map((fault) => issue([...path, ...fault.path], fault.message)))
}

/** `message` continues the field's name: `must be after "startsAt"`. */
export function issue(path: readonly PropertyKey[], message: string): InputIssue {
  const field = path.map(String).join('.')
  return { field, message: `"${field}" ${message}` }
}

/** More issues than anybody reads only make the answer large. */
const maxIssues = 100

export function badInput(issues: readonly InputIssue[]): AppError {
  return inputError('BAD_USER_INPUT', issues)
}

/** One error for all issues of one kind. */
export function inputError(code: ErrorCode, issues: readonly InputIssue[]): AppError {
  const [first] = issues
  if (!first) throw new Error('An error about an input needs an issue')
  const rest = issues.length - 1
  const more = rest === 0 ? '' : ` (and ${rest} more ${rest === 1 ? 'fault' : 'faults'})`
  return new AppError(code, `${first.message}${more}`, {
    field: first.field,
    extensions: { issues: issues.slice(0, maxIssues) },
  })
}

/** What zod itself finds: GraphQL has checked the types, so it is a null, or a wrong key. */
function explainDefault({ code, input }: { readonly code?: string; readonly input?: unknown }) {
  if (code !== 'invalid_type') return undefined
  if (input === null) return 'must not be null: leave it out to keep what is there'
  return input === undefined ? 'is missing' : 'has the wrong type'
}
