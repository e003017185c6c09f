export interface GraphQLRequest {
  readonly url: string
  /** Their names are in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** How the document is told: which parameter, and its value. */
  readonly document: readonly ['query' | 'documentId', string]
  readonly variables: object
  /** As the URL of a GET, if it fits there. */
  readonly isGet: boolean
}

/** URLs beyond this are refused by some server or proxy on the way. */
const longestUrl = 4_000

/** How a request travels by the GraphQL-over-HTTP draft. */
export function httpRequest({ url, headers, document, variables, isGet }: GraphQLRequest): {
  readonly url: string
  readonly init: RequestInit
} {
  const all = {
    accept: 'application/graphql-response+json,application/json',
    // On a GET too: no page of another origin can send it by itself, so that servers trust it.
    'content-type': 'application/json',
    ...headers,
  }
  const [name, value] = document
  const search = new URLSearchParams({ [name]: value, variables: JSON.stringify(variables) })
  const target = `${url}${url.includes('?') ? '&' : '?'}${search}`
  if (isGet && target.length < longestUrl) return { url: target, init: { headers: all } }
  const body = JSON.stringify({ [name]: value, variables })
  return { url, init: { method: 'POST', headers: all, body } }
}
