import { Agent, type IncomingHttpHeaders, request } from 'node:http'
import { gunzipSync } from 'node:zlib'
import type { AnswerError } from '../model/bench.ts'
import type { Args } from '../model/lists.ts'

export interface Reply {
  readonly status: number
  readonly data: unknown
  readonly errors: readonly AnswerError[]
  /** What `extensions.loadline.cache` says of it. */
  readonly cache: CacheOutcome | null
}

export interface CacheOutcome {
  readonly outcome: string
  readonly reason?: string
  readonly scope?: string
  readonly ageMs?: number
}

export interface Ask {
  readonly origin: string
  readonly query: string
  readonly variables: Args
  readonly token: string | null
  readonly timeoutMs?: number
}

/** Asks GraphQL over kept connections. @throws when no answer came, whatever became of the request */
export type Client = (ask: Ask) => Promise<Reply>

/**
 * The way that a hit takes: `door`, as the bytes that are stored; `longer`, through Yoga, for an
 * explanation; `both`, in turn.
 */
export type HitPath = 'door' | 'longer' | 'both'

export function createClient(path: HitPath = 'both'): Client & Disposable {
  let turn = 0
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  const ask: Client = ({ origin, query, variables, token, timeoutMs = 30_000 }) =>
    new Promise((resolve, reject) => {
      turn += 1
      const isExplained = path === 'longer' || (path === 'both' && turn % 2 === 0)
      const asking = request(`${origin}/graphql`, {
        ...{ agent, method: 'POST', timeout: timeoutMs },
        headers: {
          'content-type': 'application/json',
          ...(isExplained && { 'loadline-explain': '1' }),
          ...(turn % 3 > 0 && { 'accept-encoding': 'gzip' }),
          ...(token !== null && { authorization: `Bearer ${token}` }),
        },
      })
      asking.on('error', reject)
      asking.on('timeout', () => asking.destroy(new Error(`No answer within ${timeoutMs} ms`)))
      asking.on('response', (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => {
          try {
            const { statusCode = 0, headers } = response
            resolve(readReply(statusCode, headers, Buffer.concat(chunks)))
          } catch (error) {
            reject(error)
          }
        })
      })
      asking.end(JSON.stringify({ query, variables }))
    })
  return Object.assign(ask, { [Symbol.dispose]: () => agent.destroy() })
}

function readReply(status: number, headers: IncomingHttpHeaders, body: Buffer): Reply {
  const text = headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body
  const { data = null, errors = [], extensions } = JSON.parse(text.toString())
  const outcome = headers['cache-status']
  const told = outcome === undefined ? null : { outcome: String(outcome) }
  return { status, data, errors, cache: extensions?.loadline?.cache ?? told }
}
