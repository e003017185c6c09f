import { once } from 'node:events'
import { createServer, type RequestListener, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What happens to a request instead of an answer; `handler` is that of the app. */
export type Trouble = (handler: RequestListener) => RequestListener

export interface TroubledServer extends AsyncDisposable {
  readonly url: string
  /** What happens to the next requests, one after the other; later ones are answered. */
  trouble(...next: readonly Trouble[]): void
  /** Closes the port and all connections. */
  stop(): Promise<void>
  /** Listens again on the same port. */
  start(): Promise<void>
}

/** The app on a real socket, where a test can make go wrong what goes wrong between machines. */
export async function serveWithTrouble(handler: RequestListener): Promise<TroubledServer> {
  let next: readonly Trouble[] = []
  let port = 0
  let server = createServer()
  const start = async () => {
    server = createServer((request, response) => {
      const [now, ...later] = next
      next = later
      const listener = now ? now(handler) : handler
      listener(request, response)
    })
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    // True of a server that listens on TCP.
    port = (server.address() as AddressInfo).port
  }
  const stop = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  await start()
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    trouble(...troubles) {
      next = troubles
    },
    start,
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

/** An answer of a proxy on the way. */
export function answers(status: number, headers: Record<string, string> = {}): Trouble {
  return () => (_, response) => {
    response.writeHead(status, { 'content-type': 'text/html', ...headers }).end('<h1>Sorry</h1>')
  }
}

/** No answer at all. */
export const stalls: Trouble = () => (request) => {
  request.resume()
}

/** The request is carried out, but its answer breaks off in the middle. */
export const breaksOff: Trouble = (handler) => (request, response) => {
  const { end } = response
  const cut = (body: string | Buffer): ServerResponse => {
    response.write(Buffer.from(body).subarray(0, 20), () => response.destroy())
    return response
  }
  // The handler calls it once, with the whole body.
  response.end = cut as typeof end
  handler(request, response)
}
