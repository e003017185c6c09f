import pg from 'pg'

export interface ListenOptions {
  /** A connection of its own, past any transaction pooler: LISTEN belongs to a session. */
  readonly url: string
  readonly channel: string
  /** Called for each notification, and after each reconnection, as some may have been missed. */
  readonly onNotify: () => void
  /**
   * The pause before a connection that broke is tried again.
   * @default 1_000
   */
  readonly retryMs?: number
}

/**
 * Listens in the background until disposed. Never rejects: while there is no connection, nothing is
 * heard, so the caller must not depend on being called.
 */
export function listen({
  url,
  channel,
  onNotify,
  retryMs = 1_000,
}: ListenOptions): AsyncDisposable {
  let client: pg.Client | undefined
  let retry: NodeJS.Timeout | undefined
  let isClosed = false

  function connect() {
    const opened = new pg.Client({
      connectionString: url,
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
      application_name: 'loadline listen',
    })
    client = opened
    const onLost = () => {
      if (isClosed || client !== opened) return
      client = undefined
      opened.end().catch(() => {})
      retry = setTimeout(connect, retryMs)
      retry.unref()
    }
    opened.on('notification', onNotify)
    opened.on('error', onLost)
    opened.on('end', onLost)
    opened
      .connect()
      .then(() => opened.query(`LISTEN ${pg.escapeIdentifier(channel)}`))
      .then(onNotify, onLost)
  }

  connect()
  return {
    [Symbol.asyncDispose]: async () => {
      isClosed = true
      clearTimeout(retry)
      await client?.end().catch(() => {})
    },
  }
}
