import type { Answer, Exchange } from './exchange.ts'
import { preflightHeaders } from './require-preflight.ts'
import { addVary } from './vary.ts'

/**
 * Cross-origin headers for the origins listed (`*` for all), and the answer to a preflight. There is
 * no cookie to protect: a token travels only in a header that a script has to set.
 */
export function createCors(origins: readonly string[]): {
  /** The answer to a preflight; null for any other request. */
  readonly preflight: (exchange: Exchange) => Answer | null
  /** The answer as a page of the request's origin may see it. */
  readonly open: (answer: Answer, exchange: Exchange) => Answer
} {
  const isAllowed = (origin: string) => origins.includes('*') || origins.includes(origin)

  function open(answer: Answer, exchange: Exchange): Answer {
    if (origins.length === 0) return answer
    const origin = exchange.header('origin')
    const headers = { ...answer.headers, vary: addVary(answer.headers.vary, 'Origin') }
    if (origin === null || !isAllowed(origin)) return { ...answer, headers }
    return {
      ...answer,
      headers: {
        ...headers,
        'access-control-allow-origin': origin,
        'access-control-expose-headers':
          'x-request-id, retry-after, www-authenticate, ratelimit, ratelimit-policy',
      },
    }
  }

  function preflight(exchange: Exchange): Answer | null {
    const isPreflight =
      exchange.method === 'OPTIONS' && exchange.header('access-control-request-method') !== null
    if (!isPreflight || origins.length === 0) return null
    return {
      status: 204,
      headers: {
        'access-control-allow-methods': 'GET, POST',
        'access-control-allow-headers': ['content-type', ...preflightHeaders].join(', '),
        'access-control-max-age': '86400',
      },
      body: null,
    }
  }

  return { preflight, open }
}
