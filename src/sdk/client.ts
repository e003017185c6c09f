import { createBearerToken, type TokenOptions } from './bearer-token.ts'
import type { CallArguments, CallDefaults, CallOptions } from './call.ts'
import { type GraphQLFailure, LoadlineError } from './client-error.ts'
import { idOf, refusesId } from './document-ids.ts'
import { exchange } from './exchange.ts'
import { httpRequest } from './http-request.ts'
import { createPages, type PagedDocument, type Pages, type PagesOptions } from './pages.ts'
import { printDocument } from './print-document.ts'
import { hasIdempotencyKey, isPassing } from './retry.ts'
import type { TypedDocument } from './typed-document.ts'
import { within } from './within.ts'

export interface ClientOptions extends TokenOptions, CallDefaults {
  /** Of the endpoint, like `https://api.example.org/graphql`. */
  readonly url: string
  /**
   * Send the ids of documents instead of their texts, until the server refuses one and takes its
   * text. @default true
   */
  readonly documentIds?: boolean
  /** @default the global one */
  readonly fetch?: typeof globalThis.fetch
}

/** An answer, possibly with errors at the paths of fields that are null because of them. */
export interface Result<Data> {
  readonly data: Data
  readonly errors: readonly GraphQLFailure[]
  readonly extensions: unknown
  /** Under which the server has logged the request. */
  readonly requestId: string | null
}

export interface Client {
  /**
   * Asks. Resolves when any field of the query itself was answered; else rejects with a
   * LoadlineError, or with the reason of the caller's own `signal`.
   */
  query<Data, Variables>(
    document: TypedDocument<Data, Variables>,
    ...args: CallArguments<Variables>
  ): Promise<Result<Data>>
  /**
   * Changes something. Resolves when any of it was carried out; else rejects as `query` does. (It is
   * the same function: what may be repeated or travel in a URL is told by the document.)
   */
  mutate<Data, Variables>(
    document: TypedDocument<Data, Variables>,
    ...args: CallArguments<Variables>
  ): Promise<Result<Data>>
  /** The items of the query's first list that has a `pageInfo`, through all of its pages. */
  pages<Data, Variables>(
    document: PagedDocument<Data, Variables>,
    ...args: CallArguments<Variables, PagesOptions>
  ): Pages<Data>
}

/** A client for one endpoint and one viewer, over `fetch`. It keeps no answers. */
export function createClient(options: ClientOptions): Client {
  if (!options.url) throw new TypeError('createClient needs a url')
  const token = createBearerToken(options)
  let { documentIds = true } = options

  async function call<Data>(
    document: TypedDocument<Data, never>,
    variables: object = {},
    own: CallOptions = {},
  ): Promise<Result<Data>> {
    const settings = { ...defaults, ...options, ...own }
    const { fetch = globalThis.fetch, maxRetryDelayMs, method, refreshToken, signal } = settings
    const isQuery = !document.definitions.some((node) => Object(node).operation === 'mutation')
    let retries = isQuery || hasIdempotencyKey(variables) ? settings.retries : 0
    let longestMs = settings.retryDelayMs
    let id = documentIds && idOf(document)
    let isIdRefused = false
    let bearer = await token.current()
    let isRenewed = !refreshToken

    for (;;) {
      const authorization = bearer && { authorization: `Bearer ${bearer}` }
      const request = httpRequest({
        url: options.url,
        headers: { ...options.headers, ...own.headers, ...authorization },
        document: id ? ['documentId', id] : ['query', printDocument(document)],
        variables,
        isGet: isQuery && method === 'GET',
      })
      const reply = await exchange({ ...settings, ...request, fetch, signal })
      const { code, data, status, retryAfterMs } = reply
      // Not before: a server that takes no texts either may yet learn the id.
      if (isIdRefused && status === 200) documentIds = false
      if (!code || Object.values(data ?? {}).some((value) => value !== null)) {
        // True by the schema that the document was checked against.
        return reply as Result<Data>
      }
      if (id && refusesId(reply)) {
        id = undefined
        isIdRefused = true
      } else if (status === 401 && !isRenewed) {
        isRenewed = true
        bearer = await token.renew(bearer)
      } else if (retries > 0 && isPassing(reply) && retryAfterMs <= maxRetryDelayMs) {
        const waitMs = retryAfterMs + Math.random() * Math.min(longestMs, maxRetryDelayMs)
        await within(waitMs, signal, never)
        retries -= 1
        longestMs *= 2
      } else {
        throw new LoadlineError(reply)
      }
    }
  }

  return {
    // True by CallArguments, which only say when variables may be left out.
    query: call as Client['query'],
    mutate: call as Client['mutate'],
    pages: (document, ...[variables, own = {}]) =>
      createPages({ document, variables: { ...variables }, query: call }, own),
  }
}

const defaults = { timeoutMs: 10_000, retries: 3, retryDelayMs: 300, maxRetryDelayMs: 10_000 }

const never = () => new Promise<never>(() => {})
