import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { PGlite } from '@electric-sql/pglite'

/**
 * PGlite on a port, for what wants a URL. Its one session is shared, names of statements too, which are
 * forgotten when anybody leaves.
 */
export async function servePglite(
  loadDataDir: Blob,
): Promise<{ readonly url: string } & AsyncDisposable> {
  const pglite = await PGlite.create({ loadDataDir })
  const server = createServer((socket) => answer(pglite, socket)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('No port was given')
  return {
    url: `postgresql://postgres@127.0.0.1:${address.port}/postgres`,
    async [Symbol.asyncDispose]() {
      server.close()
      await pglite.close()
    },
  }
}

/** Messages up to one that wants an answer go to the database together: no other's come between. */
function answer(pglite: PGlite, socket: Socket): void {
  let received: Buffer = Buffer.alloc(0)
  let read = 0
  let hasStarted = false
  let answered = Promise.resolve()
  socket.on('error', () => socket.destroy())
  socket.on('close', () => {
    answered = answered.then(async () => {
      if (!pglite.closed) await pglite.exec('DEALLOCATE ALL')
    })
  })
  socket.on('data', (chunk) => {
    received = Buffer.concat([received, chunk])
    for (let length = messageLength(); length > 0; length = messageLength()) {
      const type = hasStarted ? String.fromCharCode(received[read] ?? 0) : start
      hasStarted = true
      read += length
      if (type === 'X') socket.end()
      else if (wantsAnswer.has(type)) pass(received.subarray(0, read))
      else continue
      received = received.subarray(read)
      read = 0
    }
  })

  /** Of the next message, if all of it is there; else 0. The first of a session has no type. */
  function messageLength(): number {
    const typeBytes = hasStarted ? 1 : 0
    if (received.length < read + typeBytes + 4) return 0
    const length = typeBytes + received.readUInt32BE(read + typeBytes)
    return received.length < read + length ? 0 : length
  }

  function pass(messages: Buffer): void {
    answered = answered
      .then(async () => {
        socket.write(await pglite.execProtocolRaw(messages))
      })
      .catch(() => {
        socket.destroy()
      })
  }
}

const start = 'start'
/** Start, Sync, Query and a password: see "Message Formats" in PostgreSQL's manual. */
const wantsAnswer = new Set([start, 'S', 'Q', 'p'])
