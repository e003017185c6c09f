import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { text } from 'node:stream/consumers'

/** Some of the same request. */
export interface Requests {
  readonly port: number
  readonly body: string
  /** How many are sent, and among how many the cost is divided. */
  readonly sent: number
  readonly count: number
}

/** @param atATime how many are under way at once */
export function createSender(headers: Readonly<Record<string, string>>, atATime: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: atATime })

  async function post({ port, body }: Requests): Promise<void> {
    const sent = request({
      ...{ agent, port, host: '127.0.0.1', path: '/graphql', method: 'POST' },
      headers: {
        ...headers,
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
      },
    })
    sent.end(body)
    const [response] = await once(sent, 'response')
    const answer = await text(response)
    if (response.statusCode !== 200 || !answer.startsWith('{"data"')) {
      throw new Error(`${response.statusCode}: ${answer.slice(0, 500)}`)
    }
  }

  return {
    async send(requests: Requests): Promise<void> {
      let left = requests.sent
      const sendNext = async () => {
        while (left > 0) {
          left -= 1
          await post(requests)
        }
      }
      await Promise.all(Array.from({ length: atATime }, sendNext))
    },
    close: () => agent.destroy(),
  }
}
