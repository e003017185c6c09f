import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

export interface Traffic {
  /** Statements that were run, in messages Execute and Query. */
  readonly statements: number
  readonly rows: number
}

/** What stands between a server and its database, and counts. */
export interface TrafficCounter extends AsyncDisposable {
  /** That of the database, by way of the counter. */
  readonly url: string
  read(): Traffic
}

/** Takes no part in what is timed: it stands only where answers are compared and counted. */
export async function countTraffic(databaseUrl: string): Promise<TrafficCounter> {
  const { hostname, port } = new URL(databaseUrl)
  const sockets = new Set<Socket>()
  let statements = 0
  let rows = 0
  const server = createServer((client) => {
    const database = connect(Number(port || 5432), hostname)
    pass(
      client,
      database,
      createReader({ isStarted: false }, (type) => {
        if (type === 'E' || type === 'Q') statements += 1
      }),
    )
    pass(
      database,
      client,
      createReader({ isStarted: true }, (type) => {
        if (type === 'D') rows += 1
      }),
    )
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('No port was given')
  const url = new URL(databaseUrl)
  url.host = `127.0.0.1:${address.port}`

  function pass(from: Socket, to: Socket, read: (chunk: Buffer) => void): void {
    sockets.add(from)
    from.on('data', (chunk) => {
      to.write(chunk)
      read(chunk)
    })
    from.on('error', () => to.destroy())
    from.on('close', () => {
      sockets.delete(from)
      to.end()
    })
  }

  return {
    url: url.href,
    read: () => ({ statements, rows }),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

/** Tells the type of each message; the first of a client has none ("Message Formats" of PostgreSQL). */
function createReader(
  { isStarted }: { readonly isStarted: boolean },
  tell: (type: string) => void,
): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0)
  let skip = 0
  let hasType = isStarted
  return (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    for (;;) {
      const skipped = Math.min(skip, rest.length)
      skip -= skipped
      rest = rest.subarray(skipped)
      const head = hasType ? 5 : 4
      if (rest.length < head) return
      if (hasType) tell(String.fromCharCode(rest[0] ?? 0))
      skip = rest.readUInt32BE(head - 4) + head - 4
      hasType = true
    }
  }
}
