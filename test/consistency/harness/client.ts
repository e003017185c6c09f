import { Agent, request } from 'node:http'
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

export function createClient(): Client & Disposable {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  const ask: Client = ({ origin, query, variables, token, timeoutMs = 30_000 }) =>
    new Promise((resolve, reject) => {
      const asking = request(`${origin}/graphql`, {
        ...{ agent, method: 'POST', timeout: timeoutMs },
        headers: {
          'content-type': 'application/json',
          'loadline-explain': '1',
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
            resolve(readReply(response.statusCode ?? 0, Buffer.concat(chunks).toString()))
          } catch (error) {
            reject(error)
          }
        })
      })
      asking.end(JSON.stringify({ query, variables }))
    })
  return Object.assign(ask, { [Symbol.dispose]: () => agent.destroy() })
}

function readReply(status: number, text: string): Reply {
  const { data = null, errors = [], extensions } = JSON.parse(text)
  return { status, data, errors, cache: extensions?.loadline?.cache ?? null }
}
