import { canonicalJson } from './canonical-json.ts'
import { digest } from './generation-id.ts'
import type { ScopedKeys } from './store.ts'

/** What a client asks, after every plugin that may replace it. */
export interface Question {
  readonly query?: string | null | undefined
  readonly operationName?: string | null | undefined
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined
}

/** Who asks, as far as keys tell viewers apart. */
export interface KeyedViewer {
  readonly id: string
  readonly role: string
}

/**
 * The keys under which answers to a question are kept: for everybody, for a role (nobody has one too)
 * and for a viewer, whose key contains the role, so that another role finds nothing of the former.
 * Null when its variables are not JSON.
 */
export function createAnswerKeys(
  question: Question,
  viewer: KeyedViewer | null,
): ScopedKeys | null {
  const variables = canonicalJson(question.variables ?? {})
  if (variables === null) return null
  const asked = [question.query ?? '', question.operationName ?? null, variables]
  const key = digest(JSON.stringify(asked))
  const role = viewer?.role ?? null
  return {
    public: `answer ${key}`,
    role: `answer ${key} ${JSON.stringify([role])}`,
    own: viewer && `answer ${key} ${JSON.stringify([role, viewer.id])}`,
  }
}
