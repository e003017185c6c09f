import { AppError } from '../errors.ts'
import type { Limits } from '../guard/limits.ts'
import type { Exchange } from './exchange.ts'

/** What a request says, checked for its form. */
export interface RequestParams {
  readonly query?: string
  /** Instead of the document, its id (GraphQL over HTTP, Appendix A). */
  readonly documentId?: string
  readonly operationName?: string
  readonly variables?: Record<string, unknown>
  readonly extensions?: Record<string, unknown>
}

/**
 * What a request says, unread: the query of a GET, or the body of a POST.
 *
 * A POST must be `application/json`, which no page of another origin can send without a preflight,
 * and a GET can only run queries: so no page can make a signed-in browser change anything.
 *
 * @throws AppError `METHOD_NOT_ALLOWED`, `UNSUPPORTED_MEDIA_TYPE`, `PAYLOAD_TOO_LARGE`
 */
export async function readText(
  exchange: Exchange,
  { bodyBytes }: Pick<Limits, 'bodyBytes'>,
): Promise<string> {
  const { method, url } = exchange
  if (method === 'GET') return url.search
  if (method !== 'POST') {
    throw new AppError('METHOD_NOT_ALLOWED', `${url.pathname} takes GET and POST, not ${method}`)
  }
  const type = exchange.header('content-type')
  if (!isJson(type)) {
    throw new AppError(
      'UNSUPPORTED_MEDIA_TYPE',
      `The body must have the content type application/json, got ${type ?? 'none'}`,
    )
  }
  return exchange.readBody(bodyBytes)
}

/**
 * The parameters of a GraphQL request.
 *
 * @param text as `readText` gives it
 * @throws AppError `BAD_REQUEST` naming the parameter at fault
 */
export function readParams(method: string, text: string): RequestParams {
  if (method === 'GET') return checkParams(readQuery(new URLSearchParams(text)))
  if (text.trim() === '') throw new AppError('BAD_REQUEST', 'The body is empty')
  return checkParams(parseJson(text, 'the body'))
}

function readQuery(search: URLSearchParams): unknown {
  const text = (name: string) => search.get(name) || undefined
  const json = (name: string) => {
    const value = text(name)
    return value && parseJson(value, `the parameter "${name}"`)
  }
  return {
    query: text('query'),
    documentId: text('documentId'),
    operationName: text('operationName'),
    variables: json('variables'),
    extensions: json('extensions'),
  }
}

function isJson(contentType: string | null): boolean {
  if (contentType === null || contentType === 'application/json') return contentType !== null
  const [type = '', ...parameters] = contentType.toLowerCase().split(';')
  const charset = parameters.map((text) => text.trim()).find((text) => text.startsWith('charset='))
  const isUtf8 = charset === undefined || /^charset="?utf-?8"?$/.test(charset)
  return type.trim() === 'application/json' && isUtf8
}

function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new AppError('BAD_REQUEST', `Wanted JSON as ${what}, got something else`, { cause })
  }
}

function checkParams(params: unknown): RequestParams {
  if (Array.isArray(params)) {
    throw new AppError('BAD_REQUEST', 'Send one operation a request: lists of them are off here')
  }
  if (!isObject(params)) throw new AppError('BAD_REQUEST', 'The body must be a JSON object')

  const { query, documentId, operationName, variables, extensions, ...unknown } = params
  const [surplus] = Object.keys(unknown)
  if (surplus !== undefined) {
    throw new AppError('BAD_REQUEST', `"${surplus}" is not a parameter of a GraphQL request`)
  }
  const isQuery = typeof query === 'string' && query.trim() !== ''
  if (query != null && !isQuery) {
    throw new AppError('BAD_REQUEST', '"query" must be a GraphQL document')
  }
  const read: { -readonly [Name in keyof RequestParams]: RequestParams[Name] } = {}
  if (isQuery) read.query = query
  if (documentId != null) read.documentId = asText('documentId', documentId)
  if (operationName != null) read.operationName = asText('operationName', operationName)
  if (variables != null) read.variables = asObject('variables', variables)
  if (extensions != null) read.extensions = asObject('extensions', extensions)
  return read
}

function asText(name: string, value: unknown): string {
  if (typeof value === 'string') return value
  throw new AppError('BAD_REQUEST', `"${name}" must be a string`)
}

function asObject(name: string, value: unknown): Record<string, unknown> {
  if (isObject(value)) return value
  throw new AppError('BAD_REQUEST', `"${name}" must be a JSON object`)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
