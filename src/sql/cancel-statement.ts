import { connect } from 'node:net'
import type { PoolClient } from 'pg'

/**
 * Asks the server to cancel what `client` is running, over a connection of its own, as the protocol
 * wants it (https://www.postgresql.org/docs/current/protocol-flow.html, "Canceling Requests in
 * Progress"). Resolves when the server has closed that connection, so the signal is on its way;
 * whether the statement was still running shows in how it ends. Never rejects: a request that does
 * not arrive leaves the statement to `statement_timeout`.
 */
export function cancelStatement(client: PoolClient): Promise<void> {
  // pg keeps both since the server's BackendKeyData, and does not declare them.
  const { processID, secretKey } = client as unknown as { processID: number; secretKey: number }
  const request = Buffer.alloc(16)
  request.writeInt32BE(16, 0)
  request.writeInt32BE(80_877_102, 4)
  request.writeInt32BE(processID, 8)
  request.writeInt32BE(secretKey, 12)
  return new Promise((resolve) => {
    const socket = client.host.startsWith('/')
      ? connect(`${client.host}/.s.PGSQL.${client.port}`)
      : connect(client.port, client.host)
    socket.setTimeout(cancelTimeoutMs, () => socket.destroy())
    socket.on('error', () => {})
    socket.on('close', () => resolve())
    socket.resume()
    socket.end(request)
  })
}

const cancelTimeoutMs = 2_000
