export interface NamedOperation {
  /** Null for one without a name. */
  readonly name: string | null
  readonly kind: 'query' | 'mutation' | 'subscription'
  /** Whether its document stands in the manifest. */
  readonly isTrusted: boolean
}

/**
 * The operation that a document is sent for, without parsing it, as hits are not parsed. What it says
 * is for labels and logs only: a document can be written so that it is wrong.
 */
export function nameOperation(
  { query, isTrusted }: { readonly query: string; readonly isTrusted: boolean },
  operationName: string | null | undefined,
): NamedOperation {
  const [, kind, name] = (operationName ? findNamed(query, operationName) : findFirst(query)) ?? []
  return {
    name: operationName || name || null,
    kind: kind === 'mutation' || kind === 'subscription' ? kind : 'query',
    isTrusted,
  }
}

const first =
  /^(?:[\s,\ufeff]|#[^\n]*)*(query|mutation|subscription)\b(?:[\s,]|#[^\n]*)*([_A-Za-z]\w*)?/

/** Where fragments come first, as code generators print them. */
const afterFragments = /(?:^|\})[\s,]*(query|mutation|subscription)\b[\s,]*([_A-Za-z]\w*)?/m

function findFirst(query: string): RegExpExecArray | null {
  return first.exec(query) ?? (query.includes('fragment') ? afterFragments.exec(query) : null)
}

function findNamed(query: string, name: string): RegExpExecArray | null {
  const begin = findFirst(query)
  if (begin?.[2] === name || !/^[_A-Za-z]\w{0,255}$/.test(name)) return begin
  return new RegExp(`\\b(query|mutation|subscription)\\s+(${name})\\b`).exec(query)
}
