import { canonicalJson } from './canonical-json.ts'
import { digest } from './generation-id.ts'
import type { RecalledIdentity } from './known-identities.ts'
import type { ScopedKeys } from './store.ts'

/** What a client asks, after every plugin that may replace it. */
export interface Question {
  readonly query?: string | null | undefined
  readonly operationName?: string | null | undefined
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined
  /** Where the application says what tells questions apart, instead of the three above. */
  readonly key?: string | undefined
  /** Where the application keeps apart the answers to several kinds of clients. */
  readonly session?: string | null | undefined
}

/**
 * The keys under which answers to a question are kept: for everybody, for a role (nobody has one too)
 * and for a viewer, whose key contains the role, so that another role finds nothing of the former.
 * Null when its variables are not JSON.
 */
export function createAnswerKeys(
  question: Question,
  viewer: RecalledIdentity | null,
): ScopedKeys | null {
  const key = keyOfQuestion(question)
  if (key === null) return null
  const role = viewer?.role ?? null
  return {
    public: `answer ${key}`,
    role: `answer ${key} ${JSON.stringify([role])}`,
    own: viewer && `answer ${key} ${JSON.stringify([role, viewer.id])}`,
  }
}

const keys = new WeakMap<Question, string | null>()

/**
 * The part of a question's keys that is the same whoever asks; null when its variables are not JSON.
 * A question is looked at once: it must not change afterwards.
 */
export function keyOfQuestion(question: Question): string | null {
  const known = keys.get(question)
  if (known !== undefined) return known
  const text = textOf(question)
  const key = text === null ? null : digest(text)
  keys.set(question, key)
  return key
}

function textOf({ query, operationName, variables, key, session = null }: Question): string | null {
  const own = session === null ? [] : [session]
  if (key !== undefined) return JSON.stringify([{ key }, ...own])
  const printed = canonicalJson(variables ?? {})
  return printed === null
    ? null
    : JSON.stringify([query ?? '', operationName ?? null, printed, ...own])
}
